//! The plan: the configuration in the site's words, numbers for names, keys from the key store.

use std::time::Duration;

use access::{DoorRules, PinLimit, ReaderId};
use key_store::KeyStore;
use reader_bus::{Address, Identity, InputMap, LineConfig, Scbk, Security, UnitMap};
use site::{DoorPlan, LinePlan, ReaderPlan, Site, SitePlan, Spoken, Strike};

use crate::config::{Config, Door, DoorClass, InputAt, Line, Protocol, Reader};
use crate::failure::Failure;
use crate::names::Names;

/// What `config` describes, for the site.
///
/// # Errors
/// [`Failure::Data`] if the key store cannot be read, or the register knows a name by no number.
pub(crate) fn draw(config: &Config, names: &Names, keys: &KeyStore) -> Result<SitePlan, Failure> {
    let drawing = Drawing {
        config,
        names,
        keys,
    };
    let lines = config
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| drawing.line(at, line));
    let doors = config.doors.iter().enumerate();
    let doors = doors.map(|(at, door)| drawing.door(at, door));
    Ok(SitePlan {
        feedback: config.feedback.clone(),
        lines: lines.collect::<Result<_, _>>()?,
        doors: doors.collect::<Result<_, _>>()?,
        areas: Vec::new(),
        pin_limit: PinLimit::default(),
    })
}

/// Tells `site` who its keyed readers are, as far as that is known.
///
/// # Errors
/// [`Failure::Data`] if the key store cannot be read.
pub(crate) fn pin(site: &mut Site, names: &Names, keys: &KeyStore) -> Result<(), Failure> {
    for (name, id) in names.readers() {
        let known = keys.reader_identity(id.get());
        if let Some(octets) = known.map_err(|cause| Failure::data("key store", cause))? {
            site.pin_reader(id, Identity::from_octets(octets))
                .map_err(|cause| Failure::data(format_args!("reader \"{name}\""), cause))?;
        }
    }
    Ok(())
}

struct Drawing<'a> {
    config: &'a Config,
    names: &'a Names,
    keys: &'a KeyStore,
}

impl Drawing<'_> {
    fn line(&self, at: usize, line: &Line) -> Result<LinePlan, Failure> {
        let readers = self
            .config
            .readers
            .iter()
            .filter(|reader| reader.line == at);
        let config = LineConfig {
            baud: line.baud,
            reply_timeout_ms: line.timing.reply_timeout_ms,
            inter_character_ms: line.timing.inter_character_ms,
            turnaround_ms: line.timing.turnaround_ms,
            grant_hold_ms: line.timing.grant_hold_ms,
        };
        Ok(LinePlan {
            id: numbered(self.names.line(&line.name), &line.name)?,
            config,
            spoken: match line.protocol {
                Protocol::Osdp => Spoken::Osdp,
                Protocol::WiegandAscii => Spoken::WiegandAscii(line.carriage.clone()),
                Protocol::WiegandModbus => Spoken::WiegandModbus(self.units(at)),
            },
            readers: readers
                .map(|reader| self.reader(reader))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The units of a Modbus line, in the order of its readers. Of their inputs as many are asked for as doors use.
    fn units(&self, line: usize) -> Vec<UnitMap> {
        let readers = self.config.readers.iter().enumerate();
        let units = readers.filter(|(_, reader)| reader.line == line);
        let units = units.map(|(position, reader)| {
            let doors = self.config.doors.iter();
            let used = doors.flat_map(|door| [door.contact, door.exit_button]);
            let used = used.flatten().filter(|input| input.reader == position);
            UnitMap {
                address: reader.address,
                card: reader.unit.card,
                keys: reader.unit.keys,
                inputs: used.map(|input| input.input).max().map(|last| InputMap {
                    first: reader.unit.first_input,
                    count: last.saturating_add(1),
                }),
                coils: reader.unit.coils.clone(),
            }
        });
        units.collect()
    }

    fn reader(&self, reader: &Reader) -> Result<ReaderPlan, Failure> {
        let id = numbered(self.names.reader(&reader.name), &reader.name)?;
        Ok(ReaderPlan {
            id,
            // A Modbus unit may have a larger number; its map has it.
            address: Address::new(reader.address).unwrap_or(Address::BROADCAST),
            security: self.security(reader, id)?,
            formats: reader.formats.clone(),
            keypad: reader.keypad,
            enrol: reader.enrol,
            into: None,
            out_of: None,
        })
    }

    fn security(&self, reader: &Reader, id: ReaderId) -> Result<Security, Failure> {
        if !reader.secure {
            return Ok(Security::Clear);
        }
        let unread = |cause| Failure::data("key store", cause);
        let key = self.keys.reader_key(id.get()).map_err(unread)?;
        let next = self.keys.next_reader_key(id.get()).map_err(unread)?;
        let old = key.map(|key| Scbk::new(*key));
        Ok(match (next, old) {
            (Some(new), old) => Security::Between {
                new: Scbk::new(*new),
                old,
            },
            (None, Some(key)) => Security::Keyed(key),
            (None, None) => Security::NoKey,
        })
    }

    fn door(&self, at: usize, door: &Door) -> Result<DoorPlan, Failure> {
        let readers = door.readers.iter().map(|at| self.reader_at(*at));
        let groups = self.config.groups.iter();
        let groups = groups.filter(|group| group.doors.contains(&at));
        let groups = groups.map(|group| numbered(self.names.group(&group.name), &group.name));
        let input = |input: Option<InputAt>| input.map(|input| self.input(input)).transpose();
        Ok(DoorPlan {
            id: numbered(self.names.door(&door.name), &door.name)?,
            entry: readers.collect::<Result<_, _>>()?,
            strike: Strike {
                reader: self.reader_at(door.strike.reader)?,
                output: door.strike.output,
                inverted: false,
            },
            open_for: door.open_for,
            contact: input(door.contact)?,
            exit_button: input(door.exit_button)?,
            held_after: door.held_after,
            warn_before_held: None,
            relock_on_close: false,
            debounce: Duration::ZERO,
            class: match door.class {
                DoorClass::Standard => site::DoorClass::Standard,
                DoorClass::Strict => site::DoorClass::Strict,
            },
            rules: DoorRules::of_mode(door.mode),
            groups: groups.collect::<Result<_, _>>()?,
        })
    }

    fn input(&self, input: InputAt) -> Result<site::InputAt, Failure> {
        Ok(site::InputAt {
            reader: self.reader_at(input.reader)?,
            input: input.input,
            inverted: false,
        })
    }

    fn reader_at(&self, at: usize) -> Result<ReaderId, Failure> {
        let name = self
            .config
            .readers
            .get(at)
            .map_or("", |reader| reader.name.as_str());
        numbered(self.names.reader(name), name)
    }
}

fn numbered<N>(number: Option<N>, name: &str) -> Result<N, Failure> {
    number.ok_or_else(|| Failure::Data(format!("register: \"{name}\" has no number")))
}
