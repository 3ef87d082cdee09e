//! Half erased: a disk that refuses a write in the midst of a record leaves it neither as it was nor as it is to be. The journal knows.

use std::ops::ControlFlow;

use event_log::read::{PartsOf, Reader};
use event_log::{Class, Keep, PartOwner, Policy};
use key_store::disk::{Disk, Fault, FaultOn};

use crate::rig::{House, at};
use crate::years::Years;

/// Found by a simulated house: a write that failed half-way left a record that no reader got past before the next start.
#[test]
fn a_record_that_is_half_overwritten_is_read_as_it_will_be() {
    let (mut stopped, mut torn) = (0, 0);
    for after in 0..60 {
        let (house, mut log) = two_segments();
        log.begin_erasure(found(&house)).unwrap();
        house.mem.inject(Some(Fault {
            on: FaultOn::Write,
            after,
            times: 1,
            errno: 5,
        }));
        stopped += u32::from(log.finish_erasure().is_err());
        house.mem.inject(None);
        let reader = Reader::open(&house.disk, house.store_keys()).unwrap();
        let entries = reader.entries(0..EVENTS).unwrap();
        let read: Vec<u64> = entries.map(|entry| entry.unwrap().index).collect();
        assert_eq!(read, (0..EVENTS).collect::<Vec<_>>(), "after {after}");
        let left = found(&house).targets_len();
        let mut of = 0;
        let owner = PartOwner::Holder(house.holder);
        let each = reader.each_of(owner, 0..EVENTS, &mut |_| {
            of += 1;
            ControlFlow::Continue(())
        });
        each.unwrap();
        assert_eq!(of, left, "after {after}");
        torn += u32::from(is_torn(&house));
        log.finish_erasure().unwrap();
        assert_eq!(found(&house).targets_len(), 0);
    }
    assert!(stopped > 50 && torn > 5, "{stopped} stopped, {torn} torn");
}

/// A log of two segments, the first of which has many records over many sectors.
fn two_segments() -> (House, event_log::Log) {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..EVENTS - 7)).unwrap());
    house.mem.inject(Some(Fault {
        on: FaultOn::Sync,
        after: 0,
        times: 1,
        errno: 5,
    }));
    drop(log.append(&house.batch(EVENTS - 7..EVENTS)).unwrap());
    house.mem.inject(None);
    log.seal(at(0)).unwrap();
    (house, log)
}

const EVENTS: u64 = 210;

/// What the disk refuses of the parts that were kept long enough stays noted, and no other note takes its place.
#[test]
fn what_a_disk_refused_to_overwrite_is_done_before_anybody_else_is_erased() {
    let (mut refused, mut torn) = (0, 0);
    for after in 0..60 {
        let mut years = Years::begin();
        years.live_a_day_of(EVENTS);
        years.live(20);
        let policy = Policy::default()
            .with(Class::Passage, Keep::Days(10))
            .unwrap();
        years.log.set_policy(policy, years.now()).unwrap();
        let reader = years.reader();
        let cuts = reader.cuts(years.log.policy()).unwrap();
        let expired = reader.expired(&cuts, 0..years.log.size(), 1_000).unwrap();
        years.house.mem.inject(Some(Fault {
            on: FaultOn::Write,
            after,
            times: 1,
            errno: 5,
        }));
        refused += u32::from(years.log.expire(expired).is_err());
        years.house.mem.inject(None);
        torn += u32::from(is_torn(&years.house));
        let owner = PartOwner::Holder(years.house.holder);
        let found = years.reader().parts_of(owner, 0..years.log.size()).unwrap();
        years.log.begin_erasure(found).unwrap();
        years.log.finish_erasure().unwrap();
        years.sweep().unwrap();
        years.verify();
    }
    assert!(refused > 40 && torn > 2, "{refused} refused, {torn} torn");
}

/// Whether there is a record that nobody could read without the journal.
fn is_torn(house: &House) -> bool {
    let journal = house.mem.contents("log/scrub");
    Disk::remove(&house.mem, "log/scrub").ok();
    let reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let mut entries = reader.entries(0..EVENTS).unwrap();
    let is_torn = entries.any(|entry| entry.is_err());
    if let Some(journal) = journal {
        house.mem.put("log/scrub", journal);
    }
    is_torn
}

fn found(house: &House) -> PartsOf {
    let reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let owner = PartOwner::Holder(house.holder);
    reader.parts_of(owner, 0..EVENTS).unwrap()
}
