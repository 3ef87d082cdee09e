//! One Secure Channel session: seals what this end sends, opens what the other end sent.

use core::fmt;

use super::chain::Chain;
use super::session_keys::{Block, SessionKeys};
use super::{Header, SecureError};
use crate::{Direction, Frame};

/// One end of a session. A wrong MAC wipes the keys: from then on nothing can be sealed or opened, whoever forgets to look.
///
/// A retry is never sealed anew: keep the sealed octets and send them again. A reply BUSY does not belong to the session;
/// do not open it.
pub struct Session {
    chain: Option<Chain>,
    sends: Direction,
}

/// What a sealed frame said, its MAC checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opened<'b> {
    /// The command or reply code.
    pub code: u8,
    /// The data in clear.
    pub data: &'b [u8],
    /// Whether the data came encrypted (SCS_17, SCS_18) rather than in clear with a MAC.
    pub encrypted: bool,
}

impl Session {
    pub(super) fn begin(keys: SessionKeys, r_mac_i: Block, sends: Direction) -> Self {
        Self {
            chain: Some(Chain::new(keys, r_mac_i)),
            sends,
        }
    }

    /// Writes a whole sealed frame, without the mark, into `out` and returns its length: MAC only if `data` is empty, else
    /// encrypted too.
    ///
    /// # Errors
    /// [`SecureError`]; none of those that can occur here ends the session.
    pub fn seal(
        &mut self,
        header: Header,
        code: u8,
        data: &[u8],
        out: &mut [u8],
    ) -> Result<usize, SecureError> {
        let chain = self.chain.as_mut().ok_or(SecureError::Dead)?;
        if header.direction != self.sends {
            return Err(SecureError::Direction);
        }
        chain.seal(header, code, data, out)
    }

    /// Checks the MAC of a received frame, in constant time and before anything else, then decrypts its data into `plain`,
    /// which must have room for all of the frame's data. Wipe `plain` afterwards.
    ///
    /// # Errors
    /// [`SecureError`], which says whether the session is over.
    pub fn open<'b>(
        &mut self,
        frame: &Frame<'_>,
        plain: &'b mut [u8],
    ) -> Result<Opened<'b>, SecureError> {
        let chain = self.chain.as_mut().ok_or(SecureError::Dead)?;
        if frame.direction == self.sends {
            return Err(SecureError::Direction);
        }
        let opened = chain.open(frame, plain);
        if matches!(
            opened,
            Err(SecureError::Mac | SecureError::Padding | SecureError::NotSecure)
        ) {
            self.end();
        }
        opened
    }

    /// Ends the session and wipes its keys.
    pub fn end(&mut self) {
        self.chain = None;
    }

    /// Whether the session has ended.
    #[must_use]
    pub const fn is_dead(&self) -> bool {
        self.chain.is_none()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("sends", &self.sends)
            .field("dead", &self.is_dead())
            .finish_non_exhaustive()
    }
}

/// Shows how much data, not which.
impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Opened({:#04x}, {} octets, encrypted {})",
            self.code,
            self.data.len(),
            self.encrypted
        )
    }
}
