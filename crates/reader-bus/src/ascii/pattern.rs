//! Pattern: how a converter writes a card down, octet by octet.
//!
//! Written as words in a row: `<STX>`, `<CR>`, `<0x3B>` or `'ID='` for what is always the same; `hex:10` or `dec:10` for the
//! card's digits, `hex:2-16` for a number of them that varies; `xor` or `sum` for two hexadecimal digits that check the
//! card's octets; `any:3` for octets that mean nothing.

use crate::Bits;
use crate::ascii::digits::{Digits, Meaning, Radix};
use crate::ascii::pattern_error::{OCTETS_MAX, PatternError};

/// One way a reading is written. It has one card in it and an end that no digit is, so that it is told apart at any split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
    meaning: Meaning,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Mark(u8),
    Card(Digits),
    Check(Check),
    Any,
}

/// How two digits check the octets that the card's digits write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    Xor,
    Sum,
}

/// What octets are to a pattern.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Not its beginning.
    No,
    /// Its beginning.
    Partial,
    /// The whole of it.
    Card {
        /// The card's bits, left-justified.
        bits: Bits,
        /// How many.
        bit_count: u16,
    },
}

impl Pattern {
    /// The pattern written in `text`, whose digits mean `meaning`.
    ///
    /// # Errors
    /// [`PatternError`] for a word that is none, no card or several, an end that could be one more digit, too long a reading.
    pub fn new(text: &str, meaning: Meaning) -> Result<Self, PatternError> {
        let mut parts = Vec::new();
        for word in words(text) {
            add(word, &mut parts)?;
        }
        let pattern = Self { parts, meaning };
        pattern.check()?;
        Ok(pattern)
    }

    /// Six hexadecimal digits and CR: 24 bits whose parity was taken away.
    #[must_use]
    pub fn hex_cr() -> Self {
        let digits = Part::Card(Digits::exactly(Radix::Hex, 6));
        Self {
            parts: vec![digits, Part::Mark(CR)],
            meaning: Meaning::ParityStripped,
        }
    }

    /// Ten decimal digits and CR (LF): 32 bits.
    #[must_use]
    pub fn decimal_cr() -> Self {
        let digits = Part::Card(Digits::exactly(Radix::Decimal, 10));
        Self {
            parts: vec![digits, Part::Mark(CR)],
            meaning: Meaning::Bits(32),
        }
    }

    /// STX, ten hexadecimal digits, two that are their exclusive or, ETX: 40 bits.
    #[must_use]
    pub fn stx_etx() -> Self {
        let digits = Part::Card(Digits::exactly(Radix::Hex, 10));
        Self {
            parts: vec![
                Part::Mark(STX),
                digits,
                Part::Check(Check::Xor),
                Part::Mark(ETX),
            ],
            meaning: Meaning::Digits,
        }
    }

    /// STX, 2 to 64 hexadecimal digits, CR: four bits a digit.
    #[must_use]
    pub fn stx_cr() -> Self {
        let digits = Part::Card(Digits::between(Radix::Hex, 2, 64));
        Self {
            parts: vec![Part::Mark(STX), digits, Part::Mark(CR)],
            meaning: Meaning::Digits,
        }
    }

    pub(super) fn begins_with(&self, octet: u8) -> bool {
        self.parts.first() == Some(&Part::Mark(octet))
    }

    pub(super) fn ends_with(&self, octet: u8) -> bool {
        self.parts.last() == Some(&Part::Mark(octet))
    }

    /// Whether `octets` are a reading, or the beginning of one.
    pub(super) fn look(&self, mut octets: &[u8]) -> Look {
        let mut card: &[u8] = &[];
        let mut radix = Radix::Hex;
        for part in &self.parts {
            let taken = match part {
                Part::Card(digits) => {
                    radix = digits.radix();
                    digits.take(octets)
                }
                Part::Mark(mark) => one(octets, |octet| octet == *mark),
                Part::Any => one(octets, |_| true),
                Part::Check(check) => check.take(octets, card),
            };
            let Some(taken) = taken else {
                return Look::No;
            };
            let (Some(used), Some(rest)) = (octets.get(..taken), octets.get(taken..)) else {
                return Look::Partial;
            };
            if matches!(part, Part::Card(_)) {
                card = used;
            }
            octets = rest;
        }
        match self.meaning.bits(card, radix) {
            Some((bits, bit_count)) if octets.is_empty() => Look::Card {
                bits: Bits::new(&bits),
                bit_count,
            },
            Some(_) | None => Look::No,
        }
    }

