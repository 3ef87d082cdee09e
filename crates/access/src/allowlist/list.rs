//! List: the packed cards of a generation and the changes that lie over them.

use std::sync::Arc;

use crate::allowlist::builder::{AllowlistBuilder, AllowlistError};
use crate::allowlist::entry::{Card, CardEntry, Change};
use crate::allowlist::overlay::{Changed, Overlay};
use crate::allowlist::table::Table;
use crate::card::CardTag;
use crate::id::Generation;
use crate::issuance::IssuanceId;
use crate::modes::ModePlans;
use crate::pin::{Pin, PinNumber};
use crate::schedule::Timetable;

/// The cards of one generation. The next one is cheap to derive: the bulk is shared, the changes lie over it.
#[derive(Debug)]
pub struct Allowlist {
    generation: Generation,
    base: Arc<Table>,
    overlay: Overlay,
    len: usize,
    timetable: Arc<Timetable>,
    modes: Arc<ModePlans>,
}

impl Allowlist {
    /// A list without cards: everybody is unknown.
    #[must_use]
    pub fn empty(generation: Generation) -> Self {
        Self {
            generation,
            base: Arc::new(Table::empty()),
            overlay: Overlay::default(),
            len: 0,
            timetable: Arc::default(),
            modes: Arc::default(),
        }
    }

    /// The same cards with other schedules and other plans of the doors' modes, as another generation.
    #[must_use]
    pub fn with_hours(
        &self,
        timetable: Arc<Timetable>,
        modes: Arc<ModePlans>,
        generation: Generation,
    ) -> Self {
        Self {
            generation,
            base: Arc::clone(&self.base),
            overlay: self.overlay.clone(),
            len: self.len,
            timetable,
            modes,
        }
    }

    /// The schedules of this generation.
    #[must_use]
    pub fn timetable(&self) -> &Timetable {
        &self.timetable
    }

    /// The plans of the doors' modes of this generation.
    #[must_use]
    pub fn modes(&self) -> &ModePlans {
        &self.modes
    }

    /// The number of this generation.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// How many cards are on the list.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether no card is on the list.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The card with this tag. Allocates nothing.
    #[must_use]
    pub fn find(&self, tag: &CardTag) -> Option<Card<'_>> {
        match self.overlay.find(tag) {
            Some(changed) => changed.card(),
            None => self.base.find(tag),
        }
    }

    /// The PIN of a card, if it has one.
    #[must_use]
    pub fn pin(&self, of: IssuanceId) -> Option<&Pin> {
        match self.overlay.of_issuance(of) {
            Some(entry) => entry.pin.as_ref(),
            None => self.base.extra(of)?.pin.as_ref(),
        }
    }

    /// The issuance of the same person as this one's, if there is one.
    #[must_use]
    pub fn twin(&self, of: IssuanceId) -> Option<IssuanceId> {
        match self.overlay.of_issuance(of) {
            Some(entry) => entry.twin,
            None => self.base.extra(of)?.twin,
        }
    }

    /// The card that is meant by the number of a PIN. Its tag is as an allowlist keeps tags.
    #[must_use]
    pub fn by_pin_number(&self, number: PinNumber) -> Option<CardTag> {
        let has = |pin: &Option<Pin>| pin.is_some_and(|pin| pin.number == number);
        let changed = self.overlay.iter().filter_map(Changed::entry);
        if let Some(entry) = changed.into_iter().find(|entry| has(&entry.pin)) {
            return Some(entry.tag);
        }
        let extra = self.base.by_pin(number)?;
        self.overlay.find(&extra.tag).is_none().then_some(extra.tag)
    }

    /// All cards, in no order worth relying on. Of their tags the last four octets are zero: a list does not keep them.
    pub fn iter(&self) -> impl Iterator<Item = (CardTag, Card<'_>)> {
        let unchanged = self
            .base
            .iter()
            .filter(|(tag, _)| self.overlay.find(tag).is_none());
        let changed = self
            .overlay
            .iter()
            .filter_map(|changed| Some((*changed.tag(), changed.card()?)));
        unchanged.chain(changed)
    }

    /// The next generation: this list with changes; of two changes on one tag the later holds. After some thousand changes
    /// everything is packed anew.
    ///
    /// # Errors
    /// [`AllowlistError`] if the list would be over one of its limits.
    pub fn with(&self, changes: &[Change], generation: Generation) -> Result<Self, AllowlistError> {
        let changed = Overlay::of(changes);
        let gone = changed
            .iter()
            .filter(|changed| self.find(changed.tag()).is_some())
            .count();
        let come = changed
            .iter()
            .filter(|changed| changed.card().is_some())
            .count();
        let next = Self {
            generation,
            base: Arc::clone(&self.base),
            overlay: self.overlay.under(changed),
            len: self.len - gone + come,
            timetable: Arc::clone(&self.timetable),
            modes: Arc::clone(&self.modes),
        };
        if next.overlay.len() > CHANGES_MAX {
            next.packed()
        } else {
            Ok(next)
        }
    }

    /// The octets the list takes on the heap, changes not counted.
    #[must_use]
    pub fn packed_octets(&self) -> usize {
        self.base.octets()
    }

    fn packed(&self) -> Result<Self, AllowlistError> {
        let mut builder = AllowlistBuilder::with_capacity(self.len);
        self.iter()
            .try_for_each(|(tag, card)| builder.add(self.to_entry(tag, card)))?;
        let packed = builder.finish(self.generation)?;
        Ok(Self {
            timetable: Arc::clone(&self.timetable),
            modes: Arc::clone(&self.modes),
            ..packed
        })
    }

    /// The card as it was put on the list, but for the order of its rights and the end of its tag.
    fn to_entry(&self, tag: CardTag, card: Card<'_>) -> CardEntry {
        let issuance = card.holder.issuance;
        CardEntry {
            tag,
            holder: card.holder,
            standing: card.standing,
            valid: card.valid,
            rights: card.rights.to_vec(),
            visitor: card.visitor,
            pin: self.pin(issuance).copied(),
            twin: self.twin(issuance),
        }
    }
}

