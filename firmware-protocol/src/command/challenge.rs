//! CHLNG: the controller's random number, which begins a Secure Channel handshake.

use crate::message::{MessageError, exactly, write_runs};

/// The data of CHLNG, 76: RND.A, eight octets never used before. Not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RndA(pub [u8; 8]);

impl RndA {
    /// The number in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has eight octets.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        exactly(data).map(Self)
    }

    /// Writes the number as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[&self.0])
    }
}

#[cfg(test)]
mod tests {
    use super::RndA;
    use crate::MessageError;

    #[test]
    fn a_challenge_both_ways() {
        let octets = [0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7]; // RND.A of annex E
        let mut out = [0; 8];
        assert_eq!(RndA::decode(&octets).unwrap().encode(&mut out), Ok(8));
        assert_eq!(out, octets);
        assert_eq!(
            RndA::decode(&octets[1..]),
            Err(MessageError::Length {
                actual: 7,
                needed: 8
            })
        );
    }
}
