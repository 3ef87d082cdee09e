//! Map: where a Modbus unit keeps its readings, its inputs and its relays.

use std::fmt;

/// One unit of a Modbus line: a Wiegand converter, a relay board, or both in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitMap {
    /// Its unit id, 1 to 247.
    pub address: u8,
    /// Where its readings are; `None` for a unit that reads no cards.
    pub card: Option<CardMap>,
    /// Where the keys of its keypad are.
    pub keys: Option<KeyMap>,
    /// Its inputs.
    pub inputs: Option<InputMap>,
    /// Its relays that are strikes.
    pub coils: Vec<Coil>,
}

/// Registers of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardMap {
    /// In which table they stand.
    pub table: Registers,
    /// The register that is another number after each reading.
    pub sequence: u16,
    /// The register with the bit count, 0 for none.
    pub bit_count: u16,
    /// The first register of the bits.
    pub data: u16,
    /// How many registers the bits have, 1 to 16.
    pub words: u8,
    /// On which side of these registers the bits stand.
    pub justified: Justified,
    /// Whether the register with the first bits is the last one.
    pub low_word_first: bool,
}

/// Registers of a keypad, in the table of the readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyMap {
    /// The register that is another number after each key.
    pub sequence: u16,
    /// The register with the key: ASCII, or 0 to 9, 10 for `*`, 11 for `#`.
    pub key: u16,
}

/// Discrete inputs: contacts and buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputMap {
    /// The first.
    pub first: u16,
    /// How many, 1 to 64.
    pub count: u8,
}

/// A table of registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registers {
    /// Input registers, function 04.
    Input,
    /// Holding registers, function 03.
    Holding,
}

/// Where bits stand in more room than they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Justified {
    /// The first bit is the first of the registers.
    Left,
    /// The last bit is the last of the registers, as in a number.
    Right,
}

/// One relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coil {
    /// Its number.
    pub number: u8,
    /// Whether the board switches it off by itself: told to flash on for a time (function 05 at 0200 hex and its number,
    /// the time in 100 ms). Otherwise the controller switches it on and off, and a strike outlives a dead controller.
    pub timed: bool,
}

impl CardMap {
    /// The first register that is asked for, and how many.
    pub(super) fn span(&self, keys: Option<KeyMap>) -> (u16, u16) {
        let last_data = self.data.saturating_add(u16::from(self.words.max(1)) - 1);
        let own = [self.sequence, self.bit_count, self.data, last_data];
        let keys = keys.map(|keys| [keys.sequence, keys.key]);
        let all = || own.into_iter().chain(keys.into_iter().flatten());
        let first = all().min().unwrap_or_default();
        let last = all().max().unwrap_or_default();
        (first, (last - first).saturating_add(1))
    }

    /// The bits, left-justified, and their count; `None` for a count that does not fit, or for none.
    pub(super) fn bits(&self, registers: &impl Fn(u16) -> Option<u16>) -> Option<(Vec<u8>, u16)> {
        let count = registers(self.bit_count)?;
        let room = u16::from(self.words) * 16;
        if count == 0 || count > room {
            return None;
        }
        let words = 0..u16::from(self.words);
        let words = words.map(|word| registers(self.data.checked_add(word)?));
        let mut words = words.collect::<Option<Vec<u16>>>()?;
        if self.low_word_first {
            words.reverse();
        }
        let all = words
            .iter()
            .flat_map(|word| (0..16).rev().map(move |place| word >> place & 1 == 1));
        let skipped = match self.justified {
            Justified::Left => 0,
            Justified::Right => room - count,
        };
        let bits: Vec<bool> = all
            .skip(usize::from(skipped))
            .take(usize::from(count))
            .collect();
        let octets = bits.chunks(8).map(|eight| {
            let octet = eight
                .iter()
                .fold(0, |octet, bit| octet << 1 | u8::from(*bit));
            octet << (8 - eight.len())
        });
        Some((octets.collect(), count))
    }
}

impl KeyMap {
    /// The key's character.
    pub(super) fn key(&self, code: u16) -> Option<u8> {
        match u8::try_from(code).ok()? {
            digit @ 0..=9 => Some(b'0' + digit),
            10 => Some(b'*'),
            11 => Some(b'#'),
            key @ (b'0'..=b'9' | b'*' | b'#') => Some(key),
            _ => None,
        }
    }
}

