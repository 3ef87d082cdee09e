//! MFGSTATR and MFGERRR: a maker's own extended status and error.

use core::fmt;

use crate::message::{MessageError, write_runs};

/// The data of MFGSTATR, 83, a status, and of MFGERRR, 84, an error, as the maker defines them. OSDP 2.2 gives them one
/// octet and takes them back in the same breath; readers send more. Our readers send neither.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ManufacturerStatus<'a>(&'a [u8]);

impl<'a> ManufacturerStatus<'a> {
    /// The status in the data of a message, received or to be sent; any octets are one.
    #[must_use]
    pub const fn decode(data: &'a [u8]) -> Self {
        Self(data)
    }

    /// Writes the status as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[self.0])
    }

    /// What the maker defines.
    #[must_use]
    pub const fn octets(&self) -> &'a [u8] {
        self.0
    }
}

/// Shows how much, not what.
impl fmt::Debug for ManufacturerStatus<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ManufacturerStatus({} octets)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::ManufacturerStatus;

    #[test]
    fn a_status_both_ways() {
        let octets = [
            0x42, // known to the maker
        ];
        let status = ManufacturerStatus::decode(&octets);
        let mut out = [0; 1];
        assert_eq!(status.encode(&mut out), Ok(1));
        assert_eq!((out, status.octets()), (octets, &octets[..]));
        assert_eq!(std::format!("{status:?}"), "ManufacturerStatus(1 octets)");
    }
}
