//! ISTATR, OSTATR and RSTATR: one octet for each input, output or attached reader.

use crate::coded::coded;
use crate::message::{MessageError, write_runs};

/// The data of ISTATR, 49: one octet an input (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputStatus<'a>(&'a [u8]);

/// The data of OSTATR, 4A: one octet an output (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputStatus<'a>(&'a [u8]);

/// The data of RSTATR, 4B: one octet an attached reader (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderStatus<'a>(&'a [u8]);

coded! {
    /// The state of an attached reader.
    pub enum ReaderState {
        /// All is well.
        Normal = 0,
        /// It is not connected.
        NotConnected = 1,
        /// It is tampered with.
        Tampered = 2,
    }
}

/// Both levels have the same octets: 0 is inactive, 1 is active, and what else may come counts as active.
macro_rules! levels {
    ($name:ident) => {
        impl<'a> $name<'a> {
            /// The levels in the data of a message, received or to be sent: octet 0 is number 0; 0 off, 1 on.
            #[must_use]
            pub const fn decode(data: &'a [u8]) -> Self {
                Self(data)
            }

            /// Writes the levels as message data and returns the octets written.
            ///
            /// # Errors
            /// [`MessageError::Room`] if `out` is too small.
            pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
                write_runs(out, &[self.0])
            }

            /// The levels in order; any octet but 0 counts as active.
            pub fn iter(&self) -> impl Iterator<Item = bool> + 'a {
                self.0.iter().map(|octet| *octet != 0)
            }

            /// Whether number `index` is active; `None` if the reader has no such.
            #[must_use]
            pub fn is_active(&self, index: u8) -> Option<bool> {
                self.0.get(usize::from(index)).map(|octet| *octet != 0)
            }

            /// How many there are.
            #[must_use]
            pub const fn count(&self) -> usize {
                self.0.len()
            }
        }
    };
}

levels!(InputStatus);
levels!(OutputStatus);

impl<'a> ReaderStatus<'a> {
    /// The states in the data of a message, received or to be sent: octet 0 is reader 0; codes of [`ReaderState`].
    #[must_use]
    pub const fn decode(data: &'a [u8]) -> Self {
        Self(data)
    }

    /// Writes the states as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[self.0])
    }

    /// The states in order.
    pub fn iter(&self) -> impl Iterator<Item = ReaderState> + 'a {
        self.0.iter().map(|octet| ReaderState::from_code(*octet))
    }
}

#[cfg(test)]
mod tests {
    use super::{InputStatus, OutputStatus, ReaderState, ReaderStatus};
    use crate::MessageError;

    #[test]
    fn levels_both_ways() {
        let octets = [
            0x00, // number 0 inactive
            0x01, // number 1 active
            0x07, // number 2: no such code, counts as active
        ];
        let status = InputStatus::decode(&octets);
        assert!(status.iter().eq([false, true, true]));
        assert_eq!(
            (status.is_active(1), status.is_active(3), status.count()),
            (Some(true), None, 3)
        );
        let mut out = [0; 3];
        assert_eq!(status.encode(&mut out), Ok(3));
        assert_eq!(out, octets);
        assert_eq!(
            OutputStatus::decode(&octets).encode(&mut out[..2]),
            Err(MessageError::Room { needed: 3, room: 2 })
        );
        assert_eq!(OutputStatus::decode(&octets).is_active(0), Some(false));
    }

    #[test]
    fn reader_states_both_ways() {
        let octets = [
            0x00, // reader 0 is well
            0x02, // reader 1 is tampered with
            0x09, // reader 2: no such code
        ];
        let status = ReaderStatus::decode(&octets);
        assert!(status.iter().eq([
            ReaderState::Normal,
            ReaderState::Tampered,
            ReaderState::Unknown(9)
        ]));
        let mut out = [0; 3];
        assert_eq!(status.encode(&mut out), Ok(3));
        assert_eq!(out, octets);
    }
}
