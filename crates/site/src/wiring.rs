//! Wiring: which reader sits where and asks for which door, once the plan has been found sound.

use std::collections::BTreeMap;
use std::time::Duration;

use access::{DoorId, DoorMode, DoorRules, FormatSet, Level, LineId, ReaderId, Trust};
use reader_bus::{
    AsciiConfig, AsciiLine, Bus, Entropy, Keypad, Line, ModbusLine, Protocol, ReaderConfig,
    ReaderIndex,
};

use crate::error::SiteError;
use crate::plan::{DoorClass, DoorPlan, LinePlan, ReaderPlan, Spoken};

/// One line as it runs, and the readers on it in the order the bus counts them.
pub(crate) struct WiredLine {
    pub(crate) id: LineId,
    pub(crate) line: Line,
    pub(crate) readers: Vec<ReaderId>,
}

/// One reader and where it sits.
#[derive(Debug)]
pub(crate) struct WiredReader {
    /// The place of its line among the lines.
    pub(crate) line: usize,
    /// Its place on that line.
    pub(crate) index: ReaderIndex,
    /// What is spoken there.
    pub(crate) protocol: Protocol,
    /// The card formats it reads.
    pub(crate) formats: FormatSet,
    /// How a keypad behind its wires tells keys.
    pub(crate) keypad: Keypad,
    /// Whether cards may be presented for activation.
    pub(crate) enrol: bool,
    /// How far its word is believed.
    trust: Trust,
    /// The door it asks for.
    pub(crate) door: Option<DoorId>,
}

/// All lines and readers.
pub(crate) struct Wiring {
    pub(crate) lines: Vec<WiredLine>,
    pub(crate) readers: BTreeMap<ReaderId, WiredReader>,
}

impl Wiring {
    /// Builds the lines of a plan.
    pub(crate) fn new(
        plans: Vec<LinePlan>,
        entropy: &mut dyn FnMut(LineId) -> Box<dyn Entropy>,
    ) -> Result<Self, SiteError> {
        let mut wiring = Self {
            lines: Vec::with_capacity(plans.len()),
            readers: BTreeMap::new(),
        };
        for plan in plans {
            wiring.add_line(plan, entropy)?;
        }
        Ok(wiring)
    }

    /// Binds a door to its readers, after everything it names has been found to be there.
    pub(crate) fn bind(&mut self, door: &DoorPlan) -> Result<(), SiteError> {
        self.check(door)?;
        if let Some(reader) = self.imitable(door).filter(|_| !wants_each_pin(&door.rules)) {
            return Err(SiteError::StrictDoorImitable {
                door: door.id,
                reader,
            });
        }
        for reader in &door.entry {
            let wired = self.readers.get_mut(reader);
            let wired = wired.ok_or(SiteError::DoorReader {
                door: door.id,
                reader: *reader,
            })?;
            if wired.door.replace(door.id).is_some() {
                return Err(SiteError::ReaderOfTwoDoors { reader: *reader });
            }
        }
        Ok(())
    }

    /// The reader at which a copied card would open a strict door, if it has one: a Wiegand reader, or one that speaks in clear.
    pub(crate) fn imitable(&self, door: &DoorPlan) -> Option<ReaderId> {
        let is_imitable = |reader: &&ReaderId| {
            let wired = self.readers.get(reader);
            wired.is_some_and(|wired| wired.trust == Trust::Low)
        };
        let strict = (door.class == DoorClass::Strict).then_some(&door.entry);
        strict.into_iter().flatten().find(is_imitable).copied()
    }

    /// The place of a line among the lines.
    pub(crate) fn line_at(&self, id: LineId) -> Option<usize> {
        self.lines.iter().position(|line| line.id == id)
    }

    /// The reader at a place of a line.
    pub(crate) fn reader_at(&self, line: usize, index: ReaderIndex) -> Option<ReaderId> {
        self.lines
            .get(line)?
            .readers
            .get(usize::from(index.get()))
            .copied()
    }

    /// The line of a reader and its place there.
    pub(crate) fn line_of(&mut self, reader: ReaderId) -> Option<(&mut Line, ReaderIndex)> {
        let wired = self.readers.get(&reader)?;
        let line = self.lines.get_mut(wired.line)?;
        Some((&mut line.line, wired.index))
    }

