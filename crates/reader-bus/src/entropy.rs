//! Where random octets come from: the operating system in the daemon, a seed in the simulator.

/// A source of octets nobody can foretell. RND.A of each handshake is drawn from it; a repeated RND.A lets a recorded
/// session be played again.
pub trait Entropy: Send {
    /// Fills `octets`.
    fn fill(&mut self, octets: &mut [u8]);
}
