//! The reader's end of the handshake.

use super::session_keys::{Block, SessionKeys, same};
use super::{HandshakeError, Scbk, Session};
use crate::Direction;
use crate::reply::ClientCryptogram;

/// A challenge answered: waits for SCRYPT.
#[must_use]
pub struct PdHandshake {
    keys: SessionKeys,
    expected: Block,
}

impl PdHandshake {
    /// CHLNG has come: the answer to it, and the state that waits for SCRYPT. `rnd_b` is a random number never used before;
    /// a reader that repeats it can be talked to by whoever recorded it.
    pub fn challenged(
        scbk: &Scbk,
        rnd_a: [u8; 8],
        rnd_b: [u8; 8],
        client_id: [u8; 8],
    ) -> (ClientCryptogram, Self) {
        let keys = SessionKeys::derive(scbk, rnd_a);
        let cryptogram = keys.client_cryptogram(rnd_a, rnd_b);
        let expected = keys.server_cryptogram(rnd_a, rnd_b);
        (
            ClientCryptogram {
                client_id,
                rnd_b,
                cryptogram,
            },
            Self { keys, expected },
        )
    }

    /// SCRYPT has come: the data of RMAC_I, and the session.
    ///
    /// # Errors
    /// [`HandshakeError::ServerCryptogram`] if the controller does not know the key.
    pub fn server_cryptogram(
        self,
        cryptogram: &[u8; 16],
    ) -> Result<([u8; 16], Session), HandshakeError> {
        if !same(&self.expected, cryptogram) {
            return Err(HandshakeError::ServerCryptogram);
        }
        let r_mac_i = self.keys.r_mac_i(cryptogram);
        Ok((
            r_mac_i,
            Session::begin(self.keys, r_mac_i, Direction::Reply),
        ))
    }
}
