//! Tests of the list: what is found, and what changes amount to.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{CardEntry, DoorId, Holder, IssuanceId, KeySlot, Right, Standing, UtcMicros, Validity};

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
fn a_removed_card_has_no_pin_and_no_twin() {
    let number = PinNumber::new(7).unwrap();
    let pin = Pin {
        number,
        hash: crate::PinHash::new([1; 16]),
        duress: None,
    };
    let card = CardEntry {
        pin: Some(pin),
        ..entry(4, &[1])
    };
    let issuance = card.holder.issuance;
    let list = built([card]);
    assert!(list.pin(issuance).is_some() && list.twin(issuance).is_some());
    assert_eq!(list.by_pin_number(number), Some(tag(4).shortened()));
    let gone = list
        .with(&[Change::Remove(tag(4))], Generation::new(2))
        .unwrap();
    assert_eq!(gone.pin(issuance), None);
    assert_eq!(gone.twin(issuance), None);
    assert_eq!(gone.by_pin_number(number), None);
}

#[test]
fn every_card_keeps_its_own_end_whether_ends_are_shared_or_not() {
    for ends in [10, u16::MAX] {
        let entries = || {
            (0..40_000).map(|seed: u16| {
                let from = UtcMicros::from_micros(0);
                let until = UtcMicros::from_micros(1 + i64::from(seed % ends));
                CardEntry {
                    valid: Validity::new(from, Some(until)).unwrap(),
                    twin: None,
                    ..entry(seed, &[1, 2])
                }
            })
        };
        let list = built(entries());
        let octets = list.packed_octets() / list.len();
        assert!(octets < if ends == 10 { 30 } else { 46 }, "{octets}");
        for entry in entries() {
            let found = list.find(&entry.tag).unwrap();
            assert_eq!(list.to_entry(entry.tag, found), entry);
        }
        assert!(list.iter().all(|(tag, card)| list.find(&tag) == Some(card)));
    }
}

#[test]
fn many_changes_are_packed_away() {
    let mut list = built((0..10).map(|seed| entry(seed, &[1])));
    for seed in 0..6000 {
        list = list
            .with(&[Change::Put(entry(seed, &[2]))], Generation::new(2))
            .unwrap();
        if list.is_crowded() {
            list = list.packed().unwrap();
            assert_eq!(
                (list.overlay.len(), list.generation()),
                (0, Generation::new(2))
            );
        }
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

#[test]
fn m32_a_card_of_the_house_that_nobody_holds_is_returned_or_lost_in_every_later_list() {
    let [lent, spare, lost, stranger] = [1, 2, 3, 4].map(tag);
    let spares = SpareCards::new([(lost, true), (lent, false), (spare, false)]);
    let list = built([entry(1, &[7])]).with_spares(Arc::new(spares));
    let reasons = |list: &Allowlist| [spare, lost, stranger].map(|tag| list.unheld(&tag));
    let wanted = [Reason::Returned, Reason::Lost, Reason::UnknownCard];
    assert!(list.find(&lent).is_some(), "it is held");
    let gone = [Change::Remove(lent)];
    let next = list.with(&gone, Generation::new(2)).unwrap();
    assert_eq!(next.unheld(&lent), Reason::Returned);
    let timetable = Arc::new(Timetable::default());
    let later = next.with_hours(timetable, Arc::default(), Generation::new(3));
    for list in [&list, &next, &later, &later.packed().unwrap()] {
        assert_eq!(reasons(list), wanted);
    }
}
