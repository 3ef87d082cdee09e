//! Decide: may this card open this door now?

use crate::allowlist::Allowlist;
use crate::card::CardTag;
use crate::house::HouseState;
use crate::id::{DoorId, Generation, ReaderId};
use crate::issuance::Holder;
use crate::reason::Reason;
use crate::rule::{Case, Rule, mode, right, standing, validity};
use crate::time::UtcMicros;

/// Every rule a known card must pass, in the order in which they are asked; the first that refuses gives the reason.
pub(crate) const RULES: [Rule; 4] = [standing::RULE, validity::RULE, right::RULE, mode::RULE];

/// A card shown at a reader of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The keyed tag of the card's number.
    pub tag: CardTag,
    /// The door.
    pub door: DoorId,
    /// The reader it was shown at.
    pub reader: ReaderId,
}

/// What was decided. To be recorded in either case.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a decision is to be recorded, then acted on"]
pub enum Decision {
    /// The card may open the door.
    Allow(Grant),
    /// It may not.
    Deny(Denial),
}

/// Leave to open one door once. Not `Clone`: what may happen once cannot be kept.
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    holder: Holder,
    door: DoorId,
    reader: ReaderId,
    generation: Generation,
}

impl Grant {
    /// Whose card it was.
    #[must_use]
    pub const fn holder(&self) -> Holder {
        self.holder
    }

    /// The door that may be opened.
    #[must_use]
    pub const fn door(&self) -> DoorId {
        self.door
    }

    /// The reader the card was shown at.
    #[must_use]
    pub const fn reader(&self) -> ReaderId {
        self.reader
    }

    /// The generation of the allowlist that said so.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }
}

/// A refusal.
#[derive(Debug, PartialEq, Eq)]
pub struct Denial {
    reason: Reason,
    holder: Option<Holder>,
    door: DoorId,
    reader: ReaderId,
    generation: Generation,
}

impl Denial {
    /// Why not; never [`Reason::Ok`].
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// Whose card it was; `None` for an unknown one.
    #[must_use]
    pub const fn holder(&self) -> Option<Holder> {
        self.holder
    }

    /// The door that stays shut.
    #[must_use]
    pub const fn door(&self) -> DoorId {
        self.door
    }

    /// The reader the card was shown at.
    #[must_use]
    pub const fn reader(&self) -> ReaderId {
        self.reader
    }

    /// The generation of the allowlist that said so.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }
}

/// Decides one request. Denies whatever no rule expressly lets pass; allocates nothing.
pub fn decide(
    allowlist: &Allowlist,
    state: &HouseState,
    request: &Request,
    now: UtcMicros,
) -> Decision {
    let Request { tag, door, reader } = *request;
    let generation = allowlist.generation();
    let Some(card) = allowlist.find(&tag) else {
        return Decision::Deny(Denial {
            reason: Reason::UnknownCard,
            holder: None,
            door,
            reader,
            generation,
        });
    };
    let case = Case {
        card,
        door,
        mode: state.mode(door),
        now,
    };
    match RULES.iter().try_for_each(|rule| (rule.judge)(&case)) {
        Ok(()) => Decision::Allow(Grant {
            holder: card.holder,
            door,
            reader,
            generation,
        }),
        Err(reason) => Decision::Deny(Denial {
            reason,
            holder: Some(card.holder),
            door,
            reader,
            generation,
        }),
    }
}
