//! Hash key: a key under which secrets become numbers that tell nothing of them.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA-256 (RFC 2104) with both padded key blocks already hashed, so that a short text costs two compressions. Wiped when
/// dropped, never printed.
#[derive(Clone)]
pub(crate) struct HashKey(Hmac<Sha256>);

impl HashKey {
    /// The key of these 32 octets; the caller wipes its own copy.
    pub(crate) fn new(key: [u8; 32]) -> Self {
        let key = Zeroizing::new(key);
        let mut padded = Zeroizing::new([0; BLOCK]);
        for (place, octet) in padded.iter_mut().zip(key.iter()) {
            *place = *octet;
        }
        Self(Hmac::new((&*padded).into()))
    }

    /// The first octets, 32 at most, of the HMAC over these parts, one behind the other.
    pub(crate) fn hash<const N: usize>(&self, parts: &[&[u8]]) -> [u8; N] {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        const { assert!(N <= 32, "no more octets than a hash has") };
        full.first_chunk().copied().unwrap_or([0; N])
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(..)")
    }
}

/// The block of SHA-256, in octets.
const BLOCK: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    /// Checked against Python's `hmac`.
    #[test]
    fn parts_are_hashed_as_one_text() {
        let key = HashKey::new([0x0B; 32]);
        let whole: [u8; 32] = key.hash(&[b"Hi There"]);
        assert_eq!(whole, HI_THERE);
        assert_eq!(key.hash::<32>(&[b"Hi", b"", b" There"]), whole);
        assert_eq!(key.hash::<5>(&[b"Hi There"]), whole[..5]);
        assert_ne!(HashKey::new([0x0C; 32]).hash::<32>(&[b"Hi There"]), whole);
    }
    const HI_THERE: [u8; 32] = [
        0x19, 0x8A, 0x60, 0x7E, 0xB4, 0x4B, 0xFB, 0xC6, 0x99, 0x03, 0xA0, 0xF1, 0xCF, 0x2B, 0xBD,
        0xC5, 0xBA, 0x0A, 0xA3, 0xF3, 0xD9, 0xAE, 0x3C, 0x1C, 0x7A, 0x3B, 0x16, 0x96, 0xA0, 0xB6,
        0x8C, 0xF7,
    ];
}
