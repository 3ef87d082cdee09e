//! Issuance: one handing-out of one card to one person, known outside only by its pseudonym.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::KeySlot;

/// The pseudonym of an issuance: 30 random bits, written as `P-` and six digits of Crockford's base 32 (`P-3F7K2Q`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssuanceId(u32);

impl IssuanceId {
    /// Takes the low 30 of 32 random bits.
    #[must_use]
    pub const fn from_random(random: u32) -> Self {
        Self(random & LAST)
    }

    /// The id stored as this number, or `None` if it has more than 30 bits.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number <= LAST {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number as it is stored; below 2³⁰.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for IssuanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        for place in (0..DIGITS).rev() {
            let value = (self.0 >> (place * BITS_PER_DIGIT)) & DIGIT_MASK;
            let digit = usize::try_from(value).ok().and_then(|at| ALPHABET.get(at));
            write!(f, "{}", char::from(*digit.unwrap_or(&b'0')))?;
        }
        Ok(())
    }
}

impl fmt::Debug for IssuanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for IssuanceId {
    type Err = IssuanceIdError;

    /// Reads `P-3F7K2Q` in either case; as Crockford wants, `O` is read as 0, `I` and `L` as 1.
    fn from_str(text: &str) -> Result<Self, IssuanceIdError> {
        let upper = text.to_ascii_uppercase();
        let digits = upper
            .strip_prefix(PREFIX)
            .filter(|digits| digits.len() == 6)
            .ok_or(IssuanceIdError)?;
        digits
            .bytes()
            .try_fold(0_u32, |id, digit| {
                Some((id << BITS_PER_DIGIT) | value_of(digit)?)
            })
            .map(Self)
            .ok_or(IssuanceIdError)
    }
}

impl Serialize for IssuanceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IssuanceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A text that is no issuance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuanceIdError;

impl fmt::Display for IssuanceIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an issuance; wanted P- and six digits or letters, as in P-3F7K2Q")
    }
}

impl std::error::Error for IssuanceIdError {}

/// Whose card it is, as far as a decision and its record need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Holder {
    /// The pseudonym.
    pub issuance: IssuanceId,
    /// The slot of the issuance's key, under which the holder's part of a record is encrypted.
    pub slot: KeySlot,
}

fn value_of(digit: u8) -> Option<u32> {
    let digit = match digit {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET
        .iter()
        .position(|known| *known == digit)
        .and_then(|at| u32::try_from(at).ok())
}

const PREFIX: &str = "P-";
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS: u32 = 6;
const BITS_PER_DIGIT: u32 = 5;
const DIGIT_MASK: u32 = 31;
const LAST: u32 = (1 << 30) - 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_text_is_crockford_base_32() {
        assert_eq!(IssuanceId(0).to_string(), "P-000000");
        assert_eq!(IssuanceId(LAST).to_string(), "P-ZZZZZZ");
        assert_eq!(IssuanceId(31 << 25).to_string(), "P-Z00000");
        assert_eq!(
            "p-3f7k2q".parse::<IssuanceId>().unwrap().to_string(),
            "P-3F7K2Q"
        );
        assert_eq!(
            "P-OIL000".parse::<IssuanceId>().unwrap().to_string(),
            "P-011000"
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "P-",
            "3F7K2Q",
            "P-3F7K2",
            "P-3F7K2QQ",
            "P-3F7K2U",
            "P_3F7K2Q",
            "P-3F7Kæ",
        ] {
            assert_eq!(text.parse::<IssuanceId>(), Err(IssuanceIdError), "{text}");
        }
        assert_eq!(IssuanceId::new(1 << 30), None);
    }

    proptest! {
        #[test]
        fn every_id_survives_its_text(random in any::<u32>()) {
            let id = IssuanceId::from_random(random);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            prop_assert_eq!(IssuanceId::new(id.get()), Some(id));
        }
    }
}
