//! Table: all cards of one generation, packed.
//!
//! Tags are evenly spread, so the leading bits of a tag name a bucket of one or two neighbours in one sorted array. A bucket is named by
//! sixteen bits at least, so the array keeps of a tag only the ten octets behind them: 96 bits in all, of which a million cards leave a
//! stranger's tag one chance in 2⁷⁶. With pseudonym, key slot and profile a card takes 22 octets there, and its bucket half to one more.
//! What many cards share, a standing, a set of rights, a span of time, is a profile stored once; a set of rights is stored once for all
//! profiles that have it. Where most cards have a span of their own, spans lie beside the cards, 16 octets each: a processor fetches both
//! at once. What few cards have, a PIN or a twin, stands in a list of its own.

use crate::allowlist::buckets::Buckets;
use crate::allowlist::entry::{Card, CardEntry, Right, Standing};
use crate::card::CardTag;
use crate::id::KeySlot;
use crate::issuance::{Holder, IssuanceId};
use crate::pin::{Pin, PinNumber};
use crate::validity::Validity;

/// The packed cards.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) buckets: Buckets,
    pub(super) cards: Box<[PackedCard]>,
    pub(super) profiles: Box<[Profile]>,
    pub(super) spans: Spans,
    pub(super) rights: Box<[Right]>,
    /// Cards with a PIN or a twin, ordered by issuance.
    pub(super) extras: Box<[Extra]>,
    /// The places of those with a PIN in `extras`, ordered by its number.
    pub(super) by_pin: Box<[(PinNumber, u32)]>,
}

/// One card, sorted by tag. All octets, so that no padding is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedCard {
    /// Octets 2 to 11 of the tag; the bucket has those before.
    tail: [u8; 10],
    issuance: [u8; 4],
    slot: [u8; 4],
    profile: [u8; 4],
}

/// What many cards share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Profile {
    pub(super) standing: Standing,
    pub(super) visitor: bool,
    /// A stretch of the table's rights.
    pub(super) rights_len: u16,
    pub(super) rights_start: u32,
}

/// When the cards hold.
#[derive(Debug)]
pub(super) enum Spans {
    /// One for each profile.
    OfProfiles(Box<[Validity]>),
    /// One for each card, in the order of the cards.
    OfCards(Box<[Validity]>),
}

/// What few cards have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extra {
    pub(super) issuance: IssuanceId,
    pub(super) tag: CardTag,
    pub(super) pin: Option<Pin>,
    pub(super) twin: Option<IssuanceId>,
}

impl Extra {
    /// What a card has besides, if anything.
    pub(super) fn of(entry: &CardEntry) -> Option<Self> {
        let has = entry.pin.is_some() || entry.twin.is_some();
        has.then(|| Self {
            issuance: entry.holder.issuance,
            tag: entry.tag.shortened(),
            pin: entry.pin,
            twin: entry.twin,
        })
    }
}

impl PackedCard {
    pub(super) fn new(entry: &CardEntry, profile: u32) -> Self {
        Self {
            tail: entry.tag.tail(),
            issuance: entry.holder.issuance.get().to_le_bytes(),
            slot: entry.holder.slot.get().to_le_bytes(),
            profile: profile.to_le_bytes(),
        }
    }

    pub(super) const fn profile(&self) -> u32 {
        u32::from_le_bytes(self.profile)
    }

    pub(super) const fn with_profile(self, profile: u32) -> Self {
        Self {
            profile: profile.to_le_bytes(),
            ..self
        }
    }
}

impl Table {
    /// No cards: without buckets nothing is found.
    pub(super) fn empty() -> Self {
        Self {
            buckets: Buckets::none(),
            cards: Box::new([]),
            profiles: Box::new([]),
            spans: Spans::OfProfiles(Box::new([])),
            rights: Box::new([]),
            extras: Box::new([]),
            by_pin: Box::new([]),
        }
    }

    /// How many cards there are.
    pub(super) fn len(&self) -> usize {
        self.cards.len()
    }

    /// The card with this tag.
    pub(super) fn find(&self, tag: &CardTag) -> Option<Card<'_>> {
        let bucket = self.buckets.number(tag.leading())?;
        let tail = tag.tail();
        let places = self.buckets.places(bucket)?;
        let cards = places.clone().zip(self.cards.get(places)?);
        let mut found = cards.filter(|(_, card)| card.tail == tail);
        let (place, card) = found.next()?;
        self.unpack(place, card)
    }

    /// All cards in the order of their tags, of which the last four octets are lost.
    pub(super) fn iter(&self) -> impl Iterator<Item = (CardTag, Card<'_>)> {
        let of_bucket = move |bucket: usize| {
            // Sixteen bits at least name a bucket, so these are the first two octets of its tags.
            let leading = self.buckets.leading(bucket).unwrap_or(0);
            let places = self.buckets.places(bucket).unwrap_or_default();
            places.filter_map(move |place| {
                let card = self.cards.get(place)?;
                let tag = CardTag::of_parts(leading, card.tail);
                Some((tag, self.unpack(place, card)?))
            })
        };
        (0..self.buckets.len()).flat_map(of_bucket)
    }

    /// What a card has besides.
    pub(super) fn extra(&self, of: IssuanceId) -> Option<&Extra> {
        let at = self
            .extras
            .binary_search_by_key(&of, |extra| extra.issuance)
            .ok()?;
        self.extras.get(at)
    }

    /// The card whose PIN has this number.
    pub(super) fn by_pin(&self, number: PinNumber) -> Option<&Extra> {
        let at = self
            .by_pin
            .binary_search_by_key(&number, |(known, _)| *known)
            .ok()?;
        let (_, place) = self.by_pin.get(at)?;
        self.extras.get(usize::try_from(*place).ok()?)
    }

    /// The octets all this takes on the heap.
    pub(super) fn octets(&self) -> usize {
        self.buckets.octets()
            + size_of_val(&*self.cards)
            + size_of_val(&*self.profiles)
            + size_of_val(self.spans.all())
            + size_of_val(&*self.rights)
            + size_of_val(&*self.extras)
            + size_of_val(&*self.by_pin)
    }

    fn unpack(&self, place: usize, card: &PackedCard) -> Option<Card<'_>> {
        let number = usize::try_from(card.profile()).ok()?;
        let valid = match &self.spans {
            Spans::OfProfiles(spans) => spans.get(number)?,
            Spans::OfCards(spans) => spans.get(place)?,
        };
        let profile = self.profiles.get(number)?;
        let start = usize::try_from(profile.rights_start).ok()?;
        let rights = self
            .rights
            .get(start..start + usize::from(profile.rights_len))?;
        let holder = Holder {
            issuance: IssuanceId::new(u32::from_le_bytes(card.issuance))?,
            slot: KeySlot::new(u32::from_le_bytes(card.slot)),
        };
        Some(Card {
            holder,
            standing: profile.standing,
            valid: *valid,
            rights,
            visitor: profile.visitor,
        })
    }
}

impl Spans {
    const fn all(&self) -> &[Validity] {
        match self {
            Self::OfProfiles(spans) | Self::OfCards(spans) => spans,
        }
    }
}

const _: () = assert!(size_of::<PackedCard>() == 22);
