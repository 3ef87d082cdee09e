//! Erasure: a destroyed key takes its person's parts with it, and nothing else.

use std::sync::Arc;

use access::{Reason, UtcMicros};
use event_log::read::{PartsOf, Reader};
use event_log::{Keys, PartOwner, StoreKeys, Ticketed, Who};
use key_store::disk::{Fault, FaultOn};
use key_store::{Key32, KeyError, Owner, Slot};

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

/// Also to whoever has read of them just before, and also for whoever stole the keys before.
#[test]
fn no_key_is_kept_beyond_its_end_by_writer_or_reader() {
    let (house, mut log) = House::new();
    let about = |number| {
        let mut event = house.event(number);
        event.event.what = house.passage(Who::Holder(house.holder), Reason::Ok);
        event
    };
    drop(log.append(&[about(0)]).unwrap());
    let mut reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let entry = reader.entries(0..1).unwrap().next().unwrap().unwrap();
    let known = reader.view(&entry).unwrap();
    assert_eq!(known.issuance, Some(house.holder.issuance));
    let stolen = house.reopened_on(house.mem.fork());

    house.keys.destroy(slot_of(&house)).unwrap();
    let known = reader.view(&entry).unwrap();
    assert_eq!((known.issuance, known.erased), (None, 1));
    drop(log.append(&[about(1)]).unwrap());
    let mut thief = Reader::open(&house.disk, stolen.store_keys()).unwrap();
    let entries: Vec<_> = thief.entries(0..2).unwrap().map(Result::unwrap).collect();
    let seen = |entry| thief.view(entry).unwrap().issuance;
    let seen: Vec<_> = entries.iter().map(seen).collect();
    assert_eq!(seen, [Some(house.holder.issuance), None]);
}

/// Keys that do not say when they change.
struct Wordless(Arc<StoreKeys>);

impl Keys for Wordless {
    fn key(&self, owner: PartOwner) -> Result<Key32, KeyError> {
        self.0.key(owner)
    }

    fn owners(&self) -> Vec<PartOwner> {
        self.0.owners()
    }
}

#[test]
fn of_keys_that_do_not_say_when_they_change_none_is_kept() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..7)).unwrap());
    let keys: Arc<dyn Keys> = Arc::new(Wordless(house.store_keys()));
    let mut reader = Reader::open(&house.disk, keys).unwrap();
    let entry = reader.entries(6..7).unwrap().next().unwrap().unwrap();
    assert_eq!(reader.view(&entry).unwrap().erased, 0);
    house.keys.destroy(slot_of(&house)).unwrap();
    assert_eq!(reader.view(&entry).unwrap().erased, 1);
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

/// A log of 70 events in several segments, of which ten are the holder's passages and ten name them in changes.
fn lived_in() -> (House, event_log::Log) {
    let (house, mut log) = House::new();
    for round in 0..5 {
        drop(
            log.append(&house.batch(round * 14..round * 14 + 7))
                .unwrap(),
        );
        // A flush that fails makes the next one begin another segment.
        house.mem.inject(Some(Fault {
            on: FaultOn::Sync,
            after: 0,
            times: u64::from(round % 2 == 0),
            errno: 5,
        }));
        drop(
            log.append(&house.batch(round * 14 + 7..round * 14 + 14))
                .unwrap(),
        );
        house.mem.inject(None);
    }
    log.seal(at(0)).unwrap();
    (house, log)
}

fn found(house: &House, until: u64) -> PartsOf {
    let reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let owner = PartOwner::Holder(house.holder);
    reader.parts_of(owner, 0..until).unwrap()
}

/// Ciphertexts and handle of every part the holder has in the log.
fn traces(house: &House) -> Vec<Vec<u8>> {
    let mut reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let entries: Vec<_> = reader.entries(0..70).unwrap().map(Result::unwrap).collect();
    let all = entries.iter().filter(|entry| {
        let view = reader.view(entry).unwrap();
        view.issuance == Some(house.holder.issuance)
    });
    let mut traces: Vec<Vec<u8>> = all.map(|entry| entry.last_part().to_vec()).collect();
    let handle = traces[0][..8].to_vec();
    traces.push(handle);
    traces
}

fn occurs(house: &House, trace: &[u8]) -> bool {
    house.mem.files().iter().any(|path| {
        let octets = house.mem.contents(path).unwrap();
        // Most of a segment is zeros, and its ends are not looked for in them.
        let written = octets
            .iter()
            .rposition(|octet| *octet != 0)
            .map_or(0, |at| at + 1);
        let end = written.saturating_add(trace.len()).min(octets.len());
        octets[..end]
            .windows(trace.len())
            .any(|window| window == trace)
    })
}

