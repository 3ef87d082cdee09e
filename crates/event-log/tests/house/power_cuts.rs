//! Power cuts and failing disks: what was acknowledged stays, what is torn is told from what is damaged.

use event_log::disk::{Fault, FaultOn};
use event_log::{Log, Ticketed};
use proptest::prelude::*;

use crate::rig::{House, at, indices};

const EIO: i32 = 5;
const ENOSPC: i32 = 28;

/// Appends in batches until the disk stops; how many events were acknowledged, and whether a seal was.
fn write_until_it_stops(house: &House, log: &mut Log, from: u64) -> u64 {
    let mut next = from;
    for round in 0..12_u64 {
        let batch: Vec<Ticketed> = house.batch(next..next + 1 + round % 5);
        let Ok(receipts) = log.append(&batch) else {
            return next;
        };
        next += u64::try_from(receipts.len()).unwrap();
        if round % 4 == 3 && log.seal(at(i64::try_from(next).unwrap())).is_err() {
            return next;
        }
    }
    next
}

/// Cuts the power after `after` changes, loses what `seed` wants, and opens again: everything acknowledged must be there.
fn cut(after: u64, seed: u64) {
    let (house, mut log) = House::new();
    house.mem.inject(Some(Fault {
        on: FaultOn::Change,
        after,
        times: u64::MAX,
        errno: EIO,
    }));
    let acknowledged = write_until_it_stops(&house, &mut log, 0);
    drop(log);
    house.mem.crash(seed);
    let again = house.reopened();
    let (mut log, _) = again
        .open_log()
        .unwrap_or_else(|error| panic!("cut {after}, seed {seed}: {error}"));
    assert!(
        log.size() >= acknowledged,
        "cut {after}, seed {seed}: {} of {acknowledged}",
        log.size()
    );
    // And once more, so that nothing of the first crash is swallowed or comes back by the second.
    let before = log.size();
    again.mem.inject(Some(Fault {
        on: FaultOn::Change,
        after: after % 23,
        times: u64::MAX,
        errno: EIO,
    }));
    let second = write_until_it_stops(&again, &mut log, 0);
    drop(log);
    again.mem.crash(seed ^ 0xA5A5);
    let third = again.reopened();
    let (mut log, _) = third
        .open_log()
        .unwrap_or_else(|error| panic!("second cut {after}, seed {seed}: {error}"));
    assert!(
        log.size() >= before + second,
        "second cut {after}, seed {seed}"
    );
    drop(log.append(&third.batch(0..3)).unwrap());
    log.seal(at(0)).unwrap();
    let report = third
        .verify()
        .unwrap_or_else(|finding| panic!("cut {after}, seed {seed}: {finding}"));
    assert_eq!(
        (report.events, report.unsealed, report.torn),
        (log.size(), 0, 0)
    );
}

#[test]
fn no_acknowledged_event_is_lost_by_a_power_cut_at_any_change() {
    for after in 0..100 {
        for seed in 0..100 {
            cut(after, seed * 7_919 + after);
        }
    }
}

/// Nobody has said yet how far the clock may be believed: no later record could be older than what it says.
#[test]
fn the_record_of_a_torn_end_is_not_dated_by_a_clock_that_is_ahead() {
    let mut torn = 0;
    for seed in 1..40 {
        let (house, mut log) = House::new();
        // What a failed sync loses hangs on how often the disk was changed before.
        for number in 0..seed {
            drop(log.append(&house.batch(number..number + 1)).unwrap());
        }
        house.mem.inject(Some(Fault {
            on: FaultOn::Sync,
            after: 0,
            times: u64::MAX,
            errno: EIO,
        }));
        assert!(log.append(&house.batch(seed..seed + 12)).is_err());
        drop(log);
        house.mem.crash(seed);
        let again = house.reopened();
        let next_year = at(365 * 86_400 * 1_000_000);
        let (log, recovery) = again.open_log_at(next_year).unwrap();
        torn += u64::from(recovery.is_some());
        assert!(log.newest_time() < Some(at(1_000_000)));
    }
    assert!(torn > 0);
}

