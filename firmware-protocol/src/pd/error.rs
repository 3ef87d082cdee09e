//! What a reader's firmware can ask of its protocol machine in vain.

use core::fmt;

/// Why something was not taken over; nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PdError {
    /// The queue of cards and key presses is full: the controller does not fetch them.
    QueueFull {
        /// How many it holds.
        limit: usize,
    },
    /// A card with no bits, too many, or other octets than its bits take.
    CardBits {
        /// Bits announced.
        announced: u16,
        /// Octets given.
        octets: usize,
        /// Bits a card may have.
        limit: u16,
    },
    /// More keys, inputs or outputs than there can be.
    Number {
        /// How many, or which.
        actual: usize,
        /// How many there can be.
        limit: usize,
    },
}

impl fmt::Display for PdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::QueueFull { limit } => write!(
                f,
                "{limit} cards and key presses wait to be fetched already"
            ),
            Self::CardBits {
                announced,
                octets,
                limit,
            } => {
                write!(
                    f,
                    "card of {announced} bits in {octets} octets, at most {limit} bits are possible"
                )
            }
            Self::Number { actual, limit } => {
                write!(f, "number {actual} is beyond the limit of {limit}")
            }
        }
    }
}

impl core::error::Error for PdError {}
