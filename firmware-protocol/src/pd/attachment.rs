//! Octets that come with an event: a text, a piece of a file, a maker's message.

use zeroize::Zeroize;

use super::PdEvent;
use crate::outlet::copy;

/// The longest text, piece of a file or maker's message taken, octets.
pub const ATTACHED_LEN_MAX: usize = 256;

/// Room for one event with octets. It is full until the event is fetched; the octets stay until the next one comes, and are
/// wiped then: a text may name somebody.
pub(super) struct Attachment {
    event: Option<PdEvent>,
    octets: [u8; ATTACHED_LEN_MAX],
    len: usize,
}

impl Attachment {
    pub(super) const fn new() -> Self {
        Self {
            event: None,
            octets: [0; ATTACHED_LEN_MAX],
            len: 0,
        }
    }

    /// Takes the event and its octets, or nothing if they are too many or another event still waits.
    pub(super) fn put(&mut self, event: PdEvent, octets: &[u8]) -> bool {
        if self.event.is_some() || octets.len() > ATTACHED_LEN_MAX {
            return false;
        }
        self.octets.zeroize();
        copy(octets, &mut self.octets);
        self.len = octets.len();
        self.event = Some(event);
        true
    }

    pub(super) const fn waits(&self) -> bool {
        self.event.is_some()
    }

    pub(super) fn take(&mut self) -> Option<PdEvent> {
        self.event.take()
    }

    pub(super) fn octets(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        self.octets.zeroize();
    }
}
