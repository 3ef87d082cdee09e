//! CCRYPT: the reader proves that it knows the key.

use crate::message::{MessageError, exactly, write_runs};

/// The data of CCRYPT, 76 (OSDP 2.2, annex D). Not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientCryptogram {
    /// cUID: the first eight octets of the reader's PDID.
    pub client_id: [u8; 8],
    /// RND.B: the reader's random number, never used before.
    pub rnd_b: [u8; 8],
    /// RND.A ‖ RND.B under S-ENC.
    pub cryptogram: [u8; 16],
}

impl ClientCryptogram {
    /// The cryptogram in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has 32 octets.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        let short = MessageError::Length {
            actual: data.len(),
            needed: DATA_LEN,
        };
        let (client_id, rest) = data.split_first_chunk().ok_or(short)?;
        let (rnd_b, rest) = rest.split_first_chunk().ok_or(short)?;
        let cryptogram = exactly(rest).map_err(|_| short)?;
        Ok(Self {
            client_id: *client_id,
            rnd_b: *rnd_b,
            cryptogram,
        })
    }

    /// Writes the cryptogram as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[&self.client_id, &self.rnd_b, &self.cryptogram])
    }
}

const DATA_LEN: usize = 32;

#[cfg(test)]
mod tests {
    use super::ClientCryptogram;
    use crate::MessageError;

    #[rustfmt::skip]
    const OCTETS: [u8; 32] = [
        0x0A, 0x00, 0x17, 0x03, 0x00, 0xCA, 0xFE, 0xDE, // cUID
        0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, // RND.B of annex E
        0xFD, 0xE5, 0xD2, 0xF4, 0x28, 0xEC, 0x16, 0x31, // client cryptogram of annex E
        0x24, 0x71, 0xEA, 0x3C, 0x02, 0xBD, 0x77, 0x96,
    ];

    #[test]
    fn a_cryptogram_both_ways() {
        let decoded = ClientCryptogram::decode(&OCTETS).unwrap();
        assert_eq!(decoded.client_id, OCTETS[..8]);
        assert_eq!(decoded.rnd_b, OCTETS[8..16]);
        assert_eq!(decoded.cryptogram, OCTETS[16..]);
        let mut out = [0; 32];
        assert_eq!(decoded.encode(&mut out), Ok(32));
        assert_eq!(out, OCTETS);
    }

    #[test]
    fn any_other_length_is_refused() {
        for len in [0, 7, 15, 31] {
            let wrong = MessageError::Length {
                actual: len,
                needed: 32,
            };
            assert_eq!(ClientCryptogram::decode(&OCTETS[..len]), Err(wrong));
        }
        let wrong = MessageError::Length {
            actual: 33,
            needed: 32,
        };
        assert_eq!(ClientCryptogram::decode(&[0; 33]), Err(wrong));
    }
}
