//! Table: all cards of one generation, packed.
//!
//! Tags are evenly spread, so the leading bits of a tag name a bucket of two to four neighbours in one sorted array. A card is
//! 28 octets there: tag, issuance, key slot, and the number of its profile. A profile (standing, validity, rights) is stored once
//! for all cards that share it, a right set once for all profiles that share it. Worst case, nothing shared but the right sets:
//! 28 + 32 + 2 octets a card.

use crate::allowlist::entry::{Card, Right, Standing};
use crate::card::CardTag;
use crate::id::KeySlot;
use crate::issuance::{Holder, IssuanceId};
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

/// One card, sorted by tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedCard {
    pub(super) tag: CardTag,
    pub(super) issuance: IssuanceId,
    pub(super) slot: KeySlot,
    pub(super) profile: u32,
}

/// What many cards share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Profile {
    pub(super) valid: Validity,
    pub(super) rights_start: u32,
    pub(super) rights_len: u16,
    pub(super) standing: Standing,
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
            valid: profile.valid,
            rights,
        })
    }
}

const _: () = assert!(size_of::<PackedCard>() == 28 && size_of::<Profile>() == 32);
