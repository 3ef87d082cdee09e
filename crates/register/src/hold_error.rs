//! Why the shredding of a holder waits, or a hold was not taken.

use std::fmt;

use access::UtcMicros;

/// What is wrong about a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldError {
    /// The shredding of the holder is held.
    Held {
        /// Until when.
        until: UtcMicros,
    },
    /// It is not held.
    NotHeld,
    /// The hold would be over at once, or last too long.
    Length {
        /// The latest end it may have.
        at_most: UtcMicros,
        /// Days that it may last in all.
        days: u32,
    },
}

impl fmt::Display for HoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held { until } => {
                write!(f, "the holder is forgotten when the hold ends, {until}")
            }
            Self::NotHeld => f.write_str("there is no hold on it"),
            Self::Length { at_most, days } => write!(
                f,
                "a hold ends in the future and {at_most} at the latest, {days} days after it began"
            ),
        }
    }
}
