//! PDID: who a reader is.

use crate::message::{MessageError, exactly, write_runs};

/// The data of PDID, 45 (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PdId {
    /// The maker's IEEE OUI.
    pub vendor: [u8; 3],
    /// The maker's model number.
    pub model: u8,
    /// The model's version.
    pub version: u8,
    /// Serial number.
    pub serial: u32,
    /// Firmware: major, minor, build.
    pub firmware: [u8; 3],
}

impl PdId {
    /// The identity in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has twelve octets.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        let [v0, v1, v2, model, version, s0, s1, s2, s3, firmware @ ..] =
            exactly::<DATA_LEN>(data)?;
        Ok(Self {
            vendor: [v0, v1, v2],
            model,
            version,
            serial: u32::from_le_bytes([s0, s1, s2, s3]),
            firmware,
        })
    }

    /// Writes the identity as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        let serial = self.serial.to_le_bytes();
        write_runs(
            out,
            &[
                &self.vendor,
                &[self.model, self.version],
                &serial,
                &self.firmware,
            ],
        )
    }

    /// cUID: the first eight octets of PDID, by which a reader names itself in CCRYPT.
    #[must_use]
    pub const fn client_id(&self) -> [u8; 8] {
        let [v0, v1, v2] = self.vendor;
        let [s0, s1, s2, _] = self.serial.to_le_bytes();
        [v0, v1, v2, self.model, self.version, s0, s1, s2]
    }
}

const DATA_LEN: usize = 12;

#[cfg(test)]
mod tests {
    use super::PdId;
    use crate::MessageError;

    #[test]
    fn an_identity_both_ways() {
        let octets = [
            0x0A, 0x00, 0x17, // vendor
            0x03, // model
            0x01, // version
            0x78, 0x56, 0x34, 0x12, // serial 12345678, low octet first
            0x02, 0x05, 0x09, // firmware 2.5.9
        ];
        let id = PdId {
            vendor: [0x0A, 0x00, 0x17],
            model: 3,
            version: 1,
            serial: 0x1234_5678,
            firmware: [2, 5, 9],
        };
        assert_eq!(PdId::decode(&octets), Ok(id));
        let mut out = [0; 12];
        assert_eq!(id.encode(&mut out), Ok(12));
        assert_eq!(out, octets);
        assert_eq!(id.client_id(), octets[..8]);
        assert_eq!(
            PdId::decode(&octets[..11]),
            Err(MessageError::Length {
                actual: 11,
                needed: 12
            })
        );
    }
}
