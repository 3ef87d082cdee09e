//! ACURXSIZE: how long a reply the controller can take.

use crate::message::{MessageError, exactly, write_runs};

/// The data of ACURXSIZE, 7B: octets u16le of the longest frame the controller can receive (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiveSize {
    /// The longest frame, octets; the standard asks for at least 128.
    pub frame_len_max: u16,
}

impl ReceiveSize {
    /// The size in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has two octets.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        exactly(data).map(|octets| Self {
            frame_len_max: u16::from_le_bytes(octets),
        })
    }

    /// Writes the size as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[&self.frame_len_max.to_le_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::ReceiveSize;
    use crate::MessageError;

    #[test]
    fn a_size_both_ways() {
        let octets = [
            0xA0, 0x05, // 1440 octets, low octet first
        ];
        let size = ReceiveSize {
            frame_len_max: 1440,
        };
        assert_eq!(ReceiveSize::decode(&octets), Ok(size));
        let mut out = [0; 2];
        assert_eq!(size.encode(&mut out), Ok(2));
        assert_eq!(out, octets);
        assert_eq!(
            ReceiveSize::decode(&octets[..1]),
            Err(MessageError::Length {
                actual: 1,
                needed: 2
            })
        );
    }
}
