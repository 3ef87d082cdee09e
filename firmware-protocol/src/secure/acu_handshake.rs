//! The controller's end of the handshake.

use super::session_keys::{Block, SessionKeys, same};
use super::{HandshakeError, Scbk, Session};
use crate::Direction;
use crate::reply::ClientCryptogram;

/// A challenge sent, or about to be: waits for CCRYPT.
#[must_use]
pub struct AcuHandshake {
    keys: SessionKeys,
    rnd_a: [u8; 8],
    default_key: bool,
}

/// The reader has proved itself: send SCRYPT, then wait for RMAC_I.
#[must_use]
pub struct AwaitRMac {
    keys: SessionKeys,
    server_cryptogram: Block,
    default_key: bool,
}

impl AcuHandshake {
    /// Begins with the reader's key and a random number never used before.
    pub fn new(scbk: &Scbk, rnd_a: [u8; 8]) -> Self {
        Self {
            keys: SessionKeys::derive(scbk, rnd_a),
            rnd_a,
            default_key: scbk.is_default(),
        }
    }

    /// RND.A, the data of CHLNG.
    #[must_use]
    pub const fn challenge(&self) -> [u8; 8] {
        self.rnd_a
    }

    /// Whether the key is SCBK-D. The data octet of the security block is then 0, else 1.
    #[must_use]
    pub const fn is_default_key(&self) -> bool {
        self.default_key
    }

    /// CCRYPT has come: checks that the reader knows the key.
    ///
    /// # Errors
    /// [`HandshakeError::ClientCryptogram`] if it does not; begin anew.
    pub fn client_cryptogram(self, reply: &ClientCryptogram) -> Result<AwaitRMac, HandshakeError> {
        let expected = self.keys.client_cryptogram(self.rnd_a, reply.rnd_b);
        if !same(&expected, &reply.cryptogram) {
            return Err(HandshakeError::ClientCryptogram);
        }
        let server_cryptogram = self.keys.server_cryptogram(self.rnd_a, reply.rnd_b);
        Ok(AwaitRMac {
            keys: self.keys,
            server_cryptogram,
            default_key: self.default_key,
        })
    }
}

impl AwaitRMac {
    /// The data of SCRYPT.
    #[must_use]
    pub const fn server_cryptogram(&self) -> [u8; 16] {
        self.server_cryptogram
    }

    /// Whether the key is SCBK-D, for the security block of SCRYPT.
    #[must_use]
    pub const fn is_default_key(&self) -> bool {
        self.default_key
    }

    /// RMAC_I has come: the session stands.
    ///
    /// # Errors
    /// [`HandshakeError::RMacI`] if the reader's initial MAC is not the one it must be; begin anew.
    pub fn r_mac_i(self, r_mac_i: &[u8; 16]) -> Result<Session, HandshakeError> {
        if !same(&self.keys.r_mac_i(&self.server_cryptogram), r_mac_i) {
            return Err(HandshakeError::RMacI);
        }
        Ok(Session::begin(self.keys, *r_mac_i, Direction::Command))
    }
}
