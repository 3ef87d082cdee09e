//! Table: all cards of one generation, packed.
//!
//! Tags are evenly spread, so the leading bits of a tag name a bucket of one or two neighbours in one sorted array. A card is
//! 44 octets there; the buckets cost two to four more. What many cards share, a standing and a set of rights, is a profile
//! stored once; a set of rights is stored once for all profiles that have it.

use crate::allowlist::entry::{Card, CardEntry, Right, Standing};
use crate::card::CardTag;
use crate::id::KeySlot;
use crate::issuance::{Holder, IssuanceId};
use crate::time::UtcMicros;
use crate::validity::Validity;

/// The packed cards.
#[derive(Debug)]
pub(super) struct Table {
    /// Where each bucket begins in `cards`; one more than there are buckets.
    pub(super) starts: Box<[u32]>,
    /// How far the leading 64 bits of a tag are shifted to give its bucket.
    pub(super) shift: u32,
    pub(super) cards: Box<[PackedCard]>,
    pub(super) profiles: Box<[Profile]>,
    pub(super) rights: Box<[Right]>,
}

/// One card, sorted by tag. Instants are octets, so that no padding is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedCard {
    pub(super) tag: CardTag,
    issuance: IssuanceId,
    slot: KeySlot,
    from: [u8; 8],
    until: [u8; 8],
    profile: u32,
}

/// What many cards share: a standing, and a stretch of the table's rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Profile {
    pub(super) standing: Standing,
    pub(super) rights_start: u32,
    pub(super) rights_len: u16,
}

impl PackedCard {
    pub(super) fn new(entry: &CardEntry, profile: u32) -> Self {
        let until = entry.valid.until().map_or(NO_END, UtcMicros::micros);
        Self {
            tag: entry.tag,
            issuance: entry.holder.issuance,
            slot: entry.holder.slot,
            from: entry.valid.from().micros().to_le_bytes(),
            until: until.to_le_bytes(),
            profile,
        }
    }

    fn valid(&self) -> Option<Validity> {
        let from = UtcMicros::from_micros(i64::from_le_bytes(self.from));
        let until = match i64::from_le_bytes(self.until) {
            NO_END => None,
            end => Some(UtcMicros::from_micros(end)),
        };
        Validity::new(from, until).ok()
    }
}

impl Table {
    /// No cards: without buckets nothing is found.
    pub(super) fn empty() -> Self {
        Self {
            starts: Box::new([]),
            shift: 0,
            cards: Box::new([]),
            profiles: Box::new([]),
            rights: Box::new([]),
        }
    }

    /// How many cards there are.
    pub(super) fn len(&self) -> usize {
        self.cards.len()
    }

    /// The card with this tag.
    pub(super) fn find(&self, tag: &CardTag) -> Option<Card<'_>> {
        let bucket = usize::try_from(tag.leading().checked_shr(self.shift)?).ok()?;
        let start = usize::try_from(*self.starts.get(bucket)?).ok()?;
        let end = usize::try_from(*self.starts.get(bucket + 1)?).ok()?;
        let cards = self.cards.get(start..end)?;
        let at = cards.binary_search_by(|card| card.tag.cmp(tag)).ok()?;
        self.unpack(cards.get(at)?)
    }

    /// All cards in the order of their tags.
    pub(super) fn iter(&self) -> impl Iterator<Item = (CardTag, Card<'_>)> {
        self.cards
            .iter()
            .filter_map(|card| Some((card.tag, self.unpack(card)?)))
    }

    /// The octets all this takes on the heap.
    pub(super) fn octets(&self) -> usize {
        size_of_val(&*self.starts)
            + size_of_val(&*self.cards)
            + size_of_val(&*self.profiles)
            + size_of_val(&*self.rights)
    }

    fn unpack(&self, card: &PackedCard) -> Option<Card<'_>> {
        let profile = self.profiles.get(usize::try_from(card.profile).ok()?)?;
        let start = usize::try_from(profile.rights_start).ok()?;
        let rights = self
            .rights
            .get(start..start + usize::from(profile.rights_len))?;
        let holder = Holder {
            issuance: card.issuance,
            slot: card.slot,
        };
        Some(Card {
            holder,
            standing: profile.standing,
            valid: card.valid()?,
            rights,
        })
    }
}

/// No end can stand here: an end is after its beginning.
const NO_END: i64 = i64::MIN;

const _: () = assert!(size_of::<PackedCard>() == 44);
