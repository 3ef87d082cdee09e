//! Mark: what stands in a record for something that is too long for it, or sealed.

use sha2::{Digest, Sha256};

/// The first eight octets of SHA-256, in hexadecimal: binds a record in the log to what the register keeps.
pub(crate) fn mark(octets: &[u8]) -> String {
    short(Sha256::new_with_prefix(octets))
}

/// The same of what was hashed piece by piece.
pub(crate) fn short(all: Sha256) -> String {
    let hash: [u8; 32] = all.finalize().into();
    hash.iter()
        .take(8)
        .map(|octet| format!("{octet:02x}"))
        .collect()
}

/// A list of this many as it is written, or, where that would push other words out of a record, their count and a mark.
pub(crate) fn listed(count: usize, written: String) -> String {
    if written.len() > LISTED_MAX {
        format!("{count}*{}", mark(written.as_bytes()))
    } else {
        written
    }
}

/// Octets that a list may take of a record: two of them, a reason and the other words of an issuance fit.
pub(crate) const LISTED_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_too_long_is_told_by_its_mark() {
        assert_eq!(listed(2, "1,2".to_owned()), "1,2");
        assert_eq!(
            listed(99, "1".repeat(LISTED_MAX + 1)).len(),
            "99*".len() + 16
        );
        assert_ne!(mark(b"1"), mark(b"2"));
    }
}