    fn check(&self) -> Result<(), PatternError> {
        let cards = self.parts.iter().filter_map(|part| match part {
            Part::Card(digits) => Some(digits),
            Part::Mark(_) | Part::Check(_) | Part::Any => None,
        });
        let [digits] = cards.collect::<Vec<_>>()[..] else {
            return Err(PatternError::Cards);
        };
        let octets: usize = self.parts.iter().map(Part::octets_max).sum();
        if octets > OCTETS_MAX {
            return Err(PatternError::Long { octets });
        }
        if !matches!(self.parts.last(), Some(Part::Mark(_))) {
            return Err(PatternError::End);
        }
        let mut behind = self
            .parts
            .iter()
            .skip_while(|part| !matches!(part, Part::Card(_)))
            .skip(1);
        let next = behind.next();
        let is_clear =
            matches!(next, Some(Part::Mark(mark)) if !char::from(*mark).is_ascii_hexdigit());
        if digits.varies() && !is_clear {
            return Err(PatternError::Varies);
        }
        let first_check = self
            .parts
            .iter()
            .position(|part| matches!(part, Part::Check(_)));
        let card = self
            .parts
            .iter()
            .position(|part| matches!(part, Part::Card(_)));
        if first_check.is_some_and(|check| Some(check) < card || digits.is_odd_or_decimal()) {
            return Err(PatternError::Check);
        }
        self.meaning.check(digits).map_err(PatternError::Meaning)
    }
}

impl Part {
    fn octets_max(&self) -> usize {
        match self {
            Self::Mark(_) | Self::Any => 1,
            Self::Check(_) => 2,
            Self::Card(digits) => digits.most(),
        }
    }
}

impl Check {
    /// How many octets the check takes; `None` if it is wrong.
    fn take(self, octets: &[u8], card: &[u8]) -> Option<usize> {
        let Some((digits, _)) = octets.split_first_chunk::<2>() else {
            let are_digits = octets
                .iter()
                .all(|octet| char::from(*octet).is_ascii_hexdigit());
            return are_digits.then_some(2);
        };
        let octets = card.as_chunks::<2>().0.iter().map(octet_of);
        let wanted = octets.into_iter().try_fold(0_u8, |check, octet| {
            let octet = octet?;
            Some(match self {
                Self::Xor => check ^ octet,
                Self::Sum => check.wrapping_add(octet),
            })
        });
        (octet_of(digits) == wanted).then_some(2)
    }
}

/// One octet that must be so.
fn one(octets: &[u8], is_so: impl Fn(u8) -> bool) -> Option<usize> {
    octets
        .first()
        .is_none_or(|octet| is_so(*octet))
        .then_some(1)
}

fn octet_of(digits: &[u8; 2]) -> Option<u8> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let [high, low] = *digits;
    u8::try_from(nibble(high)? << 4 | nibble(low)?).ok()
}

/// The words of a pattern; blanks inside quotes belong to the word.
fn words(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|letter: char| {
        quoted ^= letter == '\'';
        !quoted && letter.is_whitespace()
    })
    .filter(|word| !word.is_empty())
    .collect()
}

fn add(word: &str, parts: &mut Vec<Part>) -> Result<(), PatternError> {
    let unknown = || PatternError::Word {
        word: word.to_owned(),
    };
    if let Some(mark) = word
        .strip_prefix('<')
        .and_then(|word| word.strip_suffix('>'))
    {
        parts.push(Part::Mark(control(mark).ok_or_else(unknown)?));
        return Ok(());
    }
    if let Some(text) = word
        .strip_prefix('\'')
        .and_then(|word| word.strip_suffix('\''))
    {
        parts.extend(text.bytes().map(Part::Mark));
        return Ok(());
    }
    let (kind, count) = word.split_once(':').unwrap_or((word, ""));
    let part = match (kind, count) {
        ("xor", "") => Part::Check(Check::Xor),
        ("sum", "") => Part::Check(Check::Sum),
        ("any", count) => {
            let count: usize = count.parse().map_err(|_| unknown())?;
            parts.extend(std::iter::repeat_n(Part::Any, count.min(OCTETS_MAX + 1)));
            return Ok(());
        }
        ("hex", count) => Part::Card(Digits::parse(Radix::Hex, count).ok_or_else(unknown)?),
        ("dec", count) => Part::Card(Digits::parse(Radix::Decimal, count).ok_or_else(unknown)?),
        (_, _) => return Err(unknown()),
    };
    parts.push(part);
    Ok(())
}

