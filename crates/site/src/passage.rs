//! Passage: from the bits of a card to a grant, or to the record of a refusal.

use access::{
    Allowlist, BitsError, CardBits, CardTag, ClockQuality, Decision, DoorId, FormatSet, Grant,
    HouseState, ReaderId, Reason, Request, TagKey, decide,
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
}

impl Judge<'_> {
    /// A grant, or the record of why not.
    pub(crate) fn judge(&self, read: &Read<'_>) -> Result<Grant, Passage> {
        let bits = read.bits.map_err(|_| self.no_card(read))?;
        let number = read.formats.read(bits).map_err(|error| {
            let tag = self.day_keys.tag_of_bits(bits, self.now.utc);
            self.refusal(read, unknown(tag, bits), error.reason())
        })?;
        let tag = self.tag_key.tag(&number);
        let who = match self.allowlist.find(&tag) {
            Some(card) => Who::Holder(card.holder),
            None => unknown(self.day_keys.tag(&number, self.now.utc), bits),
        };
        if !read.live {
            let kind = PassageKind::Buffered;
            return Err(Passage {
                kind,
                ..self.refusal(read, who, Reason::Buffered)
            });
        }
        self.decide(read, tag)
            .map_err(|reason| self.refusal(read, who, reason))
    }

    fn decide(&self, read: &Read<'_>, tag: CardTag) -> Result<Grant, Reason> {
        let Some(door) = read.door else {
            let known = self.allowlist.find(&tag).is_some();
            return Err(if known {
                Reason::NoRight
            } else {
                Reason::UnknownCard
            });
        };
        let request = Request::card(tag, door, read.reader);
        match decide(self.allowlist, self.house, &request, self.now.utc) {
            Decision::Allow(_) if self.now.clock == ClockQuality::Unknown => {
                Err(Reason::ClockUnknown)
            }
            Decision::Allow(grant) => Ok(grant),
            Decision::Deny(denial) => Err(denial.reason()),
        }
    }

    /// Bits that no card has: none, or too many.
    fn no_card(&self, read: &Read<'_>) -> Passage {
        let who = Who::Unknown {
            tag: access::UnknownTag::new([0; 8]),
            bit_count: 0,
        };
        self.refusal(read, who, Reason::WrongFormat)
    }

    fn refusal(&self, read: &Read<'_>, who: Who, reason: Reason) -> Passage {
        Passage {
            kind: PassageKind::Denied,
            door: read.door,
            reader: read.reader,
            who,
            reason,
            generation: self.allowlist.generation(),
        }
    }
}

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

fn unknown(tag: access::UnknownTag, bits: &CardBits) -> Who {
    Who::Unknown {
        tag,
        bit_count: bits.count(),
    }
}