impl UnitMap {
    /// Refuses a map that no unit can have.
    pub(super) fn check(&self) -> Result<(), MapError> {
        let address = self.address;
        let refused = |what| Err(MapError { address, what });
        if !(1..=UNIT_MAX).contains(&address) {
            return refused("a unit id is 1 to 247");
        }
        if let Some(card) = &self.card {
            if !(1..=WORDS_MAX).contains(&card.words) {
                return refused("the bits of a card have 1 to 16 registers");
            }
            if card.data.checked_add(u16::from(card.words) - 1).is_none() {
                return refused("the registers run over 65535");
            }
            if card.span(self.keys).1 > REGISTERS_MAX {
                return refused("the registers lie further apart than one question reaches, 125");
            }
        } else if self.keys.is_some() {
            return refused(
                "keys stand in the table of the readings, so a keypad needs a card map",
            );
        }
        if self
            .inputs
            .is_some_and(|inputs| !(1..=INPUTS_MAX).contains(&inputs.count))
        {
            return refused("a unit has 1 to 64 inputs");
        }
        let twice = |(at, coil): (usize, &Coil)| {
            self.coils
                .iter()
                .take(at)
                .any(|other| other.number == coil.number)
        };
        if self.coils.iter().enumerate().any(twice) {
            return refused("a coil is there twice");
        }
        if self.card.is_none() && self.inputs.is_none() && self.coils.is_empty() {
            return refused("the unit has nothing to ask for");
        }
        Ok(())
    }
}

/// A map that no unit can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapError {
    /// The unit.
    pub address: u8,
    /// What is wrong, and what would be right.
    pub what: &'static str,
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "modbus unit {}: {}", self.address, self.what)
    }
}

/// Modbus over Serial Line 1.02, 2.2: 248 to 255 are reserved.
const UNIT_MAX: u8 = 247;
/// 256 bits.
const WORDS_MAX: u8 = 16;
/// Modbus Application Protocol 1.1b3, 6.3: most registers of one question.
const REGISTERS_MAX: u16 = 125;
const INPUTS_MAX: u8 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const CARD: CardMap = CardMap {
        table: Registers::Input,
        sequence: 0,
        bit_count: 1,
        data: 2,
        words: 4,
        justified: Justified::Left,
        low_word_first: false,
    };

    fn unit() -> UnitMap {
        UnitMap {
            address: 1,
            card: Some(CARD),
            keys: Some(KeyMap {
                sequence: 8,
                key: 9,
            }),
            inputs: Some(InputMap { first: 0, count: 2 }),
            coils: vec![Coil {
                number: 0,
                timed: true,
            }],
        }
    }

    fn bits(map: CardMap, registers: &[u16]) -> Option<(Vec<u8>, u16)> {
        map.bits(&|at| registers.get(usize::from(at)).copied())
    }

    #[test]
    fn bits_are_read_from_either_side_and_in_either_order() {
        let h10301 = Some((vec![0x80, 0x98, 0x1C, 0xC0], 26));
        assert_eq!(bits(CARD, &[7, 26, 0x8098, 0x1CC0, 0, 0]), h10301);
        let right = CardMap {
            justified: Justified::Right,
            ..CARD
        };
        // The 26 bits as a number: 0202_6073.
        assert_eq!(bits(right, &[7, 26, 0, 0, 0x0202, 0x6073]), h10301);
        let low_first = CardMap {
            low_word_first: true,
            ..right
        };
        assert_eq!(bits(low_first, &[7, 26, 0x6073, 0x0202, 0, 0]), h10301);
    }

    #[test]
    fn a_count_that_does_not_fit_is_no_card() {
        assert_eq!(bits(CARD, &[7, 0, 1, 1, 1, 1]), None);
        assert_eq!(bits(CARD, &[7, 65, 1, 1, 1, 1]), None);
        assert_eq!(bits(CARD, &[7, 26]), None, "registers that are not there");
    }

    #[test]
    fn one_question_spans_all_registers() {
        assert_eq!(CARD.span(None), (0, 6));
        assert_eq!(
            CARD.span(Some(KeyMap {
                sequence: 100,
                key: 101
            })),
            (0, 102)
        );
    }

    #[test]
    fn maps_that_no_unit_has_are_refused() {
        assert!(unit().check().is_ok());
        let refused: [&dyn Fn(&mut UnitMap); 8] = [
            &|unit| unit.address = 0,
            &|unit| unit.address = 248,
            &|unit| unit.card = Some(CardMap { words: 0, ..CARD }),
            &|unit| {
                unit.card = Some(CardMap {
                    data: 65_533,
                    ..CARD
                })
            },
            &|unit| unit.card = Some(CardMap { data: 200, ..CARD }),
            &|unit| unit.card = None,
            &|unit| {
                unit.inputs = Some(InputMap {
                    first: 0,
                    count: 65,
                })
            },
            &|unit| {
                unit.coils.push(Coil {
                    number: 0,
                    timed: false,
                })
            },
        ];
        for (at, change) in refused.iter().enumerate() {
            let mut unit = unit();
            change(&mut unit);
            assert!(unit.check().is_err(), "{at}");
        }
    }

    #[test]
    fn keys_come_as_numbers_or_as_characters() {
        let map = KeyMap {
            sequence: 0,
            key: 1,
        };
        let keys = [0, 9, 10, 11, 12, 0x35, 0x2A, 0x41, 0x135].map(|code| map.key(code));
        let told = [
            Some(b'0'),
            Some(b'9'),
            Some(b'*'),
            Some(b'#'),
            None,
            Some(b'5'),
            Some(b'*'),
            None,
            None,
        ];
        assert_eq!(keys, told);
    }
}
