//! A key of 32 octets that leaves no copy behind.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

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