    fn add_line(
        &mut self,
        plan: LinePlan,
        entropy: &mut dyn FnMut(LineId) -> Box<dyn Entropy>,
    ) -> Result<(), SiteError> {
        let id = plan.id;
        if self.line_at(id).is_some() {
            return Err(SiteError::LineTwice { line: id });
        }
        let mut readers = Vec::with_capacity(plan.readers.len());
        let mut configs = Vec::with_capacity(plan.readers.len());
        for reader in plan.readers {
            readers.push(reader.id);
            configs.push(self.add_reader(reader, plan.spoken.protocol(), readers.len())?);
        }
        let line = match plan.spoken {
            Spoken::Osdp => Bus::new(plan.config, configs, entropy(id)).map(Line::Osdp),
            Spoken::WiegandAscii(pushed) if configs.len() == 1 => {
                // What is patient enough for OSDP would break readings off behind a USB adapter.
                let inter_character_ms = plan
                    .config
                    .inter_character_ms
                    .max(pushed.inter_character_ms);
                AsciiLine::new(AsciiConfig {
                    inter_character_ms,
                    ..pushed
                })
                .map(Line::Ascii)
            }
            Spoken::WiegandModbus(units) if units.len() == configs.len() => {
                ModbusLine::new(plan.config, units).map(Line::Modbus)
            }
            Spoken::WiegandAscii(_) | Spoken::WiegandModbus(_) => {
                return Err(SiteError::ReaderCount {
                    line: id,
                    found: configs.len(),
                });
            }
        };
        let line = line.map_err(|error| SiteError::Line { line: id, error })?;
        self.lines.push(WiredLine { id, line, readers });
        Ok(())
    }

    /// Adds a reader to the line that comes next, as the `count`th on it.
    fn add_reader(
        &mut self,
        plan: ReaderPlan,
        protocol: Protocol,
        count: usize,
    ) -> Result<ReaderConfig, SiteError> {
        let index = u8::try_from(count.saturating_sub(1)).unwrap_or(u8::MAX);
        let wired = WiredReader {
            line: self.lines.len(),
            index: ReaderIndex::new(index),
            trust: plan.rules(protocol).trust,
            protocol,
            formats: plan.formats,
            keypad: plan.keypad,
            enrol: plan.enrol,
            door: None,
        };
        match self.readers.insert(plan.id, wired) {
            Some(_) => Err(SiteError::ReaderTwice { reader: plan.id }),
            None => Ok(ReaderConfig {
                address: plan.address,
                security: plan.security,
            }),
        }
    }

    fn check(&self, door: &DoorPlan) -> Result<(), SiteError> {
        let inputs = door
            .contact
            .iter()
            .chain(&door.exit_button)
            .map(|input| input.reader);
        if let Some(reader) = inputs
            .into_iter()
            .find(|reader| !self.readers.contains_key(reader))
        {
            return Err(SiteError::DoorReader {
                door: door.id,
                reader,
            });
        }
        let strike = door.strike.reader;
        match self.readers.get(&strike).map(|wired| wired.protocol) {
            Some(Protocol::WiegandModbus) if door.strike.inverted => {
                return Err(SiteError::InvertedStrike {
                    door: door.id,
                    reader: strike,
                });
            }
            Some(Protocol::Osdp | Protocol::WiegandModbus) => {}
            Some(Protocol::WiegandAscii) => {
                return Err(SiteError::Strike {
                    door: door.id,
                    reader: strike,
                });
            }
            None => {
                return Err(SiteError::DoorReader {
                    door: door.id,
                    reader: strike,
                });
            }
        }
        match time_100ms(door.open_for) {
            Some(_) => Ok(()),
            None => Err(SiteError::OpenFor {
                door: door.id,
                found_ms: door.open_for.as_millis(),
            }),
        }
    }
}

/// Whether everyone who is let in at a reader that can be imitated has typed a PIN.
fn wants_each_pin(rules: &DoorRules) -> bool {
    rules.level == Level::Limited && rules.mode != DoorMode::Unlocked
}

/// A time as an output counts it, in 100 ms; `None` below one or beyond 65,535 of them.
pub(crate) fn time_100ms(time: Duration) -> Option<u16> {
    u16::try_from(time.as_millis() / 100)
        .ok()
        .filter(|units| *units > 0)
}
