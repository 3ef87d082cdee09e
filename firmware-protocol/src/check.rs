//! The check at the end of a frame: CRC-16 or an eight-bit checksum.

use crc::{CRC_16_SPI_FUJITSU, Crc};

/// How a frame's end is checked (OSDP 2.2). Control bit 2 says which; a reply uses its command's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// CRC-16, polynomial 1021, initial value 1D0F, little-endian, two octets.
    Crc,
    /// The two's complement of the sum of all octets, one octet. Misses many double faults.
    Checksum,
}

impl Check {
    /// Octets the check takes at the end of a frame.
    #[must_use]
    pub const fn octets(self) -> usize {
        match self {
            Self::Crc => 2,
            Self::Checksum => 1,
        }
    }
}

/// CRC-16 of `octets` as OSDP wants it: 1D0F is FFFF after the two zero octets of the augmented form.
pub(crate) fn crc16(octets: &[u8]) -> u16 {
    CRC.checksum(octets)
}

/// The octet that brings the sum of `octets` and itself to zero.
pub(crate) fn checksum(octets: &[u8]) -> u8 {
    octets
        .iter()
        .fold(0u8, |sum, octet| sum.wrapping_add(*octet))
        .wrapping_neg()
}

static CRC: Crc<u16> = Crc::<u16>::new(&CRC_16_SPI_FUJITSU);

#[cfg(test)]
mod tests {
    use super::{checksum, crc16};

    #[test]
    fn a_poll_is_checked_both_ways() {
        // A POLL to reader 0 with sequence 0, first with CRC, then with checksum.
        let body = [0x53, 0x00, 0x08, 0x00, 0x04, 0x60];
        assert_eq!(crc16(&body).to_le_bytes(), [0xEB, 0xAA]);
        let body = [0x53, 0x00, 0x07, 0x00, 0x02, 0x60];
        assert_eq!(checksum(&body), 0x44);
    }

    #[test]
    fn the_check_figure_of_the_catalogue() {
        assert_eq!(crc16(b"123456789"), 0xE5CC);
    }
}
