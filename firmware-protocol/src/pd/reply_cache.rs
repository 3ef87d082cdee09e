//! The last reply, kept in case the controller did not hear it.

use super::REPLY_LEN_MAX;
use crate::check::crc16;
use crate::frame::HEAD_LEN;
use crate::outlet::copy;
use crate::{Frame, Header};

/// The last command's fingerprint and the octets that answered it. A repeated command gets the same octets again; the MAC
/// chain must not move twice.
pub(super) struct ReplyCache {
    fingerprint: Option<Fingerprint>,
    reply: [u8; REPLY_LEN_MAX],
    len: usize,
}

/// Enough to tell a repeated command from another one by accident. A forged one gets only what was sent already.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fingerprint {
    header: Header,
    len: usize,
    crc: u16,
    mac: Option<[u8; 4]>,
}

impl ReplyCache {
    pub(super) const fn new() -> Self {
        Self {
            fingerprint: None,
            reply: [0; REPLY_LEN_MAX],
            len: 0,
        }
    }

    /// Whether the kept reply answers this very frame.
    pub(super) fn answers(&self, frame: &Frame<'_>) -> bool {
        self.fingerprint == Some(Fingerprint::of(frame))
    }

    pub(super) fn keep(&mut self, frame: &Frame<'_>, reply: &[u8]) {
        self.fingerprint = Some(Fingerprint::of(frame));
        self.len = reply.len();
        copy(reply, &mut self.reply);
    }

    /// Writes the kept reply and returns its length.
    pub(super) fn copy_to(&self, out: &mut [u8]) -> Option<usize> {
        let reply = self.reply.get(..self.len)?;
        copy(reply, out.get_mut(..self.len)?);
        Some(self.len)
    }
}

impl Fingerprint {
    fn of(frame: &Frame<'_>) -> Self {
        // Without the header: its reserved bits may differ between two sendings.
        let body = frame.covered().get(HEAD_LEN..).unwrap_or_default();
        Self {
            header: frame.header(),
            len: body.len(),
            crc: crc16(body),
            mac: frame.mac(),
        }
    }
}
