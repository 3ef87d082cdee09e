//! Entropy from the operating system: keys, nonces and challenges.

/// The system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OsEntropy;

impl OsEntropy {
    fn draw(bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Without randomness every key and challenge would be guessable; nothing may go on.
            tracing::error!("the system gives no random octets; stopping");
            std::process::abort();
        }
    }
}

impl key_store::Entropy for OsEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        Self::draw(bytes);
    }
}

impl reader_bus::Entropy for OsEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        Self::draw(bytes);
    }
}
