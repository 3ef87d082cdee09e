//! Passage: from the bits of a card to a grant, or to the record of a refusal.

use access::{
    Allowlist, BitsError, CardBits, CardTag, ClockQuality, Decision, DoorId, FormatSet, Grant,
    Holder, HouseState, ReaderId, Reason, Request, TagKey, UtcMicros, decide_held,
};
use event_log::{Passage, PassageKind, Who};

use crate::day_keys::DayKeys;
use crate::now::Now;

/// A card as a reader gave it.
#[derive(Debug)]
pub(crate) struct Read<'a> {
    /// The reader.
    pub(crate) reader: ReaderId,
    /// The door the reader asks for, if it asks for one.
    pub(crate) door: Option<DoorId>,
    /// The formats the reader reads.
    pub(crate) formats: &'a FormatSet,
    /// The bits, if they can be a card at all.
    pub(crate) bits: Result<&'a CardBits, BitsError>,
    /// Whether it was shown just now, not kept by a reader that was offline.
    pub(crate) live: bool,
}

/// Everything a card is judged by.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    pub(crate) allowlist: &'a Allowlist,
    pub(crate) house: &'a HouseState,
    pub(crate) tag_key: &'a TagKey,
    pub(crate) day_keys: &'a DayKeys,
    pub(crate) now: Now,
    /// What the wall clock says, while its jump is held: a card must be let in at both times.
    pub(crate) held: Option<UtcMicros>,
}

/// A card that is not let in.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The record of it.
    pub(crate) passage: Passage,
    /// The card, if it is known.
    pub(crate) known: Option<(CardTag, Holder)>,
}

impl Judge<'_> {
    /// A grant, or the record of why not.
    pub(crate) fn judge(&self, read: &Read<'_>) -> Result<Grant, Refused> {
        let bits = read.bits.map_err(|_| self.no_card(read))?;
        let number = read.formats.read(bits).map_err(|error| {
            let tag = self.day_keys.tag_of_bits(bits, self.now.utc);
            self.refusal(read, unknown(tag, bits), error.reason())
        })?;
        let tag = self.tag_key.tag(&number);
        let known = self.allowlist.find(&tag).map(|card| (tag, card.holder));
        let who = match known {
            Some((_, holder)) => Who::Holder(holder),
            None => unknown(self.day_keys.tag(&number, self.now.utc), bits),
        };
        let passage = if read.live {
            match self.at_door(read, tag) {
                Ok(grant) => return Ok(grant),
                Err(reason) => self.refusal(read, who, reason),
            }
        } else {
            Passage {
                kind: PassageKind::Buffered,
                ..self.refusal(read, who, Reason::Buffered)
            }
        };
        Err(Refused { passage, known })
    }

    fn at_door(&self, read: &Read<'_>, tag: CardTag) -> Result<Grant, Reason> {
        match read.door {
            Some(door) => self.decide(&Request::card(tag, door, read.reader)),
            None if self.allowlist.find(&tag).is_some() => Err(Reason::NoRight),
            None => Err(self.allowlist.unheld(&tag)),
        }
    }

    /// A grant, or why not.
    pub(crate) fn decide(&self, request: &Request) -> Result<Grant, Reason> {
        let kept = self.now.utc;
        let at = |utc| match decide_held(self.allowlist, self.house, request, (utc, kept)) {
            Decision::Allow(grant) => Ok(grant),
            Decision::Deny(denial) => Err(denial.reason()),
        };
        let grant = at(self.now.utc)?;
        if let Some(held) = self.held {
            at(held)?;
        }
        if self.now.clock == ClockQuality::Unknown {
            return Err(Reason::ClockUnknown);
        }
        Ok(grant)
    }

    /// Bits that no card has: none, or too many.
    fn no_card(&self, read: &Read<'_>) -> Passage {
        self.refusal(read, NOBODY, Reason::WrongFormat)
    }

    fn refusal(&self, read: &Read<'_>, who: Who, reason: Reason) -> Passage {
        self.refused((read.reader, read.door), who, reason)
    }

    /// The record of a refusal at a reader that asks for a door.
    pub(crate) fn refused(
        &self,
        (reader, door): (ReaderId, Option<DoorId>),
        who: Who,
        reason: Reason,
    ) -> Passage {
        Passage {
            kind: PassageKind::Denied,
            door,
            reader,
            who,
            reason,
            generation: self.allowlist.generation(),
        }
    }
}

impl From<Passage> for Refused {
    fn from(passage: Passage) -> Self {
        Self {
            passage,
            known: None,
        }
    }
}

/// Nobody: no card was shown, or bits that no card has.
pub(crate) const NOBODY: Who = Who::Unknown {
    tag: NO_TAG,
    bit_count: 0,
};
const NO_TAG: access::UnknownTag = access::UnknownTag::new([0; 8]);
/// Bits in which keypads tell keys, at most.
const KEY_BITS_MAX: u16 = 8;

/// The record of a grant.
pub(crate) fn granted(grant: &Grant) -> Passage {
    Passage {
        kind: PassageKind::Granted,
        door: Some(grant.door()),
        reader: grant.reader(),
        who: Who::Holder(grant.holder()),
        reason: Reason::Ok,
        generation: grant.generation(),
    }
}

/// The record of a grant that cannot be made durable, and so is none.
pub(crate) fn not_durable(grant: &Grant) -> Passage {
    Passage {
        kind: PassageKind::Denied,
        reason: Reason::LogNotDurable,
        ..granted(grant)
    }
}

/// So few bits may be a key of a keypad that nobody told us of; under any key they would tell which.
fn unknown(tag: access::UnknownTag, bits: &CardBits) -> Who {
    let may_be_key = bits.count() <= KEY_BITS_MAX;
    Who::Unknown {
        tag: if may_be_key { NO_TAG } else { tag },
        bit_count: bits.count(),
    }
}
