//! Who a reader is: what stays the same when its firmware changes.

use std::fmt;

use firmware_protocol::reply::PdId;

/// Vendor, model and serial number. Two readers of one make differ in it; one reader keeps it for life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The maker's IEEE OUI.
    pub vendor: [u8; 3],
    /// The maker's model number.
    pub model: u8,
    /// Serial number.
    pub serial: u32,
}

impl Identity {
    /// The identity as eight octets: vendor, model, serial number with the least octet first.
    #[must_use]
    pub const fn to_octets(self) -> [u8; 8] {
        let [v0, v1, v2] = self.vendor;
        let [s0, s1, s2, s3] = self.serial.to_le_bytes();
        [v0, v1, v2, self.model, s0, s1, s2, s3]
    }

    /// The identity in eight octets.
    #[must_use]
    pub const fn from_octets(octets: [u8; 8]) -> Self {
        let [v0, v1, v2, model, s0, s1, s2, s3] = octets;
        Self {
            vendor: [v0, v1, v2],
            model,
            serial: u32::from_le_bytes([s0, s1, s2, s3]),
        }
    }
}

/// The model's version and the firmware may change; they are no part of it.
impl From<PdId> for Identity {
    fn from(id: PdId) -> Self {
        Self {
            vendor: id.vendor,
            model: id.model,
            serial: id.serial,
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c] = self.vendor;
        let (model, serial) = (self.model, self.serial);
        write!(
            f,
            "vendor {a:02X}-{b:02X}-{c:02X} model {model} serial {serial:08X}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_both_ways_and_in_words() {
        let octets = [0xAA, 0xBB, 0xCC, 7, 4, 3, 2, 1];
        let identity = Identity::from_octets(octets);
        assert_eq!(identity.to_octets(), octets);
        assert_eq!(
            identity.to_string(),
            "vendor AA-BB-CC model 7 serial 01020304"
        );
    }

    #[test]
    fn other_firmware_is_no_other_reader() {
        let id = PdId {
            vendor: [1, 2, 3],
            model: 4,
            version: 5,
            serial: 6,
            firmware: [7, 8, 9],
        };
        let updated = PdId {
            version: 6,
            firmware: [8, 0, 0],
            ..id
        };
        assert_eq!(Identity::from(id), Identity::from(updated));
        let other = PdId { serial: 7, ..id };
        assert_ne!(Identity::from(id), Identity::from(other));
    }
}
