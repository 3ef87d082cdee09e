//! KEEPACTIVE: how long a reader shall keep a credential it talks with powered.

use crate::message::{MessageError, exactly, write_runs};

/// The data of KEEPACTIVE, A7: milliseconds u16le (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepActive {
    /// How long from now, milliseconds.
    pub time_ms: u16,
}

impl KeepActive {
    /// The time in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has two octets.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        exactly(data).map(|octets| Self {
            time_ms: u16::from_le_bytes(octets),
        })
    }

    /// Writes the time as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[&self.time_ms.to_le_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::KeepActive;
    use crate::MessageError;

    #[test]
    fn a_time_both_ways() {
        let octets = [
            0x88, 0x13, // 5000 ms, low octet first
        ];
        let keep = KeepActive { time_ms: 5000 };
        assert_eq!(KeepActive::decode(&octets), Ok(keep));
        let mut out = [0; 2];
        assert_eq!(keep.encode(&mut out), Ok(2));
        assert_eq!(out, octets);
        assert_eq!(
            KeepActive::decode(&[0; 3]),
            Err(MessageError::Length {
                actual: 3,
                needed: 2
            })
        );
    }
}