#[test]
fn a_write_or_sync_that_fails_once_costs_no_event() {
    for on in [FaultOn::Write, FaultOn::Sync] {
        for errno in [EIO, ENOSPC] {
            for after in 0..30 {
                let (house, mut log) = House::new();
                house.mem.inject(Some(Fault {
                    on,
                    after,
                    times: 1,
                    errno,
                }));
                let mut next = 0;
                for round in 0..15 {
                    if let Ok(receipts) = log.append(&house.batch(next..next + 2)) {
                        assert_eq!(indices(receipts), [next, next + 1], "{on:?} {after}");
                        next += 2;
                    }
                    drop(log.seal(at(round)));
                }
                assert_eq!(log.size(), next);
                assert!(
                    next >= 28,
                    "a disk that fails once must not stop the log: {next}"
                );
                log.seal(at(99)).unwrap();
                assert_eq!(house.verify().unwrap().events, next, "{on:?} {after}");
                drop(log);
                assert_eq!(house.reopened().open_log().unwrap().0.size(), next);
            }
        }
    }
}

#[test]
fn a_disk_that_fails_for_ever_acknowledges_nothing_and_harms_nothing() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..5)).unwrap());
    house.mem.inject(Some(Fault {
        on: FaultOn::Change,
        after: 0,
        times: u64::MAX,
        errno: ENOSPC,
    }));
    for _ in 0..10 {
        assert!(log.append(&house.batch(5..8)).is_err());
        assert!(log.seal(at(0)).is_err());
    }
    assert_eq!(log.size(), 5);
    house.mem.inject(None);
    assert_eq!(indices(log.append(&house.batch(5..8)).unwrap()), [5, 6, 7]);
    log.seal(at(0)).unwrap();
    assert_eq!(house.verify().unwrap().events, 8);
}

#[test]
fn a_log_on_a_disk_that_takes_nothing_opens_writes_nothing_and_goes_on_once_it_does() {
    for errno in [EIO, ENOSPC] {
        let (house, mut log) = House::new();
        drop(log.append(&house.batch(0..5)).unwrap());
        drop(log);
        let again = house.reopened();
        again.mem.inject(Some(Fault {
            on: FaultOn::Change,
            after: 0,
            times: u64::MAX,
            errno,
        }));
        let (mut log, _) = again.open_log().unwrap();
        assert_eq!(log.size(), 5);
        for _ in 0..3 {
            assert!(log.append(&house.batch(5..8)).is_err());
            assert!(log.seal(at(0)).is_err());
        }
        assert_eq!(log.size(), 5);
        again.mem.inject(None);
        let before = runs(&again.mem.contents("log/segments/0000000000.seg").unwrap());
        assert_eq!(indices(log.append(&house.batch(5..8)).unwrap()), [5, 6, 7]);
        let after = runs(&again.mem.contents("log/segments/0000000001.seg").unwrap());
        assert!(
            after.iter().all(|run| *run > before[4]),
            "{before:?} {after:?}"
        );
        log.seal(at(0)).unwrap();
        assert_eq!(again.verify().unwrap().events, 8);
        drop(log);
        let third = again.reopened();
        let (mut log, _) = third.open_log().unwrap();
        assert_eq!(log.size(), 8);
        log.seal(at(0)).unwrap();
        assert_eq!(third.verify().unwrap().events, 8);
    }
}

#[test]
fn a_log_that_opens_on_a_full_disk_gives_its_reserve_up_and_goes_on() {
    let (house, log) = House::new();
    drop(log);
    house.mem.put("log/reserve", vec![0; 65_536]);
    let again = house.reopened();
    again.mem.limit(Some(again.mem.octets()));
    let (mut log, _) = again.open_log().unwrap();
    assert!(log.take_disk_alarm());
    assert!(again.mem.contents("log/reserve").is_none());
    drop(log.append(&house.batch(0..3)).unwrap());
    log.seal(at(0)).unwrap();
    assert_eq!(again.verify().unwrap().events, 3);
}

