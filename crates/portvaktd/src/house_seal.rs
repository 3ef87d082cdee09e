//! The house's seal on files that leave it and come back: who has not its snapshot key can make none and alter none.

use hmac::{Hmac, KeyInit, Mac};
use key_store::Key32;
use sha2::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA-256 (RFC 2104) over what the file is for and its octets.
#[derive(Clone)]
pub(crate) struct HouseSeal(Hmac<Sha256>);

impl HouseSeal {
    /// The seal of files of one sort, by the house's snapshot key.
    pub(crate) fn new(key: &Key32, sort: &'static [u8]) -> Self {
        let mut padded = Zeroizing::new([0; BLOCK]);
        for (place, octet) in padded.iter_mut().zip(key.as_bytes()) {
            *place = *octet;
        }
        Self(Hmac::new((&*padded).into()).chain_update(sort))
    }

    /// The seal on these octets, in hex.
    pub(crate) fn on(&self, octets: &[u8]) -> String {
        let mac: [u8; 32] = self
            .0
            .clone()
            .chain_update(octets)
            .finalize()
            .into_bytes()
            .into();
        mac.iter().map(|octet| format!("{octet:02x}")).collect()
    }

    /// Whether this is the seal on these octets.
    pub(crate) fn is_on(&self, octets: &[u8], seal: &str) -> bool {
        let digits = seal.trim().as_bytes();
        let octet = |pair: &[u8; 2]| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        };
        let (pairs, rest) = digits.as_chunks::<2>();
        let mac: Option<Vec<u8>> = pairs.iter().map(octet).collect();
        let sealed = self.0.clone().chain_update(octets);
        rest.is_empty() && mac.is_some_and(|mac| sealed.verify_slice(&mac).is_ok())
    }
}

const BLOCK: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_fits_its_octets_its_key_and_its_sort_only() {
        let key = Key32::new([7; 32]);
        let seal = HouseSeal::new(&key, b"portvakt backup");
        let on = seal.on(b"a list");
        // Checked against Python's `hmac`.
        assert_eq!(on, GOLDEN);
        assert!(seal.is_on(b"a list", &format!("{on}\n")));
        for (octets, seal_on) in [
            (&b"a mist"[..], on.as_str()),
            (b"a list", ""),
            (b"a list", "zz"),
            (b"a list", &on[..62]),
            (b"a list", &on[..63]),
        ] {
            assert!(!seal.is_on(octets, seal_on), "{seal_on}");
        }
        let other = HouseSeal::new(&Key32::new([8; 32]), b"portvakt backup");
        assert!(!other.is_on(b"a list", &on));
        assert!(!HouseSeal::new(&key, b"portvakt shreds").is_on(b"a list", &on));
    }

    const GOLDEN: &str = "1ba5c1ccc0e0ad04e3dc3cf3dcbe9103b862f618f93732fc5ae1426c6c040d02";
}
