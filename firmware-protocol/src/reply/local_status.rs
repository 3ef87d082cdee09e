//! LSTATR: whether the reader is tampered with, and whether it has power.

use crate::message::{MessageError, exactly, write_runs};

/// The data of LSTATR, 48 (OSDP 2.2). Any octet but 0 counts as on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LocalStatus {
    /// The tamper contact reports.
    pub tamper: bool,
    /// The reader's power has failed.
    pub power_failure: bool,
}

impl LocalStatus {
    /// The status in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has two octets.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        let [tamper, power] = exactly(data)?;
        Ok(Self {
            tamper: tamper != 0,
            power_failure: power != 0,
        })
    }

    /// Writes the status as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(
            out,
            &[&[u8::from(self.tamper), u8::from(self.power_failure)]],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::LocalStatus;
    use crate::MessageError;

    #[test]
    fn a_status_both_ways() {
        let octets = [
            0x01, // tampered with
            0x00, // power is there
        ];
        let status = LocalStatus {
            tamper: true,
            power_failure: false,
        };
        assert_eq!(LocalStatus::decode(&octets), Ok(status));
        let mut out = [0; 2];
        assert_eq!(status.encode(&mut out), Ok(2));
        assert_eq!(out, octets);
        assert_eq!(
            LocalStatus::decode(&[0]),
            Err(MessageError::Length {
                actual: 1,
                needed: 2
            })
        );
        assert_eq!(
            LocalStatus::decode(&[2, 9]).map(|s| (s.tamper, s.power_failure)),
            Ok((true, true))
        );
    }
}
