//! MFG and MFGREP: what a maker's own controller and reader tell each other.

use core::fmt;

use crate::message::{MessageError, write_runs};

/// The data of MFG, 80, and of its answer MFGREP, 90: the maker's IEEE OUI, then what the maker defines (OSDP 2.2). The
/// answer comes at once or at a later poll.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Manufacturer<'a> {
    /// The maker's IEEE OUI.
    pub vendor: [u8; 3],
    /// What the maker defines.
    pub data: &'a [u8],
}

impl<'a> Manufacturer<'a> {
    /// The maker's message in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] below three octets.
    pub fn decode(data: &'a [u8]) -> Result<Self, MessageError> {
        let (vendor, data) = data.split_first_chunk().ok_or(MessageError::Length {
            actual: data.len(),
            needed: VENDOR_LEN,
        })?;
        Ok(Self {
            vendor: *vendor,
            data,
        })
    }

    /// Writes the maker's message as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[&self.vendor, self.data])
    }
}

/// Shows whose and how much, not what: only the maker knows what it means.
impl fmt::Debug for Manufacturer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [v0, v1, v2] = self.vendor;
        let len = self.data.len();
        write!(f, "Manufacturer({v0:02x}{v1:02x}{v2:02x}, {len} octets)")
    }
}

const VENDOR_LEN: usize = 3;

#[cfg(test)]
mod tests {
    extern crate std;

    use super::Manufacturer;
    use crate::MessageError;

    #[test]
    fn a_makers_message_both_ways() {
        let octets = [
            0x0A, 0x00, 0x17, // the maker
            0x01, 0xCA, 0xFE, // known to the maker
        ];
        let message = Manufacturer::decode(&octets).unwrap();
        assert_eq!(message.vendor, [0x0A, 0x00, 0x17]);
        assert_eq!(message.data, [0x01, 0xCA, 0xFE]);
        let mut out = [0; 6];
        assert_eq!(message.encode(&mut out), Ok(6));
        assert_eq!(out, octets);
        assert_eq!(
            std::format!("{message:?}"),
            "Manufacturer(0a0017, 3 octets)"
        );
        assert_eq!(
            Manufacturer::decode(&octets[..2]),
            Err(MessageError::Length {
                actual: 2,
                needed: 3
            })
        );
        assert_eq!(
            Manufacturer::decode(&octets[..3]).map(|m| m.data.len()),
            Ok(0)
        );
    }
}
