//! What can be wrong with the data of a command or reply.

use core::fmt;

use crate::outlet::{Full, Outlet};

/// Why the data octets of a message were refused, or could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageError {
    /// The data has not the length its code prescribes; `needed` is the nearest length that would do.
    Length {
        /// Octets held.
        actual: usize,
        /// Octets prescribed.
        needed: usize,
    },
    /// The message announces more, or less, than it carries.
    Count {
        /// What the message's own count says.
        announced: usize,
        /// What it carries.
        carried: usize,
    },
    /// A field has a value that the standard does not allow.
    Value {
        /// The field's name in the standard.
        field: &'static str,
        /// The value found.
        actual: u8,
    },
    /// A part goes past the end of the whole it belongs to.
    Overrun {
        /// Where the part ends, octets.
        end: u64,
        /// Where the whole ends, octets.
        total: u64,
    },
    /// The output buffer is too small.
    Room {
        /// Octets needed.
        needed: usize,
        /// Octets the buffer has.
        room: usize,
    },
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { actual, needed } => write!(
                f,
                "message data has {actual} octets, {needed} are prescribed"
            ),
            Self::Count { announced, carried } => write!(
                f,
                "message announces {announced} items and carries {carried}"
            ),
            Self::Value { field, actual } => write!(
                f,
                "field {field} has the value {actual:#04x}, which is not allowed"
            ),
            Self::Overrun { end, total } => {
                write!(f, "part ends at octet {end} of a whole of {total}")
            }
            Self::Room { needed, room } => write!(
                f,
                "message data needs {needed} octets, the buffer has {room}"
            ),
        }
    }
}

impl core::error::Error for MessageError {}

impl From<Full> for MessageError {
    fn from(full: Full) -> Self {
        Self::Room {
            needed: full.needed,
            room: full.room,
        }
    }
}

/// The data as an array of exactly `N` octets.
pub(crate) fn exactly<const N: usize>(data: &[u8]) -> Result<[u8; N], MessageError> {
    data.try_into().map_err(|_| MessageError::Length {
        actual: data.len(),
        needed: N,
    })
}

/// Writes the runs one after another and returns their total length.
pub(crate) fn write_runs(out: &mut [u8], runs: &[&[u8]]) -> Result<usize, MessageError> {
    let mut outlet = Outlet::new(out);
    for run in runs {
        outlet.put(run)?;
    }
    Ok(outlet.filled())
}
