//! The life of keys, on a disk that loses at a power cut what was not synced.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

#[cfg(test)]
#[path = "life_of_keys/failed_destruction.rs"]
mod failed_destruction;
#[cfg(test)]
#[path = "life_of_keys/reader_keys.rs"]
mod reader_keys;

use std::collections::BTreeSet;
use std::sync::Arc;

use key_store::disk::{Disk, Fault, FaultOn, MemDisk};
use key_store::{Entropy, Fixed, KeyError, KeyStore, Owner, Slot};

/// Octets that never repeat within a test.
struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 += 1;
            let mixed = self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes();
            chunk.copy_from_slice(&mixed[..chunk.len()]);
        }
    }
}

fn open(disk: &MemDisk) -> Result<KeyStore, KeyError> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    KeyStore::open(&disk)
}

fn create(disk: &MemDisk) -> Result<KeyStore, KeyError> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    KeyStore::create(&disk, &mut Counter(0))
}

#[test]
fn a_store_comes_back_as_it_was_left() {
    let disk = MemDisk::new();
    let mut entropy = Counter(1_000);
    let store = create(&disk).unwrap();
    let owners = [Owner::Issuance(7), Owner::Operator(1), Owner::Day(20_779)];
    let slots = store.allocate_many(&owners, &mut entropy).unwrap();
    store.set_reader_key(3, *b"reader key three").unwrap();

    let again = open(&disk).unwrap();
    for which in Fixed::ALL {
        assert_eq!(
            again.fixed(which).unwrap().as_bytes(),
            store.fixed(which).unwrap().as_bytes()
        );
    }
    let fixed: BTreeSet<_> = Fixed::ALL
        .map(|which| *again.fixed(which).unwrap().as_bytes())
        .into();
    assert_eq!(fixed.len(), Fixed::ALL.len());
    for (slot, owner) in slots.iter().zip(owners) {
        let (whose, key) = again.key(slot.index).unwrap();
        assert_eq!(whose, owner);
        assert_eq!(key.as_bytes(), store.key(slot.index).unwrap().1.as_bytes());
        assert_eq!(again.find(owner), Some(*slot));
    }
    assert_eq!(again.live().len(), 3);
    assert_eq!(
        **again.reader_key(3).unwrap().as_ref().unwrap(),
        *b"reader key three"
    );
    assert!(again.reader_key(4).unwrap().is_none());
}

#[test]
fn a_destroyed_key_is_gone_and_its_slot_gets_another_generation() {
    let disk = MemDisk::new();
    let mut entropy = Counter(1_000);
    let store = create(&disk).unwrap();
    let slot = store.allocate(Owner::Issuance(7), &mut entropy).unwrap();
    let sealed = slot_octets(&disk, slot);
    store.destroy(slot).unwrap();
    store.destroy(slot).unwrap();
    assert!(matches!(store.key(slot.index), Err(KeyError::NoKey { .. })));
    let everything: Vec<u8> = disk
        .files()
        .iter()
        .flat_map(|path| disk.contents(path).unwrap())
        .collect();
    assert!(
        !everything
            .windows(32)
            .any(|window| window == &sealed[16..48])
    );
    assert!(open(&disk).unwrap().live().is_empty());

    let next = open(&disk)
        .unwrap()
        .allocate(Owner::Issuance(8), &mut entropy)
        .unwrap();
    assert_eq!(
        next,
        Slot {
            index: slot.index,
            generation: slot.generation + 1
        }
    );
    let store = open(&disk).unwrap();
    store.destroy(slot).unwrap();
    assert_eq!(store.key(next.index).unwrap().0, Owner::Issuance(8));
    let never = Slot {
        index: next.index,
        generation: next.generation + 1,
    };
    assert!(matches!(store.destroy(never), Err(KeyError::NoKey { .. })));
}

#[test]
fn a_days_key_is_made_once() {
    let disk = MemDisk::new();
    let store = create(&disk).unwrap();
    let key = *store.day_key(20_779, &mut Counter(5)).unwrap().as_bytes();
    assert_eq!(
        *store.day_key(20_779, &mut Counter(99)).unwrap().as_bytes(),
        key
    );
    assert_ne!(
        *store.day_key(20_780, &mut Counter(99)).unwrap().as_bytes(),
        key
    );
    assert_eq!(
        *open(&disk)
            .unwrap()
            .day_key(20_779, &mut Counter(7))
            .unwrap()
            .as_bytes(),
        key
    );
}

#[test]
fn many_slots_are_given_out_once_each() {
    let disk = MemDisk::new();
    let mut entropy = Counter(0);
    let store = create(&disk).unwrap();
    let owners: Vec<Owner> = (0..5_000).map(Owner::Issuance).collect();
    let slots = store.allocate_many(&owners, &mut entropy).unwrap();
    let distinct: BTreeSet<Slot> = slots.iter().copied().collect();
    assert_eq!(distinct.len(), 5_000);
    store.destroy_many(&slots[..100]).unwrap();
    let again = store.allocate_many(&owners[..200], &mut entropy).unwrap();
    assert!(again.iter().all(|slot| !distinct.contains(slot)));
    assert_eq!(open(&disk).unwrap().live().len(), 5_100);
}

