//! Clock quality: how far the time in an event may be believed.

use serde::{Deserialize, Serialize};

/// What the controller knew about its clock when an event happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockQuality {
    /// The kernel says it is synchronised.
    Synchronised,
    /// The clock runs by itself.
    Unsynchronised,
    /// A forward jump is held until somebody confirms it.
    Held,
    /// Nothing is known; the machine may think it is 1970.
    Unknown,
}

impl ClockQuality {
    /// Every quality, in the order of the codes.
    pub const ALL: [Self; 4] = [
        Self::Synchronised,
        Self::Unsynchronised,
        Self::Held,
        Self::Unknown,
    ];

    /// The code in an event; stable.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Synchronised => 0,
            Self::Unsynchronised => 1,
            Self::Held => 2,
            Self::Unknown => 3,
        }
    }

    /// The quality with this code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|quality| quality.code() == code)
    }

    /// The name in an event.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Synchronised => "synchronised",
            Self::Unsynchronised => "unsynchronised",
            Self::Held => "held",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_find_their_quality() {
        for quality in ClockQuality::ALL {
            assert_eq!(ClockQuality::from_code(quality.code()), Some(quality));
        }
        assert_eq!(ClockQuality::from_code(4), None);
    }
}