#[test]
fn a_flush_that_failed_never_shares_a_nonce_with_what_is_written_in_its_place() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..5)).unwrap());
    house.mem.inject(Some(Fault {
        on: FaultOn::Change,
        after: 1,
        times: u64::MAX,
        errno: EIO,
    }));
    assert!(log.append(&house.batch(5..8)).is_err());
    house.mem.inject(None);
    // Something else takes index 5.
    drop(log.append(&house.batch(6..9)).unwrap());
    let failed = runs(&house.mem.contents("log/segments/0000000000.seg").unwrap());
    let after = runs(&house.mem.contents("log/segments/0000000001.seg").unwrap());
    assert_eq!(failed.len(), 8, "the failed flush lies on the disk");
    assert!(
        after.iter().all(|run| *run > failed[5]),
        "{failed:?} then {after:?}"
    );
    log.seal(at(99)).unwrap();
    assert_eq!(house.verify().unwrap().events, 8);
}

/// The run of each record of a segment, read without the log's own code.
fn runs(segment: &[u8]) -> Vec<u32> {
    let mut runs = Vec::new();
    let mut at = 4_096;
    loop {
        let len = usize::from(u16::from_le_bytes([segment[at], segment[at + 1]]));
        if len == 0 {
            return runs;
        }
        let run = segment[at + 22..at + 26].first_chunk().unwrap();
        runs.push(u32::from_le_bytes(*run));
        at += 12 + len;
    }
}

#[test]
fn a_torn_end_is_cut_and_the_cut_is_recorded() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..7)).unwrap());
    log.seal(at(0)).unwrap();
    let whole = house.mem.contents("log/segments/0000000000.seg").unwrap();
    drop(log.append(&house.batch(7..9)).unwrap());
    drop(log);
    let mut torn = house.mem.contents("log/segments/0000000000.seg").unwrap();
    let end = torn.iter().rposition(|octet| *octet != 0).unwrap();
    let begin = whole.iter().rposition(|octet| *octet != 0).unwrap();
    torn[begin + 20..begin + 60].fill(0);
    house.mem.put("log/segments/0000000000.seg", torn);
    let (log, recovery) = house.reopened().open_log().unwrap();
    let recovery = recovery.expect("the end was torn");
    assert!(recovery.octets > 0 && recovery.octets <= u64::try_from(end - begin).unwrap());
    assert_eq!(log.size(), 8, "seven and the record of the recovery");
    assert_eq!(house.verify().unwrap().torn, 0);
}

#[test]
fn a_damaged_record_before_the_last_flush_is_never_cut() {
    let (house, mut log) = House::new();
    for number in 0..10 {
        drop(log.append(&house.batch(number..number + 1)).unwrap());
    }
    drop(log);
    let segment = "log/segments/0000000000.seg";
    let good = house.mem.contents(segment).unwrap();
    let end = good.iter().rposition(|octet| *octet != 0).unwrap();
    // The last record is the last flush's; everything before it is some earlier one's.
    for at in (4_096..end - 140).step_by(13) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        house.mem.put(segment, bad.clone());
        let refused = house.reopened().open_log();
        assert!(refused.is_err(), "octet {at} of {end}");
        assert_eq!(
            house.mem.contents(segment),
            Some(bad),
            "nothing is repaired by guessing"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn whatever_follows_the_end_of_the_log_is_cut_or_refused(garbage in proptest::collection::vec(any::<u8>(), 1..600)) {
        let (house, mut log) = House::new();
        drop(log.append(&house.batch(0..3)).unwrap());
        log.seal(at(0)).unwrap();
        drop(log);
        let segment = "log/segments/0000000000.seg";
        let mut octets = house.mem.contents(segment).unwrap();
        let end = octets.iter().rposition(|octet| *octet != 0).unwrap() + 1;
        octets[end..end + garbage.len()].copy_from_slice(&garbage);
        house.mem.put(segment, octets);
        let (log, _) = house.reopened().open_log().unwrap();
        prop_assert!(log.size() >= 3);
        prop_assert!(house.verify().is_ok());
    }
}
