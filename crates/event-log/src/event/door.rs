//! Door events: what a door did, and what was done to it.

use access::DoorId;

use super::kinds::kinds;
use super::{Operator, Text};

kinds! {
    /// What happened at a door.
    DoorKind {
        /// An operator opened it once.
        Opened = 1, "door-opened";
        /// It stands unlocked by its mode.
        Unlocked = 2, "door-unlocked";
        /// It was opened without leave.
        Forced = 3, "door-forced";
        /// It was held open too long.
        Held = 4, "door-held";
        /// It is shut again after that.
        Closed = 5, "door-closed";
        /// It was released and nobody went through.
        NoEntry = 6, "no-entry";
        /// Somebody inside pressed the button.
        ExitButton = 7, "exit-button";
        /// A release was too old to be sent, and was not.
        UnlockDropped = 8, "unlock-dropped";
        /// A release was sent, and the reader did not confirm it.
        UnlockFailed = 9, "unlock-failed";
        /// It lets people in another way from now on.
        ModeChanged = 10, "door-mode-changed";
        /// Somebody was let in under duress. Nothing at the door shows it.
        Duress = 11, "duress";
        /// A card was let in on the wrong side of the door, which there is only noted.
        PassbackNoted = 12, "passback-noted";
        /// A card that was reported lost was shown.
        LostCardUsed = 13, "lost-card-used";
        /// Two cards of one person are in use.
        TwoCardsInUse = 14, "two-cards-in-use";
        /// So many wrong PINs of one card were typed that none is taken for a while.
        PinLocked = 15, "pin-locked";
        /// An operator tried the strike, to see that it is wired as it should be.
        TestOpened = 16, "door-test-opened";
        /// It was to be locked at once, and the reader did not confirm it.
        LockFailed = 17, "lock-failed";
    }
}

/// Something happened at a door. Sealed under the house's key; an operator's share under the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorEvent {
    /// What.
    pub kind: DoorKind,
    /// Which door.
    pub door: DoorId,
    /// Who did it, if an operator did.
    pub operator: Option<Operator>,
    /// In words: the operator's reason, or the cause.
    pub detail: Text,
}