/// The octet of a control character's name, or of `0x3B`.
fn control(name: &str) -> Option<u8> {
    match name.to_ascii_uppercase().as_str() {
        "STX" => Some(STX),
        "ETX" => Some(ETX),
        "CR" => Some(CR),
        "LF" => Some(0x0A),
        "NUL" => Some(0x00),
        "SOH" => Some(0x01),
        "EOT" => Some(0x04),
        "TAB" => Some(0x09),
        "ESC" => Some(0x1B),
        "SP" => Some(0x20),
        other => u8::from_str_radix(other.strip_prefix("0X")?, 16).ok(),
    }
}

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const CR: u8 = 0x0D;

#[cfg(test)]
mod tests {
    use super::*;

    fn card(pattern: &Pattern, octets: &[u8]) -> Option<(Vec<u8>, u16)> {
        match pattern.look(octets) {
            Look::Card { bits, bit_count } => Some((bits.as_slice().to_vec(), bit_count)),
            Look::No | Look::Partial => None,
        }
    }

    #[test]
    fn the_four_carriages_read_as_they_are_written() {
        // H10301, facility 1, number 12345, its parity put back.
        let h10301 = Some((vec![0x80, 0x98, 0x1C, 0xC0], 26));
        assert_eq!(card(&Pattern::hex_cr(), b"013039\r"), h10301);
        let ten = card(&Pattern::decimal_cr(), b"0000000258\r");
        assert_eq!(ten, Some((vec![0, 0, 1, 2], 32)));
        // 62 ^ E3 ^ 08 ^ 6C ^ ED = 08
        let em4100 = card(&Pattern::stx_etx(), b"\x0262E3086CED08\x03");
        assert_eq!(em4100, Some((vec![0x62, 0xE3, 0x08, 0x6C, 0xED], 40)));
        let seven = card(&Pattern::stx_cr(), b"\x02ABCDEF1\r");
        assert_eq!(seven, Some((vec![0xAB, 0xCD, 0xEF, 0x10], 28)));
    }

    #[test]
    fn a_wrong_check_is_no_card() {
        assert_eq!(Pattern::stx_etx().look(b"\x0262E3086CED09\x03"), Look::No);
        let sum = Pattern::new("<STX> hex:4 sum <ETX>", Meaning::Digits).unwrap();
        assert_eq!(card(&sum, b"\x02F0110\x03"), None);
        assert_eq!(card(&sum, b"\x02F02010\x03"), Some((vec![0xF0, 0x20], 16)));
    }

    #[test]
    fn every_beginning_is_a_beginning() {
        let own = Pattern::new("'ID=' any:2 hex:2-4 <0x3B> <LF>", Meaning::Digits).unwrap();
        for (pattern, whole) in [
            (Pattern::stx_etx(), &b"\x0262E3086CED08\x03"[..]),
            (Pattern::hex_cr(), b"013039\r"),
            (own, b"ID=xyA1B;\n"),
        ] {
            for end in 0..whole.len() {
                assert_eq!(pattern.look(&whole[..end]), Look::Partial, "{end}");
            }
            assert!(matches!(pattern.look(whole), Look::Card { .. }));
            assert_eq!(pattern.look(&[whole, b"x"].concat()), Look::No);
        }
    }

    #[test]
    fn patterns_that_could_be_misread_are_refused() {
        let refused = |text: &str| Pattern::new(text, Meaning::Digits).unwrap_err();
        assert_eq!(refused("<STX> <ETX>"), PatternError::Cards);
        assert_eq!(refused("hex:2 hex:2 <CR>"), PatternError::Cards);
        assert_eq!(refused("<STX> hex:10"), PatternError::End);
        assert_eq!(refused("<STX> hex:2-10 xor <ETX>"), PatternError::Varies);
        assert_eq!(refused("hex:2-10 'A'"), PatternError::Varies);
        assert_eq!(refused("xor hex:4 <CR>"), PatternError::Check);
        assert_eq!(refused("hex:5 xor <CR>"), PatternError::Check);
        assert!(matches!(
            refused("any:90 hex:8 <CR>"),
            PatternError::Long { octets: 99 }
        ));
        for word in ["<XYZ>", "hex", "hex:0", "hex:8-2", "dec:x", "oct:3", "any:"] {
            let error = refused(&format!("{word} <CR>"));
            assert_eq!(
                error,
                PatternError::Word {
                    word: word.to_owned()
                }
            );
        }
    }
}
