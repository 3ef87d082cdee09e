//! Frames of Modbus RTU: questions as octets, and answers out of whatever the line delivered.
//!
//! Questions are written by `rmodbus`. One is ours: "flash on", function 05 with a time for a value, which relay boards have
//! beside the two values of the standard. Answers are checked here, octet by octet, since a line delivers anything.

use rmodbus::ModbusProto;
use rmodbus::client::ModbusRequest;

use crate::modbus::map::Registers;

/// A question to one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Query {
    /// Registers, function 03 or 04.
    Registers {
        table: Registers,
        first: u16,
        count: u16,
    },
    /// Discrete inputs, function 02.
    Inputs { first: u16, count: u16 },
    /// Coils, function 01.
    Coils { first: u16, count: u16 },
    /// A coil on or off, function 05.
    Switch { coil: u16, on: bool },
    /// A coil on for a time, function 05 at 0200 hex and its number.
    Flash { coil: u16, time_100ms: u16 },
}

/// What octets are to a question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// The beginning of an answer, or nothing.
    Partial,
    /// The first octet begins no answer.
    Noise,
    /// An answer of so many octets.
    Answer(usize, Answer),
}

/// What a unit answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Registers, in order.
    Registers(Vec<u16>),
    /// Levels, in order.
    Levels(Vec<bool>),
    /// Done as told.
    Done,
    /// Refused, with the code of the exception.
    Exception(u8),
}

impl Query {
    /// The question's octets; empty only if it asks for more than a frame holds.
    pub(super) fn encode(self, unit: u8) -> Vec<u8> {
        let mut octets = Vec::with_capacity(REQUEST_LEN);
        let mut request = ModbusRequest::new(unit, ModbusProto::Rtu);
        let made = match self {
            Self::Registers {
                table: Registers::Input,
                first,
                count,
            } => request.generate_get_inputs(first, count, &mut octets),
            Self::Registers {
                table: Registers::Holding,
                first,
                count,
            } => request.generate_get_holdings(first, count, &mut octets),
            Self::Inputs { first, count } => {
                request.generate_get_discretes(first, count, &mut octets)
            }
            Self::Coils { first, count } => request.generate_get_coils(first, count, &mut octets),
            Self::Switch { coil, on } => request.generate_set_coil(coil, on, &mut octets),
            Self::Flash { coil, time_100ms } => {
                octets.extend(flash(unit, coil, time_100ms));
                Ok(())
            }
        };
        if made.is_err() {
            octets.clear();
        }
        octets
    }

    /// Whether `octets` begin with an answer of `unit` to this question.
    pub(super) fn look(self, unit: u8, octets: &[u8]) -> Look {
        let Some(len) = self.answer_len(unit, octets) else {
            return Look::Noise;
        };
        let Some(frame) = octets.get(..len) else {
            return Look::Partial;
        };
        match self.answer(unit, frame) {
            Some(answer) => Look::Answer(len, answer),
            None => Look::Noise,
        }
    }

    /// How long an answer that begins so would be, at least what is there and one more; `None` if it cannot be one.
    fn answer_len(self, unit: u8, octets: &[u8]) -> Option<usize> {
        let [first, rest @ ..] = octets else {
            return Some(1);
        };
        if *first != unit {
            return None;
        }
        let [function, rest @ ..] = rest else {
            return Some(2);
        };
        if *function == self.function() | EXCEPTION {
            return Some(EXCEPTION_LEN);
        }
        if *function != self.function() {
            return None;
        }
        let Some(wanted) = self.data_len() else {
            return Some(REQUEST_LEN);
        };
        match rest {
            [count, ..] if usize::from(*count) != wanted => None,
            [..] => Some(ANSWER_OVERHEAD + wanted),
        }
    }

    /// The answer in a whole frame; `None` if its CRC is wrong or it answers something else.
    fn answer(self, unit: u8, frame: &[u8]) -> Option<Answer> {
        if let [_, function, code, ..] = frame
            && function & EXCEPTION != 0
        {
            return is_sound(frame).then_some(Answer::Exception(*code));
        }
        match self {
            Self::Switch { .. } | Self::Flash { .. } => {
                (frame == self.encode(unit)).then_some(Answer::Done)
            }
            Self::Registers { count, .. } => {
                let words = Self::data(frame)?.as_chunks::<2>().0;
                let words: Vec<u16> = words.iter().map(|word| u16::from_be_bytes(*word)).collect();
                (words.len() == usize::from(count)).then_some(Answer::Registers(words))
            }
            Self::Inputs { count, .. } | Self::Coils { count, .. } => {
                let octets = Self::data(frame)?.iter();
                let levels = octets.flat_map(|octet| (0..8).map(move |at| octet >> at & 1 == 1));
                Some(Answer::Levels(levels.take(usize::from(count)).collect()))
            }
        }
    }

    fn data(frame: &[u8]) -> Option<&[u8]> {
        let body = frame.get(3..frame.len().checked_sub(2)?)?;
        is_sound(frame).then_some(body)
    }

    const fn function(self) -> u8 {
        match self {
            Self::Coils { .. } => 1,
            Self::Inputs { .. } => 2,
            Self::Registers {
                table: Registers::Holding,
                ..
            } => 3,
            Self::Registers {
                table: Registers::Input,
                ..
            } => 4,
            Self::Switch { .. } | Self::Flash { .. } => 5,
        }
    }

