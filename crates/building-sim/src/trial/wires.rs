//! The lines of a trial: how long octets travel, what happens to them, and the readers at the end.

use std::collections::BTreeSet;
use std::time::Duration;

use access::{CardBits, DoorId, DoorMode, DoorRules, FormatSet, LineId, PinLimit, ReaderId};
use firmware_protocol::Address;
use firmware_protocol::command::OutputAction;
use firmware_protocol::pd::PdEvent;
use firmware_protocol::secure::Scbk;
use reader_bus::{Feedback, Keypad, LineConfig, Security};
use site::{DoorClass, DoorPlan, LinePlan, ReaderPlan, SitePlan, Spoken, Strike};

use super::broken::Broken;
use crate::dice::Dice;
use crate::multidrop::Multidrop;

/// Every line and what hangs on it.
pub(super) struct Wires {
    wires: Vec<Wire>,
    unplugged: BTreeSet<(LineId, Address)>,
    noise_one_in: Option<u64>,
    dice: Dice,
}

/// One line. The reader at an address has the id of its place in the house, and so has its door.
struct Wire {
    id: LineId,
    readers: Multidrop,
    places: Vec<(Address, u16, [u8; 16])>,
}

impl Wires {
    /// Lays the lines and hangs the readers.
    pub(super) fn lay(
        lines: u8,
        readers_per_line: u8,
        noise_one_in: Option<u64>,
        mut dice: Dice,
    ) -> Result<Self, Broken> {
        let mut place: u16 = 0;
        let mut wires = Vec::new();
        for line in 0..lines {
            let mut places = Vec::new();
            for address in 0..readers_per_line {
                let address = Address::new(address).ok_or(Broken::TooMuch("readers"))?;
                let mut key = [0; 16];
                dice.throw_octets(&mut key);
                places.push((address, place, key));
                place = place.checked_add(1).ok_or(Broken::TooMuch("readers"))?;
            }
            let pds = places
                .iter()
                .map(|(address, _, key)| (*address, Some(Scbk::new(*key))));
            wires.push(Wire {
                id: LineId::new(line),
                readers: Multidrop::new(pds.collect(), dice.split()),
                places,
            });
        }
        Ok(Self {
            wires,
            unplugged: BTreeSet::new(),
            noise_one_in,
            dice,
        })
    }

    /// Every line.
    pub(super) fn lines(&self) -> Vec<LineId> {
        self.wires.iter().map(|wire| wire.id).collect()
    }

    /// Every door.
    pub(super) fn doors(&self) -> Vec<DoorId> {
        let places = self.wires.iter().flat_map(|wire| &wire.places);
        places.map(|(_, place, _)| DoorId::new(*place)).collect()
    }

    /// The house as the site is told of it.
    pub(super) fn plan(&self) -> Result<SitePlan, Broken> {
        let lines = self
            .wires
            .iter()
            .map(Wire::plan)
            .collect::<Result<_, _>>()?;
        let doors = self.doors().into_iter().map(door).collect();
        let feedback = Feedback::default();
        Ok(SitePlan {
            lines,
            doors,
            areas: Vec::new(),
            pin_limit: PinLimit::default(),
            feedback,
        })
    }

    /// A frame leaves the controller: when it has arrived, and what of it.
    pub(super) fn leaves_controller(&mut self, frame: Vec<u8>) -> (Duration, Vec<u8>) {
        (travel(&frame), self.weather(frame))
    }

    /// Octets have arrived at the readers: what they answer, when that has arrived, and what of it.
    pub(super) fn at_readers(
        &mut self,
        line: LineId,
        octets: &[u8],
    ) -> Option<(Duration, Vec<u8>)> {
        let wire = self.wires.iter_mut().find(|wire| wire.id == line)?;
        let answer = wire.readers.handle_bytes(octets);
        // Each burst is one frame: what is left of a damaged one gets no continuation.
        wire.readers.handle_gap();
        (!answer.is_empty()).then(|| (TURNAROUND + travel(&answer), self.weather(answer)))
    }

    /// The next strike that a reader has released.
    pub(super) fn poll_unlock(&mut self) -> Option<DoorId> {
        self.wires.iter_mut().find_map(Wire::poll_unlock)
    }

    /// A card is shown at any reader; false if that reader had no room for it.
    pub(super) fn show(&mut self, card: &CardBits) -> bool {
        let Some((line, address)) = self.anywhere() else {
            return false;
        };
        let wire = self.wires.iter_mut().find(|wire| wire.id == line);
        wire.is_some_and(|wire| {
            wire.readers
                .present(address, card.bits(), card.count())
                .is_ok()
        })
    }

