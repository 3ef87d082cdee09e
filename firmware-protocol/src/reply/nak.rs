//! NAK: a reader's refusal.

use crate::coded::coded;
use crate::message::{MessageError, write_runs};

/// The data of NAK, 41: why. Details after the code are read over (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nak {
    /// Why.
    pub code: NakCode,
}

coded! {
    /// Why a reader refuses.
    pub enum NakCode {
        /// No error.
        None = 0x00,
        /// CRC or checksum of the command is wrong.
        BadCheck = 0x01,
        /// The command's length is wrong.
        BadLength = 0x02,
        /// The command is not known or not implemented.
        UnknownCommand = 0x03,
        /// The sequence number was not expected.
        BadSequence = 0x04,
        /// This kind of security block is not supported.
        SecurityUnsupported = 0x05,
        /// Communication security is required, or its conditions are not met.
        SecurityRequired = 0x06,
        /// The biometric type is not supported.
        BiometricType = 0x07,
        /// The biometric format is not supported.
        BiometricFormat = 0x08,
        /// The command's content cannot be processed.
        Unprocessable = 0x09,
        /// Any other error.
        Generic = 0xFF,
    }
}

impl Nak {
    /// The refusal in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] if the data is empty.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        let code = data.first().ok_or(MessageError::Length {
            actual: 0,
            needed: 1,
        })?;
        Ok(Self {
            code: NakCode::from_code(*code),
        })
    }

    /// Writes the refusal as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[&[self.code.code()]])
    }
}

#[cfg(test)]
mod tests {
    use super::{Nak, NakCode};
    use crate::MessageError;

    #[test]
    fn a_refusal_both_ways() {
        for code in 0..=u8::MAX {
            let nak = Nak::decode(&[code]).unwrap(); // one octet: why
            let mut out = [0; 1];
            assert_eq!(nak.encode(&mut out), Ok(1));
            assert_eq!(out, [code]);
        }
        assert_eq!(
            Nak::decode(&[6]),
            Ok(Nak {
                code: NakCode::SecurityRequired
            })
        );
        assert_eq!(
            Nak::decode(&[0x77, 1, 2]),
            Ok(Nak {
                code: NakCode::Unknown(0x77)
            })
        );
        assert_eq!(
            Nak::decode(&[]),
            Err(MessageError::Length {
                actual: 0,
                needed: 1
            })
        );
    }
}
