//! Syncs that fail: what only the system's memory holds is not the log.

use event_log::disk::{Fault, FaultOn};
use event_log::read::Reader;

use crate::rig::{House, at, indices};

const EIO: i32 = 5;
const SEGMENT: &str = "log/segments/0000000000.seg";
const RUN: &str = "log/run";

fn failing(house: &House, after: u64, times: u64) {
    house.mem.inject(Some(Fault {
        on: FaultOn::Sync,
        after,
        times,
        errno: EIO,
    }));
}

/// The daemon is killed after a failed sync, so the next one finds in the system's memory what the disk never got.
#[test]
fn what_a_failed_sync_left_in_memory_is_made_durable_before_it_is_built_on() {
    for seed in 0..40 {
        let (house, mut log) = House::new();
        // What a failed sync loses hangs on how often the disk was changed before.
        for number in 0..seed {
            drop(log.append(&house.batch(number..number + 1)).unwrap());
        }
        failing(&house, 0, u64::MAX);
        assert!(log.append(&house.batch(3..6)).is_err());
        drop(log);
        house.mem.inject(None);
        let again = house.reopened();
        let (mut log, _) = again.open_log().unwrap();
        log.seal(at(0)).unwrap();
        drop(log.append(&again.batch(6..7)).unwrap());
        let size = log.size();
        drop(log);
        house.mem.crash(seed);
        let (log, _) = house
            .reopened()
            .open_log()
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(log.size(), size, "seed {seed}");
    }
}

/// The power goes while nothing of it was given in again: it may lie on the disk, older than the seal before it.
#[test]
fn what_failed_before_a_seal_does_not_come_back_behind_it() {
    for seed in 0..40 {
        let (house, mut log) = House::new();
        drop(log.append(&house.batch(0..3)).unwrap());
        failing(&house, 0, 2);
        assert!(log.append(&house.batch(3..4)).is_err());
        house.mem.inject(None);
        log.seal(at(100_000_000)).unwrap();
        drop(log);
        if seed > 0 {
            house.mem.crash(seed);
        }
        let again = house.reopened();
        let (mut log, _) = again.open_log().unwrap();
        log.seal(at(101_000_000)).unwrap();
        let report = again.verify();
        let report = report.unwrap_or_else(|finding| panic!("seed {seed}: {finding}"));
        assert_eq!(report.unsealed, 0);
    }
}

/// The second try may fail as well, and leave a segment without anything acknowledged in it.
#[test]
fn a_reader_passes_over_segments_that_failed_at_once() {
    let mut failed_twice = 0;
    for times in 1..8 {
        for after in 0..12 {
            let (house, mut log) = House::new();
            drop(log.append(&house.batch(0..7)).unwrap());
            failing(&house, after, times);
            let mut next = 7;
            for _ in 0..12 {
                match log.append(&house.batch(next..next + 3)) {
                    Ok(receipts) => {
                        assert_eq!(indices(receipts), [next, next + 1, next + 2]);
                        next += 3;
                    }
                    Err(_) => failed_twice += 1,
                }
            }
            house.mem.inject(None);
            drop(log.append(&house.batch(next..next + 1)).unwrap());
            next += 1;
            log.seal(at(0)).unwrap();
            assert_eq!(house.verify().unwrap().events, next);
            let mut reader = Reader::open(&house.disk, house.store_keys()).unwrap();
            for from in [0, 7, 8] {
                let entries: Vec<_> = reader
                    .entries(from..next)
                    .unwrap()
                    .map(Result::unwrap)
                    .collect();
                assert_eq!(u64::try_from(entries.len()).unwrap(), next - from);
                for entry in entries {
                    assert_eq!(entry.time, house.event(entry.index).event.time);
                    assert_eq!(reader.view(&entry).unwrap().erased, 0);
                }
            }
        }
    }
    assert!(failed_twice > 0);
}

#[test]
fn of_two_segments_that_begin_alike_the_newer_is_read() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..7)).unwrap());
    // The flush and the run's file fail; then, after the run and the new segment, the flush into that.
    failing(&house, 0, 2);
    assert!(log.append(&house.batch(7..10)).is_err());
    failing(&house, 2, 1);
    assert_eq!(indices(log.append(&house.batch(7..10)).unwrap()), [7, 8, 9]);
    assert!(house.mem.contents("log/segments/0000000002.seg").is_some());
    assert!(house.mem.contents("log/segments/0000000003.seg").is_none());
    drop(log.append(&house.batch(10..12)).unwrap());
    let reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let read: Vec<u64> = reader
        .entries(0..100)
        .unwrap()
        .map(|entry| entry.unwrap().index)
        .collect();
    assert_eq!(read, (0..12).collect::<Vec<_>>());
}

#[test]
fn an_old_run_put_back_brings_no_old_nonce_back() {
    let (house, mut log) = House::new();
    let old = house.mem.contents(RUN).unwrap();
    for round in 0..5 {
        drop(log.append(&house.batch(round..round + 1)).unwrap());
        drop(log);
        house.mem.put(RUN, old.clone());
        log = house.reopened().open_log().unwrap().0;
        let run: u64 = String::from_utf8(house.mem.contents(RUN).unwrap())
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        assert_eq!(run, round + 2);
    }
    log.seal(at(0)).unwrap();
    house.verify().unwrap();
}

#[test]
fn the_first_flush_of_a_segment_is_damage_too_when_another_follows() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..3)).unwrap());
    // The first sync of the flush fails, so the next segment begins with it.
    failing(&house, 0, 1);
    drop(log.append(&house.batch(3..5)).unwrap());
    drop(log.append(&house.batch(5..6)).unwrap());
    drop(log);
    let newest = "log/segments/0000000001.seg";
    let good = house.mem.contents(newest).unwrap();
    for at in [4_096, 4_100, 4_107, 4_150, 4_300] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        house.mem.put(newest, bad);
        assert!(house.reopened().open_log().is_err(), "octet {at}");
    }
    house.mem.put(newest, good);
    assert_eq!(house.reopened().open_log().unwrap().0.size(), 6);
}

/// Whole records of a later flush at every offset would cost a verifier hours: it gives up, and calls it damage.
#[test]
fn a_tail_made_to_be_slow_is_refused_soon() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..1)).unwrap());
    log.seal(at(0)).unwrap();
    drop(log);
    let mut octets = house.mem.contents(SEGMENT).unwrap();
    let end = octets.iter().rposition(|octet| *octet != 0).unwrap() + 1;
    let header = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 255];
    let frame = [0, 16, 0, 1, 9, 0, 0, 0, 1, 1, 1, 1];
    let bait = [&frame[..], &header].concat();
    assert_eq!(
        usize::from(u16::from_le_bytes([frame[0], frame[1]])),
        16 + 255 * 16
    );
    octets.resize(end + 4 * 1024 * 1024, 0);
    for chunk in octets[end..].chunks_exact_mut(bait.len()) {
        chunk.copy_from_slice(&bait);
    }
    house.mem.put(SEGMENT, octets);
    assert_eq!(house.verify().unwrap_err().index, Some(1));
    assert!(house.reopened().open_log().is_err());
}
