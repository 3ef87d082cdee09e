//! What can be wrong with a frame.

use core::fmt;

use super::{FRAME_LEN_MAX, START};
use crate::outlet::Full;

/// Why octets are not a frame, or a frame could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The first octet is not the start octet 53.
    Start {
        /// The octet found.
        actual: u8,
    },
    /// Too few octets for a header, a code and a check.
    Short {
        /// Octets held or announced.
        actual: usize,
    },
    /// More than [`FRAME_LEN_MAX`] octets.
    Long {
        /// Octets announced or asked for.
        actual: usize,
    },
    /// The length field does not fit the octets given.
    LengthField {
        /// What the length field says.
        announced: usize,
        /// Octets given.
        actual: usize,
    },
    /// CRC or checksum is wrong.
    Check,
    /// The security block's own length is impossible.
    SecurityBlock {
        /// What its length octet says.
        announced: usize,
        /// Octets that follow in the frame.
        actual: usize,
    },
    /// A frame under SCS_15 to SCS_18 has no MAC.
    NoMac {
        /// The security block's kind.
        kind: u8,
    },
    /// The output buffer is too small.
    Room {
        /// Octets needed.
        needed: usize,
        /// Octets the buffer has.
        room: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start { actual } => {
                write!(f, "frame begins with {actual:#04x}, not {START:#04x}")
            }
            Self::Short { actual } => write!(
                f,
                "frame of {actual} octets is too short for header, code and check"
            ),
            Self::Long { actual } => {
                write!(f, "frame of {actual} octets is longer than {FRAME_LEN_MAX}")
            }
            Self::LengthField { announced, actual } => {
                write!(f, "frame says {announced} octets and has {actual}")
            }
            Self::Check => write!(f, "frame fails its crc or checksum"),
            Self::SecurityBlock { announced, actual } => {
                write!(
                    f,
                    "security block says {announced} octets, 2 to {actual} are possible"
                )
            }
            Self::NoMac { kind } => write!(f, "frame with security block {kind:#04x} has no mac"),
            Self::Room { needed, room } => {
                write!(f, "frame needs {needed} octets, the buffer has {room}")
            }
        }
    }
}

impl core::error::Error for FrameError {}

impl From<Full> for FrameError {
    fn from(full: Full) -> Self {
        Self::Room {
            needed: full.needed,
            room: full.room,
        }
    }
}
