//! Decide: may this card open this door now?

use crate::allowlist::{Allowlist, Card};
use crate::card::CardTag;
use crate::house::HouseState;
use crate::id::{DoorId, Generation, ReaderId};
use crate::issuance::Holder;
use crate::naming::ByNumber;
use crate::pin::PinEntry;
use crate::reason::Reason;
use crate::rule::{
    Case, Rule, again, escort, interlock, lockdown, mode, passback, persons, pin, right, standing,
    trust, validity,
};
use crate::time::UtcMicros;

/// Every rule a known card must pass, in the order in which they are asked; the first that refuses gives the reason. What is
/// true of the card comes first, then the door, then what the holder can still do: type a PIN, wait for others.
pub(crate) const RULES: [Rule; 12] = [
    standing::RULE,
    validity::RULE,
    right::RULE,
    lockdown::RULE,
    mode::RULE,
    trust::RULE,
    again::RULE,
    passback::RULE,
    interlock::RULE,
    pin::RULE,
    escort::RULE,
    persons::RULE,
];

/// A card shown at a reader of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The keyed tag of the card's number.
    pub tag: CardTag,
    /// The door.
    pub door: DoorId,
    /// The reader it was shown at.
    pub reader: ReaderId,
    /// Whether the card itself was shown; if not, the number of its PIN was typed.
    pub card_shown: bool,
    /// What was typed.
    pub pin: PinEntry,
}

impl Request {
    /// A card shown at a reader of a door, and nothing typed.
    #[must_use]
    pub const fn card(tag: CardTag, door: DoorId, reader: ReaderId) -> Self {
        Self {
            tag,
            door,
            reader,
            card_shown: true,
            pin: PinEntry::None,
        }
    }
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
    remarks: Remarks,
}

/// What is to be told of a grant, quietly, besides that it was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// The PIN that says: I am forced. Whoever stands there must not notice.
    pub duress: bool,
    /// The card was on the wrong side of the door, which here is only noted.
    pub passback: bool,
    /// The card is a visitor's.
    pub visitor: bool,
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

    /// What else is to be told.
    #[must_use]
    pub const fn remarks(&self) -> Remarks {
        self.remarks
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

    /// Whose card it was; `None` for an unknown one, and for one of the house that nobody holds.
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
    decide_held(allowlist, state, request, (now, now))
}

/// The same by a wall clock whose jump is held: rights and hours count by it, and how long ago something happened by the time that is
/// kept meanwhile.
pub fn decide_held(
    allowlist: &Allowlist,
    state: &HouseState,
    request: &Request,
    (now, kept): (UtcMicros, UtcMicros),
) -> Decision {
    let Request {
        tag, door, reader, ..
    } = *request;
    let generation = allowlist.generation();
    let Some(card) = allowlist.find(&tag) else {
        return Decision::Deny(Denial {
            reason: allowlist.unheld(&tag),
            holder: None,
            door,
            reader,
            generation,
        });
    };
    let case = Case {
        kept,
        ..case(allowlist, card, state, request, now)
    };
    match RULES.iter().try_for_each(|rule| (rule.judge)(&case)) {
        Ok(()) => Decision::Allow(Grant {
            holder: card.holder,
            door,
            reader,
            generation,
            remarks: Remarks {
                duress: request.pin == PinEntry::Duress,
                passback: passback::is_soft(&case),
                visitor: card.visitor,
            },
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

/// All that the rules may look at.
pub(crate) fn case<'a>(
    allowlist: &'a Allowlist,
    card: Card<'a>,
    house: &'a HouseState,
    request: &Request,
    now: UtcMicros,
) -> Case<'a> {
    let Request { door, reader, .. } = *request;
    let rules = house.plan().door(door);
    let first_card = house.first_card_came(door);
    let mode = rules.map(|rules| {
        let modes = allowlist.modes();
        modes.mode(allowlist.timetable(), (door, rules.mode), first_card, now)
    });
    let at = house.plan().reader(reader);
    let again = rules.is_some_and(|rules| rules.again_after.is_some());
    let whereabouts = (again || at.into.is_some() || at.out_of.is_some())
        .then(|| house.occupancy().of(card.holder.issuance))
        .flatten();
    Case {
        card,
        allowlist,
        house,
        door,
        rules,
        mode,
        reader,
        at,
        whereabouts,
        card_shown: request.card_shown,
        pin: request.pin,
        now,
        kept: now,
        naming: &ByNumber,
    }
}

#[cfg(test)]
mod tests;
