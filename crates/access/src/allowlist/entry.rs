//! Entry: one card as it is put on the allowlist.

use std::fmt;

use crate::card::CardTag;
use crate::id::DoorId;
use crate::issuance::Holder;
use crate::reason::Reason;
use crate::validity::Validity;

/// Where a card stands, apart from time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// May be used.
    Active,
    /// Waits for an approval or for its holder.
    Pending,
    /// Blocked by an operator.
    Blocked,
    /// Reported lost.
    Lost,
    /// Taken back.
    Returned,
}

impl Standing {
    /// Why a card of this standing is refused, if it is.
    pub(crate) const fn check(self) -> Result<(), Reason> {
        match self {
            Self::Active => Ok(()),
            Self::Pending => Err(Reason::Pending),
            Self::Blocked => Err(Reason::Blocked),
            Self::Lost => Err(Reason::Lost),
            Self::Returned => Err(Reason::Returned),
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Blocked => "blocked",
            Self::Lost => "lost",
            Self::Returned => "returned",
        })
    }
}

/// One door, from when until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Right {
    /// The door.
    pub door: DoorId,
    /// When the right holds.
    pub valid: Validity,
}

/// One card as the register hands it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardEntry {
    /// The keyed tag of its number.
    pub tag: CardTag,
    /// Whose it is.
    pub holder: Holder,
    /// Where it stands.
    pub standing: Standing,
    /// When the card as a whole holds.
    pub valid: Validity,
    /// What it may open; several rights on one door are allowed, one of them must hold.
    pub rights: Vec<Right>,
}

/// One difference between an allowlist and the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The card is on the list like this, whatever it was before.
    Put(CardEntry),
    /// No card with this tag is on the list.
    Remove(CardTag),
}

/// One card as a decision sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card<'a> {
    /// Whose it is.
    pub holder: Holder,
    /// Where it stands.
    pub standing: Standing,
    /// When the card as a whole holds.
    pub valid: Validity,
    /// What it may open, ordered by door.
    pub rights: &'a [Right],
}

impl Card<'_> {
    /// Brings rights into the one order in which equal sets are equal.
    pub(crate) fn order(rights: &mut [Right]) {
        rights.sort_unstable_by_key(|right| (right.door, right.valid.from(), right.valid.until()));
    }

    /// The card as it was put on the list, its rights ordered by door.
    pub(crate) fn to_entry(self, tag: CardTag) -> CardEntry {
        CardEntry {
            tag,
            holder: self.holder,
            standing: self.standing,
            valid: self.valid,
            rights: self.rights.to_vec(),
        }
    }
}
