//! Why a part does not fit to those before it.

use core::fmt;

/// Why a part was refused. The message it belongs to is forgotten; a part at offset 0 begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MultipartError {
    /// The message is longer than the buffer it is put together in.
    Room {
        /// Octets of the message.
        needed: usize,
        /// Octets the buffer has.
        room: usize,
    },
    /// The part does not begin where the one before it ended: it overlaps, leaves a gap, or has no beginning.
    Offset {
        /// Where it begins.
        actual: usize,
        /// Where it should begin.
        needed: usize,
    },
    /// The part belongs to a message of another length.
    Total {
        /// The length it gives.
        actual: u16,
        /// The length the first part gave.
        needed: u16,
    },
    /// The part carries nothing and does not give up either.
    Empty,
}

impl fmt::Display for MultipartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room { needed, room } => {
                write!(
                    f,
                    "message of {needed} octets in parts, the buffer has {room}"
                )
            }
            Self::Offset { actual, needed } => {
                write!(f, "part begins at octet {actual}, the next is {needed}")
            }
            Self::Total { actual, needed } => write!(
                f,
                "part of a message of {actual} octets, the first part says {needed}"
            ),
            Self::Empty => f.write_str("part has no octets"),
        }
    }
}

impl core::error::Error for MultipartError {}
