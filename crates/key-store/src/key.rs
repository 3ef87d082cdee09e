//! A key of 32 octets that leaves no copy behind.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::entropy::Entropy;

/// 256 bits of key, overwritten in memory when dropped and never printed.
pub struct Key32([u8; 32]);

impl Key32 {
    /// Takes these octets as a key. The caller's own copy is the caller's to overwrite.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A fresh key.
    pub fn random(entropy: &mut dyn Entropy) -> Self {
        let mut key = Self([0; 32]);
        entropy.fill(&mut key.0);
        key
    }

    /// The octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) const fn as_mut_bytes(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }
}

impl Drop for Key32 {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Key32 {}

impl fmt::Debug for Key32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key32(..)")
    }
}

/// So many fresh keys, one after the other: the system is asked for some dozens at a time.
pub(crate) struct FreshKeys<'e> {
    entropy: &'e mut dyn Entropy,
    /// Not asked for yet.
    missing: usize,
    drawn: Zeroizing<[[u8; 32]; DRAWN_AT_ONCE]>,
    /// How many of those that were drawn are not given yet.
    left: usize,
}

impl<'e> FreshKeys<'e> {
    pub(crate) fn of(entropy: &'e mut dyn Entropy, count: usize) -> Self {
        Self {
            entropy,
            missing: count,
            drawn: Zeroizing::new([[0; 32]; DRAWN_AT_ONCE]),
            left: 0,
        }
    }
}

impl Iterator for FreshKeys<'_> {
    type Item = Key32;

    fn next(&mut self) -> Option<Key32> {
        if self.left == 0 {
            let asked = self.missing.min(DRAWN_AT_ONCE);
            self.entropy
                .fill(self.drawn.get_mut(..asked)?.as_flattened_mut());
            self.missing -= asked;
            self.left = asked;
        }
        self.left = self.left.checked_sub(1)?;
        let drawn = self.drawn.get_mut(self.left)?;
        let key = Key32(*drawn);
        drawn.zeroize();
        Some(key)
    }
}

/// Keys drawn together.
const DRAWN_AT_ONCE: usize = 64;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Never gives the same octets twice.
    struct Counting(u64);

    impl Entropy for Counting {
        fn fill(&mut self, bytes: &mut [u8]) {
            for octets in bytes.chunks_mut(8) {
                self.0 += 1;
                octets.copy_from_slice(&self.0.to_be_bytes()[..octets.len()]);
            }
        }
    }

    #[test]
    fn so_many_keys_come_as_were_asked_for_and_each_once() {
        for count in [0, 1, 63, 64, 65, 200] {
            let mut entropy = Counting(0);
            let keys: BTreeSet<[u8; 32]> = FreshKeys::of(&mut entropy, count)
                .map(|key| *key.as_bytes())
                .collect();
            assert_eq!(keys.len(), count);
            assert!(!keys.contains(&[0; 32]));
            assert_eq!(entropy.0, 4 * u64::try_from(count).unwrap());
        }
    }
}