    /// Octets of data in the answer; `None` if it repeats the question.
    fn data_len(self) -> Option<usize> {
        match self {
            Self::Registers { count, .. } => Some(usize::from(count) * 2),
            Self::Inputs { count, .. } | Self::Coils { count, .. } => {
                Some(usize::from(count).div_ceil(8))
            }
            Self::Switch { .. } | Self::Flash { .. } => None,
        }
    }
}

/// "Flash on": the same frame as a write of a holding register but for its function.
fn flash(unit: u8, coil: u16, time_100ms: u16) -> Vec<u8> {
    let at = FLASH_AT.saturating_add(coil);
    let ([at_high, at_low], [high, low]) = (at.to_be_bytes(), time_100ms.to_be_bytes());
    let body = [unit, 5, at_high, at_low, high, low];
    let crc = CRC.checksum(&body).to_le_bytes();
    [&body[..], &crc[..]].concat()
}

/// Whether a frame's CRC is right: over a frame with its own CRC it is zero.
fn is_sound(frame: &[u8]) -> bool {
    CRC.checksum(frame) == 0
}

/// Modbus over Serial Line 1.02, 6.2.2.
const CRC: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_MODBUS);
const EXCEPTION: u8 = 0x80;
const EXCEPTION_LEN: usize = 5;
/// Unit, function, count; CRC.
const ANSWER_OVERHEAD: usize = 5;
const REQUEST_LEN: usize = 8;
/// Where relay boards take "flash on".
const FLASH_AT: u16 = 0x0200;

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (Query, Vec<u8>, Vec<u8>, Answer);

    /// Question, its octets, the answer's octets, the answer. CRCs worked out with another implementation.
    fn table() -> Vec<Row> {
        let inputs = Query::Registers {
            table: Registers::Input,
            first: 0x0008,
            count: 1,
        };
        let holdings = Query::Registers {
            table: Registers::Holding,
            first: 0x006B,
            count: 3,
        };
        let nine = vec![true, false, false, false, false, false, false, false, true];
        let read = vec![
            // Unit 11, input register 9: 000A. Holding registers 108 to 110: 022B 0000 0064.
            (
                inputs,
                hex("0B 04 0008 0001 B0A2"),
                hex("0B 04 02 000A A136"),
                Answer::Registers(vec![0x000A]),
            ),
            (
                holdings,
                hex("0B 03 006B 0003 74BD"),
                hex("0B 03 06 022B 0000 0064 7BDA"),
                Answer::Registers(vec![0x022B, 0, 0x64]),
            ),
            // Two inputs from 0: the second is active.
            (
                Query::Inputs { first: 0, count: 2 },
                hex("0B 02 0000 0002 F961"),
                hex("0B 02 01 02 2391"),
                Answer::Levels(vec![false, true]),
            ),
            // Nine coils from 0: the first and the last are on.
            (
                Query::Coils { first: 0, count: 9 },
                hex("0B 01 0000 0009 FCA6"),
                hex("0B 01 02 01 01 E1AD"),
                Answer::Levels(nine),
            ),
        ];
        [read, switched()].concat()
    }

    /// As [`table`], for relays.
    fn switched() -> Vec<Row> {
        vec![
            (
                Query::Switch { coil: 3, on: true },
                hex("0B 05 0003 FF00 7C90"),
                hex("0B 05 0003 FF00 7C90"),
                Answer::Done,
            ),
            (
                Query::Switch { coil: 3, on: false },
                hex("0B 05 0003 0000 3D60"),
                hex("0B 05 0003 0000 3D60"),
                Answer::Done,
            ),
            // Flash on, relay 3, 5 s.
            (
                Query::Flash {
                    coil: 3,
                    time_100ms: 50,
                },
                hex("0B 05 0203 0032 BD0D"),
                hex("0B 05 0203 0032 BD0D"),
                Answer::Done,
            ),
        ]
    }

    fn hex(text: &str) -> Vec<u8> {
        let digits: String = text.split(' ').collect();
        let pairs = digits.as_bytes().chunks(2);
        pairs
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    #[test]
    fn every_question_and_its_answer_are_the_octets_of_the_standard() {
        for (query, asked, answered, answer) in table() {
            assert_eq!(query.encode(0x0B), asked, "{query:?}");
            for end in 0..answered.len() {
                assert_eq!(
                    query.look(0x0B, &answered[..end]),
                    Look::Partial,
                    "{query:?} {end}"
                );
            }
            let more = [&answered[..], &[0x55]].concat();
            assert_eq!(
                query.look(0x0B, &more),
                Look::Answer(answered.len(), answer)
            );
        }
    }

    #[test]
    fn a_turned_bit_another_unit_and_another_question_are_no_answer() {
        for (query, _, answered, _) in table() {
            for at in 0..answered.len() {
                let mut turned = answered.clone();
                turned[at] ^= 0x10;
                assert!(
                    !matches!(query.look(0x0B, &turned), Look::Answer(..)),
                    "{query:?} {at}"
                );
            }
            assert_eq!(query.look(0x0C, &answered), Look::Noise);
        }
        let (three, four) = (
            Query::Switch { coil: 3, on: true },
            Query::Switch { coil: 4, on: true },
        );
        assert_eq!(four.look(0x0B, &three.encode(0x0B)), Look::Noise);
    }

    #[test]
    fn an_exception_is_told_with_its_code() {
        let query = Query::Coils { first: 0, count: 9 };
        let said = hex("0B 81 02 E193");
        assert_eq!(
            query.look(0x0B, &said),
            Look::Answer(5, Answer::Exception(2))
        );
    }
}
