//! Entry: one card as it is put on the allowlist.

use std::fmt;

use crate::card::CardTag;
use crate::id::{DoorId, GroupId, ScheduleId};
use crate::issuance::{Holder, IssuanceId};
use crate::pin::Pin;
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

/// What a right is on. Doors come before groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// One door.
    Door(DoorId),
    /// Every door of a group, as the configuration has it.
    Group(GroupId),
}

/// One door or group of doors, from when until when, at which hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Right {
    /// Where.
    pub place: Place,
    /// When the right holds.
    pub valid: Validity,
    /// At which hours; `None` is at any.
    pub schedule: Option<ScheduleId>,
}

impl Right {
    /// A right on a door, at any hour.
    #[must_use]
    pub const fn on(door: DoorId, valid: Validity) -> Self {
        Self {
            place: Place::Door(door),
            valid,
            schedule: None,
        }
    }
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
    /// Whether it is a visitor's.
    pub visitor: bool,
    /// Its PIN, if it has one.
    pub pin: Option<Pin>,
    /// The issuance of the same person that this card stands for, or that stands for it.
    pub twin: Option<IssuanceId>,
}

impl CardEntry {
    /// A card without rights, of somebody of the house.
    #[must_use]
    pub const fn new(tag: CardTag, holder: Holder, standing: Standing, valid: Validity) -> Self {
        Self {
            tag,
            holder,
            standing,
            valid,
            rights: Vec::new(),
            visitor: false,
            pin: None,
            twin: None,
        }
    }
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
    /// What it may open, doors before groups.
    pub rights: &'a [Right],
    /// Whether it is a visitor's.
    pub visitor: bool,
}

impl Card<'_> {
    /// Brings rights into the one order in which equal sets are equal.
    pub(crate) fn order(rights: &mut [Right]) {
        rights.sort_unstable_by_key(|right| {
            (
                right.place,
                right.valid.from(),
                right.valid.until(),
                right.schedule,
            )
        });
    }
}