#[test]
fn what_is_not_a_sound_store_is_refused_and_left_alone() {
    let disk = MemDisk::new();
    assert!(matches!(open(&disk), Err(KeyError::Missing)));
    let store = create(&disk).unwrap();
    let slot = store
        .allocate(Owner::Issuance(1), &mut Counter(50))
        .unwrap();
    assert!(matches!(create(&disk), Err(KeyError::Exists)));
    for path in ["keys/slots.bin", "keys/fixed.bin", "keys/seal.bin"] {
        let good = disk.contents(path).unwrap();
        for at in [0, 20, 70].into_iter().filter(|at| *at < good.len()) {
            let mut bad = good.clone();
            bad[at] ^= 4;
            disk.put(path, bad.clone());
            assert!(
                matches!(open(&disk), Err(KeyError::Damaged { .. })),
                "{path} octet {at}"
            );
            assert_eq!(disk.contents(path).unwrap(), bad);
        }
        disk.put(path, good);
    }
    assert_eq!(open(&disk).unwrap().live(), [(slot, Owner::Issuance(1))]);
}

#[test]
fn a_store_whose_making_was_cut_off_can_be_made_again() {
    let whole = MemDisk::new();
    create(&whole).unwrap();
    for cut in 0..whole.changes() {
        let disk = MemDisk::new();
        disk.inject(Some(Fault {
            on: FaultOn::Change,
            after: cut,
            times: u64::MAX,
            errno: 5,
        }));
        assert!(create(&disk).is_err(), "change {cut} was not needed");
        disk.crash(cut);
        if matches!(open(&disk), Err(KeyError::Missing)) {
            create(&disk).unwrap();
        }
        open(&disk).unwrap();
    }
}

#[test]
fn a_power_cut_takes_no_acknowledged_key_and_brings_none_back() {
    for seed in 0..300 {
        let disk = MemDisk::new();
        let store = create(&disk).unwrap();
        let mut entropy = Counter(seed);
        let kept = store
            .allocate_many(&[Owner::Issuance(1), Owner::Issuance(2)], &mut entropy)
            .unwrap();
        let keys: Vec<_> = kept
            .iter()
            .map(|slot| *store.key(slot.index).unwrap().1.as_bytes())
            .collect();
        let gone = store.allocate(Owner::Issuance(3), &mut entropy).unwrap();
        store.destroy(gone).unwrap();
        let cut = Fault {
            on: FaultOn::Change,
            after: seed % 4,
            times: u64::MAX,
            errno: 5,
        };
        disk.inject(Some(cut));
        let last = store.allocate(Owner::Issuance(4), &mut entropy).ok();
        let destroyed = store.destroy(kept[1]).is_ok();
        disk.crash(seed);

        let store = open(&disk).unwrap();
        assert_eq!(*store.key(kept[0].index).unwrap().1.as_bytes(), keys[0]);
        let second = store
            .key(kept[1].index)
            .ok()
            .map(|(_, key)| *key.as_bytes());
        assert!(second == Some(keys[1]) || second.is_none());
        assert!(!destroyed || second.is_none());
        assert!(store.live().iter().all(|(slot, _)| *slot != gone));
        if let Some(last) = last {
            assert_eq!(store.key(last.index).unwrap().0, Owner::Issuance(4));
        }
    }
}

#[test]
fn after_a_failed_sync_nothing_more_is_written() {
    let disk = MemDisk::new();
    let store = create(&disk).unwrap();
    disk.inject(Some(Fault {
        on: FaultOn::Sync,
        after: 0,
        times: 1,
        errno: 5,
    }));
    assert!(matches!(
        store.allocate(Owner::Issuance(1), &mut Counter(9)),
        Err(KeyError::Io { .. })
    ));
    let next = store.allocate(Owner::Issuance(1), &mut Counter(9));
    assert!(matches!(next, Err(KeyError::WritesStopped { .. })));
    open(&disk)
        .unwrap()
        .allocate(Owner::Issuance(1), &mut Counter(9))
        .unwrap();
}

fn slot_octets(disk: &MemDisk, slot: Slot) -> Vec<u8> {
    let at = (usize::try_from(slot.index).unwrap() + 1) * 64;
    disk.contents("keys/slots.bin").unwrap()[at..at + 64].to_vec()
}

#[test]
fn a_key_that_an_older_store_lacks_is_made_once() {
    let disk = MemDisk::new();
    let store = create(&disk).unwrap();
    assert!(matches!(
        store.fixed(Fixed::Pin),
        Err(KeyError::NoKey { .. })
    ));
    let made = store.fixed_or_new(Fixed::Pin, &mut Counter(1)).unwrap();
    let again = open(&disk).unwrap();
    let kept = again.fixed_or_new(Fixed::Pin, &mut Counter(2)).unwrap();
    assert_eq!(made.as_bytes(), kept.as_bytes());
}
