//! How far the conversation with the controller has got.

use crate::secure::{PdHandshake, Session};

/// The state of Secure Channel at a reader.
#[allow(
    clippy::large_enum_variant,
    reason = "without an allocator there is nothing to box into"
)]
pub(super) enum Link {
    /// No session.
    Clear,
    /// CHLNG answered, SCRYPT awaited.
    Challenged {
        handshake: PdHandshake,
        default_key: bool,
    },
    /// A session.
    Secure { session: Session, default_key: bool },
}
