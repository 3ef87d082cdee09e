//! Secure Channel, both ends: handshake, session keys, MAC chain, encryption (OSDP 2.2, annex D).
//!
//! The order of the handshake is in the types: [`AcuHandshake`] → [`AwaitRMac`] → [`Session`] at the controller,
//! [`PdHandshake`] → [`Session`] at the reader. Each step consumes the one before; there is no other way to a session.

mod acu_handshake;
#[cfg(test)]
mod annex_e;
mod chain;
mod error;
mod pd_handshake;
mod scbk;
mod session;
mod session_keys;

pub use acu_handshake::{AcuHandshake, AwaitRMac};
pub use error::{HandshakeError, SecureError};
pub use pd_handshake::PdHandshake;
pub use scbk::{Scbk, Weakness};
pub use session::{Opened, Session};

pub use crate::frame::Header;
