//! What waits for approval, by the name it has in commands.

use core::fmt;
use core::str::FromStr;

use access::IssuanceId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Something that waits for another person's approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Waiting {
    /// `A-12`: a change somebody asked for.
    Change(u32),
    /// `B-3`: the employee cards of one tenant that came with one import.
    Batch(u32),
    /// `P-3F7K2Q`: one employee card of a tenant.
    Card(IssuanceId),
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Change(number) => write!(f, "A-{number}"),
            Self::Batch(number) => write!(f, "B-{number}"),
            Self::Card(issuance) => issuance.fmt(f),
        }
    }
}

impl FromStr for Waiting {
    type Err = WaitingError;

    fn from_str(text: &str) -> Result<Self, WaitingError> {
        let (sort, number) = text.split_at_checked(2).ok_or(WaitingError)?;
        let numbered = || match number.parse::<u32>() {
            Ok(number) if number > 0 => Ok(number),
            Ok(_) | Err(_) => Err(WaitingError),
        };
        match sort {
            "A-" | "a-" => Ok(Self::Change(numbered()?)),
            "B-" | "b-" => Ok(Self::Batch(numbered()?)),
            _ => text.parse().map(Self::Card).map_err(|_| WaitingError),
        }
    }
}

impl Serialize for Waiting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Waiting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A text that names nothing that could wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingError;

impl fmt::Display for WaitingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not something that waits: A-12 is a change, B-3 a batch of cards, P-3F7K2Q a card",
        )
    }
}

impl core::error::Error for WaitingError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_has_one_name_each_way() {
        for name in ["A-12", "B-3", "P-3F7K2Q", "A-4294967295"] {
            assert_eq!(name.parse::<Waiting>().unwrap().to_string(), name);
        }
        assert_eq!("a-7".parse(), Ok(Waiting::Change(7)));
        for wrong in [
            "",
            "A",
            "A-",
            "A-0",
            "A-x",
            "B--1",
            "C-1",
            "P-1",
            "A-4294967296",
            "æ-1",
        ] {
            assert_eq!(wrong.parse::<Waiting>(), Err(WaitingError), "{wrong}");
        }
    }
}