    /// Any reader loses its plug; which one.
    pub(super) fn unplug(&mut self) -> Option<(LineId, Address)> {
        let (line, address) = self.anywhere()?;
        if !self.unplugged.insert((line, address)) {
            return None;
        }
        self.set_plugged(line, address, false);
        Some((line, address))
    }

    /// A reader gets its plug back.
    pub(super) fn plug_in(&mut self, line: LineId, address: Address) {
        if self.unplugged.remove(&(line, address)) {
            self.set_plugged(line, address, true);
        }
    }

    /// Every reader gets its plug back.
    pub(super) fn plug_in_all(&mut self) {
        for (line, address) in std::mem::take(&mut self.unplugged) {
            self.set_plugged(line, address, true);
        }
    }

    fn set_plugged(&mut self, line: LineId, address: Address, plugged: bool) {
        for wire in self.wires.iter_mut().filter(|wire| wire.id == line) {
            wire.readers.set_plugged(address, plugged);
        }
    }

    /// Any reader on any line.
    fn anywhere(&mut self) -> Option<(LineId, Address)> {
        let wire = self.dice.pick(&self.wires)?;
        let (address, _, _) = self.dice.pick(&wire.places)?;
        Some((wire.id, *address))
    }

    /// Noise: once in a while an octet is flipped, lost or added.
    fn weather(&mut self, mut octets: Vec<u8>) -> Vec<u8> {
        let Some(one_in) = self.noise_one_in else {
            return octets;
        };
        let count = u64::try_from(octets.len()).unwrap_or(0);
        let at = usize::try_from(self.dice.below(count)).unwrap_or(0);
        if at < octets.len() && self.dice.one_in(one_in) {
            match self.dice.below(3) {
                0 => octets.truncate(at),
                1 => octets.insert(at, self.dice.throw().to_le_bytes()[0]),
                _ => octets
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|octet| *octet ^= 0x10),
            }
        }
        octets
    }
}

impl Wire {
    fn plan(&self) -> Result<LinePlan, Broken> {
        let mut readers = Vec::new();
        for (address, place, key) in &self.places {
            readers.push(ReaderPlan {
                id: ReaderId::new(*place),
                address: *address,
                security: Security::Keyed(Scbk::new(*key)),
                formats: FormatSet::from_names(&["H10301"])
                    .map_err(|_| Broken::TooMuch("formats"))?,
                keypad: Keypad::None,
                enrol: false,
                into: None,
                out_of: None,
                exit: false,
            });
        }
        let config = LineConfig {
            baud: BAUD,
            ..LineConfig::default()
        };
        Ok(LinePlan {
            id: self.id,
            config,
            spoken: Spoken::Osdp,
            readers,
        })
    }

    fn poll_unlock(&mut self) -> Option<DoorId> {
        while let Some(happening) = self.readers.poll_event() {
            if let PdEvent::Output(control) = happening.event
                && control.action == OutputAction::TimedOn
            {
                let here =
                    |(address, _, _): &&(Address, u16, [u8; 16])| *address == happening.address;
                return self
                    .places
                    .iter()
                    .find(here)
                    .map(|(_, place, _)| DoorId::new(*place));
            }
        }
        None
    }
}

/// A door whose reader has the same number and drives its strike.
fn door(id: DoorId) -> DoorPlan {
    let reader = ReaderId::new(id.get());
    DoorPlan {
        id,
        entry: vec![reader],
        strike: Strike::active(reader, 0),
        open_for: Duration::from_secs(5),
        contact: None,
        exit_button: None,
        held_after: Duration::from_secs(30),
        warn_before_held: None,
        relock_on_close: false,
        debounce: Duration::ZERO,
        class: if id.get().is_multiple_of(2) {
            DoorClass::Standard
        } else {
            DoorClass::Strict
        },
        rules: DoorRules::of_mode(DoorMode::Card),
        groups: Vec::new(),
    }
}

/// How long octets are on the wire.
fn travel(octets: &[u8]) -> Duration {
    let bits = u32::try_from(octets.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(10);
    Duration::from_secs(1).saturating_mul(bits) / BAUD
}

const BAUD: u32 = 115_200;
/// What readers take to begin their answer (OSDP 2.2: nominally 3 ms).
const TURNAROUND: Duration = Duration::from_millis(3);
