//! The check over everything on disk: CRC-32C, little-endian, behind what it covers.

use crc::{CRC_32_ISCSI, Crc, Table};

/// CRC-32C (RFC 3720, 12.1), as every file of the log has it.
pub(crate) const CRC: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);

/// Puts the check behind the octets.
pub(crate) fn append_check(octets: &mut Vec<u8>) {
    octets.extend(CRC.checksum(octets).to_le_bytes());
}

/// What the check at the end of these octets covers; `None` if it is wrong.
pub(crate) fn checked(octets: &[u8]) -> Option<&[u8]> {
    let (covered, check) = octets.split_last_chunk::<4>()?;
    (CRC.checksum(covered) == u32::from_le_bytes(*check)).then_some(covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_check_comes_out_and_a_changed_octet_is_found() {
        let mut octets = b"123456789".to_vec();
        append_check(&mut octets);
        assert_eq!(octets[9..], 0xE306_9283_u32.to_le_bytes());
        assert_eq!(checked(&octets), Some(&b"123456789"[..]));
        octets[3] ^= 1;
        assert_eq!(checked(&octets), None);
        assert_eq!(checked(&[1, 2, 3]), None);
    }
}
