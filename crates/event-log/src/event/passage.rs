//! Passages: a card at a reader, let in or not.

use access::{DoorId, Generation, Holder, ReaderId, Reason, UnknownTag};

use super::kinds::kinds;

kinds! {
    /// What became of a card.
    PassageKind {
        /// It was let in; the record comes before the unlock.
        Granted = 1, "access-granted";
        /// It was not.
        Denied = 2, "access-denied";
        /// The reader had kept it while it was offline: logged, never granted.
        Buffered = 3, "access-buffered";
    }
}

/// A card was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// What became of it.
    pub kind: PassageKind,
    /// The door that was asked for; `None` if the reader stands at none.
    pub door: Option<DoorId>,
    /// The reader.
    pub reader: ReaderId,
    /// Whose card.
    pub who: Who,
    /// Why.
    pub reason: Reason,
    /// The allowlist by which it was decided.
    pub generation: Generation,
}

/// Whose card it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A known holder's; sealed under the holder's key.
    Holder(Holder),
    /// Nobody known; sealed under the day's key. Never the tag of a known card.
    Unknown {
        /// Keyed tag of the day, so that one unknown card can be followed for a day.
        tag: UnknownTag,
        /// Bits the reader sent.
        bit_count: u16,
    },
}
