//! Indexes: one person's records at once, nobody's made up, and none left of somebody who is forgotten.

use std::ops::ControlFlow;

use event_log::read::{Indexed, Reader};
use event_log::{Log, PartOwner};

use crate::rig::{House, at};

const DAY: i64 = 86_400_000_000;
const EVENTS_A_DAY: u64 = 70;
const INDEX: &str = "log/index/0000000000.idx";

/// Three days, and so two complete segments, with 20 records of the holder in each.
fn lived() -> (House, Log) {
    let (house, mut log) = House::new();
    for day in 0..3_u64 {
        let mut batch = house.batch(day * EVENTS_A_DAY..(day + 1) * EVENTS_A_DAY);
        for ticketed in &mut batch {
            ticketed.event.time = at(i64::try_from(day).unwrap() * DAY);
        }
        drop(log.append(&batch).unwrap());
        log.seal(at(i64::try_from(day).unwrap() * DAY)).unwrap();
    }
    (house, log)
}

fn reader(house: &House) -> Reader {
    Reader::open(&house.disk, house.store_keys()).unwrap()
}

fn index_all(house: &House) -> Vec<Indexed> {
    let reader = reader(house);
    std::iter::from_fn(|| reader.index_next().unwrap()).collect()
}

fn of_holder(house: &House, range: std::ops::Range<u64>) -> Vec<u64> {
    let mut found = Vec::new();
    let owner = PartOwner::Holder(house.holder);
    let asked = reader(house).each_of(owner, range, &mut |entry| {
        found.push(entry.index);
        ControlFlow::Continue(())
    });
    asked.unwrap();
    found
}

/// Indices of the holder's records, as the plan of the events has it.
fn planned() -> Vec<u64> {
    (0..3 * EVENTS_A_DAY)
        .filter(|number| matches!(number % 7, 3 | 6))
        .collect()
}

#[test]
fn one_persons_records_are_the_same_with_indexes_and_without() {
    let (house, _log) = lived();
    assert_eq!(of_holder(&house, 0..u64::MAX), planned());
    let indexed = index_all(&house);
    let segments: Vec<u32> = indexed.iter().map(|it| it.segment).collect();
    assert_eq!(segments, [0, 1], "the third is not complete");
    assert!(indexed.iter().all(|it| it.is_new));
    assert_eq!(of_holder(&house, 0..u64::MAX), planned());
    let some: Vec<u64> = planned()
        .into_iter()
        .filter(|index| (30..150).contains(index))
        .collect();
    assert_eq!(of_holder(&house, 30..150), some);
    house.verify().unwrap();
}

#[test]
fn an_index_made_anew_is_the_same_octets() {
    let (house, _log) = lived();
    let first = index_all(&house);
    let octets = house.mem.contents(INDEX).unwrap();
    house.mem.put(INDEX, Vec::new());
    assert_eq!(of_holder(&house, 0..u64::MAX), planned(), "it is not whole");
    let disk: &dyn event_log::disk::Disk = &house.mem;
    disk.remove(INDEX).unwrap();
    let again = index_all(&house);
    assert_eq!((again.len(), again[0].hash), (1, first[0].hash));
    assert!(!again[0].is_new);
    assert_eq!(house.mem.contents(INDEX).unwrap(), octets);
}

/// What an edited index leads to is looked at as every record is, and whoever must have everything reads everything.
#[test]
fn an_edited_index_invents_nothing_and_an_erasure_does_not_ask_it() {
    let (house, mut log) = lived();
    index_all(&house);
    let good = house.mem.contents(INDEX).unwrap();
    for at_octet in (64..good.len()).step_by(5) {
        let mut edited = good.clone();
        edited[at_octet] ^= 0x11;
        house.mem.put(INDEX, edited);
        let found = of_holder(&house, 0..u64::MAX);
        let planned = planned();
        assert!(found.iter().all(|index| planned.contains(index)));
    }
    house.mem.put(INDEX, vec![0; good.len()]);
    let owner = PartOwner::Holder(house.holder);
    let found = reader(&house).parts_of(owner, 0..u64::MAX).unwrap();
    assert_eq!(found.targets_len(), planned().len());
    log.begin_erasure(found).unwrap();
}

#[test]
fn no_index_has_the_handle_of_somebody_who_is_forgotten() {
    let (house, mut log) = lived();
    index_all(&house);
    let owner = PartOwner::Holder(house.holder);
    let entries = reader(&house).entries(0..EVENTS_A_DAY).unwrap();
    let issued: Vec<_> = entries.map(Result::unwrap).collect();
    let handle = issued[3].last_part()[..8].to_vec();
    let occurs = || {
        house.mem.files().iter().any(|path| {
            let octets = house.mem.contents(path).unwrap();
            path.starts_with("log/index") && octets.windows(8).any(|window| window == handle)
        })
    };
    assert!(occurs());
    let found = reader(&house).parts_of(owner, 0..u64::MAX).unwrap();
    reader(&house).unindex(&found).unwrap();
    log.begin_erasure(found).unwrap();
    let mut steps = 1;
    while !log.continue_erasure(7).unwrap() {
        steps += 1;
        house.verify().unwrap();
    }
    assert_eq!(steps, 9, "sixty records, seven at a time");
    assert!(!occurs());
    assert_eq!(index_all(&house).len(), 2, "made anew of what is left");
    assert!(!occurs());
    assert_eq!(of_holder(&house, 0..u64::MAX), Vec::<u64>::new());
    assert_eq!(house.verify().unwrap().scrubbed, 60);
}
