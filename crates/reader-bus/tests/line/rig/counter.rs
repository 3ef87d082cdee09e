//! Octets that never repeat.

use reader_bus::Entropy;

pub(super) struct Counter(pub(super) u64);

impl Entropy for Counter {
    fn fill(&mut self, octets: &mut [u8]) {
        for chunk in octets.chunks_mut(8) {
            self.0 += 1;
            let fresh = self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
            chunk.copy_from_slice(&fresh[..chunk.len()]);
        }
    }
}
