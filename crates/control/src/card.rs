//! A card as the desk speaks of it: its kind, its state, what is read from it.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::private::Private;

/// Why somebody holds a card (M8–M12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKind {
    /// A permanent card.
    Employee,
    /// An employee who left the card at home: ends with the working day.
    Forgotten,
    /// A new employee until the employee card arrives.
    NewHire,
    /// A supplier or another visitor.
    Supplier,
}

impl CardKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Employee,
        Self::Forgotten,
        Self::NewHire,
        Self::Supplier,
    ];

    /// Its name in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Forgotten => "forgotten",
            Self::NewHire => "new-hire",
            Self::Supplier => "supplier",
        }
    }

    /// Whether a card of this kind must have an end instant (M8).
    #[must_use]
    pub const fn must_end(self) -> bool {
        match self {
            Self::Employee => false,
            Self::Forgotten | Self::NewHire | Self::Supplier => true,
        }
    }
}

impl fmt::Display for CardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for CardKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| {
                format!(
                    "unknown kind {text}, one of {}",
                    Self::ALL.map(Self::as_str).join(", ")
                )
            })
    }
}

/// Where an issuance stands in its life (M17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardState {
    /// Registered, the plastic is not here.
    Ordered,
    /// The plastic is in the house.
    Arrived,
    /// The holder was told.
    Notified,
    /// Live at the doors, within its validity.
    Active,
    /// Waits for another person's approval.
    Pending,
    /// Denied until unblocked.
    Blocked,
    /// Given back; its holder is forgotten.
    Returned,
    /// Reported lost.
    Lost,
    /// Its end has passed and it was not given back.
    Expired,
}

impl CardState {
    /// Every state, in the order of a card's life.
    pub const ALL: [Self; 9] = [
        Self::Ordered,
        Self::Arrived,
        Self::Notified,
        Self::Active,
        Self::Pending,
        Self::Blocked,
        Self::Returned,
        Self::Lost,
        Self::Expired,
    ];

    /// Its name in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Arrived => "arrived",
            Self::Notified => "notified",
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Blocked => "blocked",
            Self::Returned => "returned",
            Self::Lost => "lost",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for CardState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for CardState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| {
                format!(
                    "unknown state {text}, one of {}",
                    Self::ALL.map(Self::as_str).join(", ")
                )
            })
    }
}

/// What is read from a piece of plastic, given in writing instead of at a reader.
/// Nothing of it shows in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Credential {
    /// A number in a known format.
    Number {
        /// The format's name, `H10301`.
        format: String,
        /// Facility code.
        facility: u32,
        /// Card number.
        number: u64,
    },
    /// Raw bits, left-justified, most significant first.
    Raw {
        /// Hex digits, `(bits + 7) / 8` octets.
        hex: Private,
        /// How many bits count.
        bits: u16,
    },
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { .. } => f.write_str("Credential::Number(..)"),
            Self::Raw { .. } => f.write_str("Credential::Raw(..)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_json_and_on_the_command_line() {
        for kind in CardKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
            assert_eq!(kind.as_str().parse::<CardKind>().unwrap(), kind);
        }
        for state in CardState::ALL {
            assert_eq!(
                serde_json::to_string(&state).unwrap(),
                format!("\"{state}\"")
            );
            assert_eq!(state.as_str().parse::<CardState>().unwrap(), state);
        }
        assert!(
            "guest"
                .parse::<CardKind>()
                .unwrap_err()
                .contains("new-hire")
        );
    }

    #[test]
    fn every_visitor_kind_must_end() {
        let endless: Vec<_> = CardKind::ALL
            .into_iter()
            .filter(|kind| !kind.must_end())
            .collect();
        assert_eq!(endless, [CardKind::Employee]);
    }
}