impl AllowlistBuilder {
    /// Closes the list.
    ///
    /// # Errors
    /// [`AllowlistError::TagTwice`] if two cards have one tag: nobody could say which of them was shown.
    pub fn finish(self, generation: Generation) -> Result<Allowlist, AllowlistError> {
        let table = self.pack()?;
        Ok(Allowlist {
            generation,
            len: table.len(),
            base: Arc::new(table),
            overlay: Overlay::default(),
            timetable: Arc::default(),
            modes: Arc::default(),
        })
    }
}

/// So many changes lie over a table before it is packed anew.
const CHANGES_MAX: usize = 4_096;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        CardEntry, DoorId, Holder, IssuanceId, KeySlot, Right, Standing, UtcMicros, Validity,
    };

    fn entry(seed: u16, doors: &[u16]) -> CardEntry {
        let valid = Validity::new(UtcMicros::from_micros(i64::from(seed % 7)), None).unwrap();
        CardEntry {
            tag: tag(seed),
            holder: Holder {
                issuance: IssuanceId::from_random(u32::from(seed)),
                slot: KeySlot::new(u32::from(seed) + 1),
            },
            standing: if seed.is_multiple_of(5) {
                Standing::Blocked
            } else {
                Standing::Active
            },
            valid,
            rights: doors
                .iter()
                .map(|door| Right::on(DoorId::new(*door), valid))
                .collect(),
            visitor: seed.is_multiple_of(3),
            pin: None,
            twin: seed
                .is_multiple_of(4)
                .then(|| IssuanceId::from_random(u32::from(seed) + 1)),
        }
    }

    /// Spread over the buckets, with neighbours that differ in the last octet kept only.
    fn tag(seed: u16) -> CardTag {
        let mut octets = [0; 16];
        octets[0] = (seed / 3).wrapping_mul(151).to_be_bytes()[1];
        octets[10..12].copy_from_slice(&seed.to_be_bytes());
        CardTag::new(octets)
    }

    fn built(entries: impl IntoIterator<Item = CardEntry>) -> Allowlist {
        let mut builder = AllowlistBuilder::default();
        entries
            .into_iter()
            .for_each(|entry| builder.add(entry).unwrap());
        builder.finish(Generation::new(1)).unwrap()
    }

    fn ordered(list: &Allowlist) -> Vec<CardEntry> {
        let mut entries: Vec<CardEntry> = list
            .iter()
            .map(|(tag, card)| list.to_entry(tag, card))
            .collect();
        entries.sort_by_key(|entry| entry.tag);
        entries
    }

    #[test]
    fn every_card_is_found_and_no_other() {
        for count in [0, 1, 2, 3, 4, 5, 63, 64, 65, 1000] {
            let list = built((0..count).map(|seed| entry(seed, &[1, 2])));
            assert_eq!(list.len(), usize::from(count));
            for seed in 0..count {
                assert_eq!(
                    list.to_entry(tag(seed), list.find(&tag(seed)).unwrap()),
                    entry(seed, &[1, 2]),
                    "{seed} of {count}"
                );
            }
            assert!(
                (count..count + 50).all(|seed| list.find(&tag(seed)).is_none()),
                "{count}"
            );
        }
    }

    #[test]
    fn two_cards_of_one_number_are_refused() {
        let mut builder = AllowlistBuilder::default();
        builder.add(entry(1, &[1])).unwrap();
        builder.add(entry(1, &[2])).unwrap();
        assert_eq!(
            builder.finish(Generation::new(1)).unwrap_err(),
            AllowlistError::TagTwice
        );
    }

    #[test]
    fn a_card_with_too_many_rights_is_refused() {
        let mut builder = AllowlistBuilder::default();
        let many = vec![1; usize::from(u16::MAX) + 1];
        assert_eq!(
            builder.add(entry(1, &many)),
            Err(AllowlistError::TooManyRightsOfACard { found: 65_536 })
        );
    }

    #[test]
    fn what_is_shared_is_stored_once() {
        let one = built([entry(1, &[1, 2])]);
        let many = built((0..1000).map(|seed| entry(7 * seed + 1, &[2, 1])));
        assert!(
            many.packed_octets() < one.packed_octets() + 1000 * 50,
            "{}",
            many.packed_octets()
        );
    }

    #[test]
    fn many_changes_are_packed_away() {
        let mut list = built((0..10).map(|seed| entry(seed, &[1])));
        for seed in 0..6000 {
            list = list
                .with(&[Change::Put(entry(seed, &[2]))], Generation::new(2))
                .unwrap();
            assert!(list.overlay.len() <= CHANGES_MAX);
        }
        assert_eq!(list.len(), 6000);
        assert_eq!(
            ordered(&list),
            ordered(&built((0..6000).map(|seed| entry(seed, &[2]))))
        );
    }

    proptest! {
        #[test]
        fn changes_amount_to_a_rebuild(
            first in proptest::collection::btree_set(0_u16..60, 0..40),
            steps in proptest::collection::vec(proptest::collection::vec((0_u16..60, proptest::option::of(0_u16..4)), 0..6), 0..8),
        ) {
            let mut list = built(first.iter().map(|seed| entry(*seed, &[9])));
            let mut truth: BTreeMap<CardTag, CardEntry> = first.iter().map(|seed| (tag(*seed), entry(*seed, &[9]))).collect();
            for (step, batch) in (2..).zip(&steps) {
                let changes: Vec<Change> = batch.iter().map(|(seed, door)| match door {
                    Some(door) => Change::Put(entry(*seed, &[*door])),
                    None => Change::Remove(tag(*seed)),
                }).collect();
                for change in &changes {
                    match change {
                        Change::Put(entry) => { truth.insert(entry.tag, entry.clone()); }
                        Change::Remove(tag) => { truth.remove(tag); }
                    }
                }
                list = list.with(&changes, Generation::new(step)).unwrap();
                prop_assert_eq!(list.generation(), Generation::new(step));
            }
            let rebuilt = built(truth.values().cloned());
            prop_assert_eq!(list.len(), rebuilt.len());
            prop_assert_eq!(ordered(&list), ordered(&rebuilt));
            for seed in 0..60 {
                prop_assert_eq!(list.find(&tag(seed)), rebuilt.find(&tag(seed)));
            }
            prop_assert_eq!(ordered(&list.packed().unwrap()), ordered(&rebuilt));
        }
    }
}
