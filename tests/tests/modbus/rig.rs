//! Rig: a line with a converter and a relay board, and the wire between them.

use std::time::Duration;

use building_sim::{ModbusUnits, Switched};
use reader_bus::{
    BusError, BusEvent, CardMap, Coil, InputMap, Justified, LineConfig, ModbusLine, ReaderIndex,
    Registers, UnitMap, Unlock, Uptime,
};

pub(crate) const CONVERTER: u8 = 1;
pub(crate) const BOARD: u8 = 9;
pub(crate) const AT_CONVERTER: ReaderIndex = ReaderIndex::new(0);
pub(crate) const AT_BOARD: ReaderIndex = ReaderIndex::new(1);
/// H10301 1:1.
pub(crate) const CARD: [u8; 4] = [0x80, 0x80, 0x00, 0x80];

pub(crate) struct Rig {
    pub(crate) line: ModbusLine,
    pub(crate) units: ModbusUnits,
    pub(crate) up: u64,
    pub(crate) wire: Vec<(u64, Vec<u8>)>,
    pub(crate) events: Vec<(u64, BusEvent)>,
    pub(crate) switched: Vec<(u64, Switched)>,
    /// What happens to the next answers: lost while more than none.
    pub(crate) lost: usize,
}

impl Rig {
    pub(crate) fn new() -> Self {
        let config = LineConfig {
            baud: 19_200,
            ..LineConfig::default()
        };
        let mut line = ModbusLine::new(config, vec![converter(), board()]).unwrap();
        line.line_up(Uptime::START);
        let mut rig = Self {
            line,
            units: ModbusUnits::new(&[CONVERTER, BOARD]),
            up: 0,
            wire: Vec::new(),
            events: Vec::new(),
            switched: Vec::new(),
            lost: 0,
        };
        rig.run_ms(500);
        rig
    }

    pub(crate) fn now(&self) -> Uptime {
        Uptime::from_micros(self.up)
    }

    pub(crate) fn run_ms(&mut self, ms: u64) {
        let end = self.up + ms * 1_000;
        loop {
            self.exchange();
            let due = self.line.poll_timeout().map(Uptime::micros);
            let wire = self.wire.first().map(|(due, _)| *due);
            let next = due
                .into_iter()
                .chain(wire)
                .min()
                .unwrap_or(end)
                .max(self.up + 1);
            if next > end {
                break;
            }
            self.up = next;
            self.line.handle_timeout(self.now());
        }
        self.up = end;
    }

    pub(crate) fn exchange(&mut self) {
        loop {
            let mut moved = false;
            while let Some(frame) = self.line.poll_transmit(self.now()) {
                let frame = frame.to_vec();
                let answer = self.units.handle_bytes(&frame);
                while let Some(switched) = self.units.poll_switched() {
                    self.switched.push((self.up, switched));
                }
                if self.lost > 0 && !answer.is_empty() {
                    self.lost -= 1;
                } else if !answer.is_empty() {
                    self.wire.push((self.up + 8_000, answer));
                }
                moved = true;
            }
            while self.wire.first().is_some_and(|(due, _)| *due <= self.up) {
                let (_, octets) = self.wire.remove(0);
                // Split anywhere is the same.
                let (first, second) = octets.split_at(octets.len() / 2);
                self.line.handle_bytes(first, self.now());
                self.line.handle_bytes(second, self.now());
                moved = true;
            }
            while let Some(event) = self.line.poll_event() {
                self.events.push((self.up, event));
            }
            if !moved {
                return;
            }
        }
    }

    pub(crate) fn unlock(
        &mut self,
        at: ReaderIndex,
        output: u8,
        ticket: u64,
    ) -> Result<(), BusError> {
        let expires = self.now() + Duration::from_secs(1);
        let unlock = Unlock {
            ticket,
            output,
            inverted: false,
            time_100ms: 20,
            expires,
        };
        let taken = self.line.unlock(at, unlock);
        self.exchange();
        taken
    }

    pub(crate) fn cards(&self) -> Vec<bool> {
        let live = |(_, event): &(u64, BusEvent)| {
            if let BusEvent::Card {
                live,
                bits,
                bit_count: 26,
                ..
            } = event
            {
                assert_eq!(bits.as_slice(), CARD);
                Some(*live)
            } else {
                None
            }
        };
        self.events.iter().filter_map(live).collect()
    }

    pub(crate) fn told(&self, wanted: &BusEvent) -> usize {
        self.events
            .iter()
            .filter(|(_, event)| event == wanted)
            .count()
    }
}

fn converter() -> UnitMap {
    UnitMap {
        address: CONVERTER,
        card: Some(CardMap {
            table: Registers::Input,
            sequence: 0,
            bit_count: 1,
            data: 2,
            words: 4,
            justified: Justified::Left,
            low_word_first: false,
        }),
        keys: None,
        inputs: Some(InputMap { first: 0, count: 2 }),
        coils: Vec::new(),
    }
}

/// Relay 0 goes off by itself, relay 1 has to be switched.
fn board() -> UnitMap {
    UnitMap {
        address: BOARD,
        card: None,
        keys: None,
        inputs: None,
        coils: vec![
            Coil {
                number: 0,
                timed: true,
            },
            Coil {
                number: 1,
                timed: false,
            },
        ],
    }
}
