//! Entropy: where fresh keys come from; the caller's, so that a simulation can repeat itself.

/// A source of random octets. The daemon's is the operating system, the simulator's is seeded.
pub trait Entropy: Send {
    /// Fills `bytes` with random octets. A source that cannot must stop the program: a guessable key is worse.
    fn fill(&mut self, bytes: &mut [u8]);
}