#[test]
fn an_erased_holder_is_nowhere_on_the_disk_and_the_root_stands() {
    let (house, mut log) = lived_in();
    let traces = traces(&house);
    assert_eq!(traces.len(), 21);
    assert!(traces.iter().all(|trace| occurs(&house, trace)));
    let before = house.verify().unwrap();
    log.begin_erasure(found(&house, 40)).unwrap();
    house.keys.destroy(slot_of(&house)).unwrap();
    log.finish_erasure().unwrap();
    let after = house.verify().unwrap();
    assert_eq!((after.root, after.events), (before.root, 70));
    assert_eq!(after.scrubbed, 20);
    assert!(!traces.iter().any(|trace| occurs(&house, trace)));
    // Nothing else is gone: what the operator did names the operator still.
    let mut reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let entries: Vec<_> = reader.entries(0..70).unwrap().map(Result::unwrap).collect();
    let issued = reader.view(&entries[3]).unwrap();
    assert_eq!(
        (issued.operator, issued.erased),
        (Some(house.operator.id), 1)
    );
}

#[test]
fn what_happens_while_a_holder_is_erased_is_recorded_without_them() {
    let (house, mut log) = lived_in();
    log.begin_erasure(found(&house, 70)).unwrap();
    drop(log.append(&[house.event(6 + 70)]).unwrap());
    house.keys.destroy(slot_of(&house)).unwrap();
    drop(log.append(&[house.event(6 + 77)]).unwrap());
    log.finish_erasure().unwrap();
    log.seal(at(100_000)).unwrap();
    assert_eq!(house.verify().unwrap().scrubbed, 22);
}

#[test]
fn an_erasure_begun_without_its_key_is_refused_and_begins_nothing() {
    let (house, mut log) = lived_in();
    let found = found(&house, 70);
    house.keys.destroy(slot_of(&house)).unwrap();
    assert!(log.begin_erasure(found).is_err());
    assert!(!house.mem.files().contains(&"log/scrub".to_owned()));
}

/// The power goes at every change an erasure makes, each time in several ways. The log is never damaged, not even before it is
/// opened again, and what was begun is finished.
#[test]
fn a_power_cut_while_erasing_leaves_a_whole_log_and_no_trace() {
    let mut finished = 0;
    let whole = {
        let (house, mut log) = lived_in();
        let before = house.mem.changes();
        log.begin_erasure(found(&house, 70)).unwrap();
        house.keys.destroy(slot_of(&house)).unwrap();
        log.finish_erasure().unwrap();
        house.mem.changes() - before
    };
    // The zeros over remnants are many changes, and all alike: of the later ones only some.
    for after in (0..40).chain((40..=whole).step_by(7)).chain([whole]) {
        for seed in 0..2 {
            let (house, mut log) = lived_in();
            let traces = traces(&house).split_off(19);
            let root = log.root();
            house.mem.inject(Some(Fault {
                on: FaultOn::Change,
                after,
                times: u64::MAX,
                errno: 5,
            }));
            let begun = log.begin_erasure(found(&house, 70)).is_ok();
            let destroyed = begun && house.keys.destroy(slot_of(&house)).is_ok();
            let done = destroyed && log.finish_erasure().is_ok();
            drop(log);
            house.mem.crash(seed);
            let again = house.reopened();
            assert_eq!(
                again.verify().unwrap().root,
                root,
                "after {after}, seed {seed}, unopened"
            );
            drop(again.open_log().unwrap());
            assert_eq!(
                again.verify().unwrap().root,
                root,
                "after {after}, seed {seed}"
            );
            if begun {
                assert!(
                    !traces.iter().any(|trace| occurs(&again, trace)),
                    "after {after}, seed {seed}"
                );
            }
            finished += u32::from(done);
        }
    }
    assert!(finished > 0, "some of the {whole} changes come at the end");
}

#[test]
fn a_disk_that_fails_while_erasing_may_be_tried_again() {
    let (house, mut log) = lived_in();
    let traces = traces(&house);
    log.begin_erasure(found(&house, 70)).unwrap();
    house.keys.destroy(slot_of(&house)).unwrap();
    for on in [FaultOn::Write, FaultOn::Sync] {
        let times = 1;
        house.mem.inject(Some(Fault {
            on,
            after: 2,
            times,
            errno: 5,
        }));
        assert!(log.finish_erasure().is_err());
    }
    log.finish_erasure().unwrap();
    house.verify().unwrap();
    assert!(!traces.iter().any(|trace| occurs(&house, trace)));
}
