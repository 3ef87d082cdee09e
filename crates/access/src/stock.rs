//! Stock: the number of a card of the house's own, which stays the same whoever holds it.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A card in the house's stock, written as `S-` and its number (`S-014`); given once by the register and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StockId(NonZeroU32);

impl StockId {
    /// The card of this number; there is none of number 0.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        match NonZeroU32::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The number as it is stored.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for StockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{:03}", self.0)
    }
}

impl FromStr for StockId {
    type Err = StockIdError;

    /// Reads `S-014` in either case, with or without zeros in front.
    fn from_str(text: &str) -> Result<Self, StockIdError> {
        let upper = text.to_ascii_uppercase();
        let digits = upper.strip_prefix(PREFIX).ok_or(StockIdError)?;
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(StockIdError);
        }
        let number = digits.parse().map_err(|_| StockIdError)?;
        Self::new(number).ok_or(StockIdError)
    }
}

impl Serialize for StockId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StockId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A text that is no card of the stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockIdError;

impl fmt::Display for StockIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a card of the stock; wanted S- and its number, as in S-014")
    }
}

impl std::error::Error for StockIdError {}

const PREFIX: &str = "S-";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_written() {
        for (text, number) in [("S-014", 14), ("s-14", 14), ("S-12345", 12_345)] {
            let id: StockId = text.parse().unwrap();
            assert_eq!(id.get(), number);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert_eq!(StockId::new(14).unwrap().to_string(), "S-014");
        for text in ["", "S-", "S-0", "S-+1", "14", "P-014", "S-99999999999"] {
            assert_eq!(text.parse::<StockId>(), Err(StockIdError), "{text}");
        }
    }
}
