//! Erasure: a destroyed key takes its person's parts with it, and nothing else.

use access::{Reason, UtcMicros};
use event_log::read::Reader;
use event_log::{Ticketed, Who};
use key_store::{Owner, Slot};

use crate::rig::{House, Seeded, at};

/// The slot of the holder's key, as the key store names it.
fn slot_of(house: &House) -> Slot {
    let index = house.holder.slot.get();
    house
        .keys
        .live()
        .into_iter()
        .map(|(slot, _)| slot)
        .find(|slot| slot.index == index)
        .unwrap()
}

#[test]
fn a_destroyed_key_shuts_the_holders_parts_and_leaves_the_operators() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..7)).unwrap());
    log.seal(at(0)).unwrap();
    let root = log.root();
    house.keys.destroy(slot_of(&house)).unwrap();
    let mut reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let entries: Vec<_> = reader.entries(0..7).unwrap().map(Result::unwrap).collect();
    let issued = reader.view(&entries[3]).unwrap();
    assert_eq!(
        (issued.issuance, issued.operator, issued.erased),
        (None, Some(house.operator.id), 1)
    );
    let granted = reader.view(&entries[6]).unwrap();
    assert_eq!(
        (granted.name, granted.issuance, granted.door, granted.erased),
        (None, None, None, 1)
    );
    assert_eq!(house.verify().unwrap().root, root);
}

#[test]
fn an_event_about_somebody_forgotten_is_recorded_without_them() {
    let (house, mut log) = House::new();
    house.keys.destroy(slot_of(&house)).unwrap();
    let mut event = house.event(0);
    event.event.what = house.passage(Who::Holder(house.holder), Reason::Returned);
    drop(log.append(&[event]).unwrap());
    log.seal(at(0)).unwrap();
    let mut reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let entry = reader.entries(0..1).unwrap().next().unwrap().unwrap();
    assert_eq!(reader.view(&entry).unwrap().erased, 1);
    assert_eq!(house.verify().unwrap().events, 1);
}

#[test]
fn a_slot_given_out_anew_never_seals_what_is_about_its_old_holder() {
    let (house, mut log) = House::new();
    house.keys.destroy(slot_of(&house)).unwrap();
    let stranger = house
        .keys
        .allocate(Owner::Issuance(78), &mut Seeded(11))
        .unwrap();
    assert_eq!(
        stranger.index,
        house.holder.slot.get(),
        "the slot is given out anew"
    );
    let mut event = house.event(0);
    event.event.what = house.passage(Who::Holder(house.holder), Reason::Returned);
    drop(log.append(&[event]).unwrap());
    let mut reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let entry = reader.entries(0..1).unwrap().next().unwrap().unwrap();
    assert_eq!(reader.view(&entry).unwrap().erased, 1);
}

/// Two ciphertexts under one key and nonce would show their difference; a torn end must not make one.
#[test]
fn no_nonce_is_used_again_after_a_torn_end() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..7)).unwrap());
    let mut seen = Vec::new();
    for round in 0..50_u64 {
        let kept = house.mem.fork();
        drop(log.append(&[same_event(&house)]).unwrap());
        seen.push(house.mem.contents("log/segments/0000000000.seg").unwrap());
        drop(log);
        // The record just written is torn off: its index is given out again.
        let before = kept.contents("log/segments/0000000000.seg").unwrap();
        house.mem.put("log/segments/0000000000.seg", before);
        let reopened = house
            .reopened()
            .open_log()
            .unwrap_or_else(|error| panic!("round {round}: {error}"));
        log = reopened.0;
        assert_eq!(log.size(), 7);
    }
    let end = seen[0].iter().rposition(|octet| *octet != 0).unwrap();
    let last_part = |file: &Vec<u8>| file[end - 40..=end].to_vec();
    let mut parts: Vec<Vec<u8>> = seen.iter().map(last_part).collect();
    parts.sort();
    parts.dedup();
    assert_eq!(
        parts.len(),
        50,
        "the same event at the same index was sealed alike twice"
    );
}

fn same_event(house: &House) -> Ticketed {
    let mut ticketed = house.event(6);
    ticketed.event.time = UtcMicros::from_micros(crate::rig::START);
    ticketed
}
