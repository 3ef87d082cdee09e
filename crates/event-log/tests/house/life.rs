//! A log's ordinary life: written, sealed, opened again, read, rolled.

use std::sync::Arc;

use access::Reason;
use event_log::disk::{Fault, FaultOn, SubDisk};
use event_log::read::Reader;
use event_log::verify::{Options, verify_dir};
use event_log::{LogError, Ticketed, View};

use crate::rig::{House, ORIGIN, at, indices};

fn views(house: &House, range: std::ops::Range<u64>) -> Vec<View> {
    let mut reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let entries: Vec<_> = reader.entries(range).unwrap().map(Result::unwrap).collect();
    entries
        .iter()
        .map(|entry| reader.view(entry).unwrap())
        .collect()
}

#[test]
fn what_was_appended_is_read_again_in_order() {
    let (house, mut log) = House::new();
    let receipts = log.append(&house.batch(0..14)).unwrap();
    assert!(
        receipts
            .iter()
            .all(|receipt| receipt.ticket() == receipt.index())
    );
    let views = views(&house, 0..100);
    assert_eq!(views.len(), 14);
    let names: Vec<_> = views
        .iter()
        .map(|view| view.name.unwrap())
        .take(7)
        .collect();
    let expected = [
        "started",
        "door-opened",
        "reader-online",
        "card-issued",
        "log-read",
        "access-denied",
        "access-granted",
    ];
    assert_eq!(names, expected);
    assert_eq!(views[1].operator, Some(house.operator.id));
    assert_eq!(views[1].detail.as_str(), "said aloud");
    assert_eq!(
        (views[3].outbox, views[3].issuance),
        (3, Some(house.holder.issuance))
    );
    assert_eq!(views[3].holder_text.as_str(), "until tomorrow");
    assert_eq!(views[4].hits, Some(3));
    assert_eq!(views[5].unknown.map(|(_, bits)| bits), Some(26));
    assert_eq!(
        (views[6].issuance, views[6].reason),
        (Some(house.holder.issuance), Some(Reason::Ok))
    );
    assert!(views.iter().all(|view| view.erased == 0));
}

#[test]
fn a_sealed_log_verifies_with_its_pinned_key_and_from_any_anchor() {
    let (house, mut log) = House::new();
    let mut anchors = Vec::new();
    for round in 0..20 {
        drop(log.append(&house.batch(round * 7..round * 7 + 7)).unwrap());
        log.seal(at(i64::try_from(round).unwrap())).unwrap();
        anchors.push(String::from_utf8(house.mem.contents("log/checkpoint").unwrap()).unwrap());
    }
    for anchor in anchors {
        let key = Some(log.verifier_key().parse().unwrap());
        let report = house
            .verify_with(Options {
                key,
                anchor: Some(anchor.parse().unwrap()),
                ..Options::default()
            })
            .unwrap();
        assert_eq!(
            (report.events, report.sealed, report.unsealed, report.torn),
            (140, 140, 0, 0)
        );
        assert_eq!(
            (report.origin.as_str(), report.pinned, report.anchored),
            (ORIGIN, true, true)
        );
        assert_eq!(report.root, log.root());
    }
}

#[test]
fn a_log_goes_on_after_a_restart_and_its_newest_time_is_kept() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..10)).unwrap());
    log.seal(at(0)).unwrap();
    drop(log.append(&house.batch(10..20)).unwrap());
    let (root, newest) = (log.root(), log.newest_time());
    drop(log);
    let (mut log, recovery) = house.reopened().open_log().unwrap();
    assert_eq!(recovery, None);
    assert_eq!(
        (log.size(), log.root(), log.newest_time()),
        (20, root, newest)
    );
    assert_eq!(log.checkpoint().map(|checkpoint| checkpoint.size), Some(10));
    assert_eq!(indices(log.append(&house.batch(20..22)).unwrap()), [20, 21]);
    log.seal(at(1)).unwrap();
    assert_eq!(house.verify().unwrap().events, 22);
    assert_eq!(views(&house, 19..21).len(), 2);
}

#[test]
fn a_full_segment_is_followed_by_another_and_everything_stays_readable() {
    let (house, mut log) = House::new();
    // 512 of the longest records are kept room for, so 64 MiB are soon enough for the roll.
    let batch: Vec<Ticketed> = house.batch(0..512);
    let mut appended = 0;
    while house.mem.contents("log/segments/0000000001.seg").is_none() {
        drop(log.append(&batch).unwrap());
        appended += 512;
        assert!(appended < 2_000_000, "the first segment never ends");
    }
    log.seal(at(0)).unwrap();
    assert_eq!(house.verify().unwrap().events, appended);
    let border = appended - 512;
    assert_eq!(views(&house, border - 2..border + 2).len(), 4);
    drop(log);
    let (log, recovery) = house.reopened().open_log().unwrap();
    assert_eq!((log.size(), recovery), (appended, None));
}

#[test]
fn there_is_one_log_in_a_place_and_none_where_none_was_made() {
    let (house, log) = House::new();
    drop(log);
    let identity = event_log::Identity {
        origin: ORIGIN.to_owned(),
        signing: key_store::Key32::new([1; 32]),
    };
    let again = event_log::Log::create(
        &house.disk,
        house.store_keys(),
        identity,
        &mut crate::rig::Seeded(1),
    );
    assert!(matches!(again.err(), Some(LogError::Exists)));
    let empty: std::sync::Arc<dyn event_log::disk::Disk> =
        std::sync::Arc::new(event_log::disk::MemDisk::new());
    let signing = key_store::Key32::new([1; 32]);
    let missing = event_log::Log::open(&empty, house.store_keys(), &signing, at(0));
    assert!(matches!(missing.err(), Some(LogError::Missing)));
}

#[test]
fn a_follower_sees_what_was_written_since_it_last_asked() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..3)).unwrap());
    let reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let mut entries = reader.entries(0..3).unwrap();
    assert_eq!(entries.by_ref().count(), 3);
    for round in 1..20 {
        drop(log.append(&house.batch(round * 3..round * 3 + 3)).unwrap());
        entries.extend_to(log.size());
        let seen: Vec<u64> = entries.by_ref().map(|entry| entry.unwrap().index).collect();
        assert_eq!(seen, [round * 3, round * 3 + 1, round * 3 + 2]);
    }
}

#[test]
fn a_follower_never_sees_what_a_failed_flush_left_behind() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..5)).unwrap());
    let reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let mut entries = reader.entries(0..5).unwrap();
    assert_eq!(entries.by_ref().count(), 5);
    let fault = Fault {
        on: FaultOn::Change,
        after: 1,
        times: u64::MAX,
        errno: 5,
    };
    house.mem.inject(Some(fault));
    assert!(log.append(&house.batch(5..8)).is_err());
    house.mem.inject(None);
    drop(log.append(&house.batch(100..103)).unwrap());
    entries.extend_to(log.size());
    let times: Vec<_> = entries.map(|entry| entry.unwrap().time).collect();
    assert_eq!(times, [at(100_000), at(101_000), at(102_000)]);
}

#[test]
fn each_day_has_a_segment_of_its_own() {
    let (house, mut log) = House::new();
    const DAY: u64 = 86_400_000;
    for number in [0, 1, DAY, DAY + 1, 2 * DAY, 9 * DAY] {
        drop(log.append(&[house.event(number)]).unwrap());
    }
    // Midnight passed while this one queued.
    drop(log.append(&[house.event(8 * DAY)]).unwrap());
    log.seal(at(0)).unwrap();
    let segments = house.mem.files();
    let segments = segments.iter().filter(|path| path.ends_with(".seg"));
    assert_eq!(segments.count(), 4);
    let full = house.mem.contents("log/segments/0000000000.seg").unwrap();
    assert!(full.len() < 8_192, "the zeros ahead are given back");
    assert_eq!(house.verify().unwrap().events, 7);
    drop(log);
    let (mut log, _) = house.reopened().open_log().unwrap();
    drop(log.append(&[house.event(9 * DAY + 5)]).unwrap());
    assert_eq!(
        house
            .mem
            .files()
            .iter()
            .filter(|path| path.ends_with(".seg"))
            .count(),
        4
    );
}

#[test]
fn one_thread_and_many_verify_alike() {
    let (house, mut log) = House::new();
    for day in 0..9 {
        let first = day * 86_400_000;
        drop(log.append(&house.batch(first..first + 50)).unwrap());
    }
    log.seal(at(0)).unwrap();
    let on = |threads| {
        house.verify_with(Options {
            threads: std::num::NonZeroUsize::new(threads),
            ..Options::default()
        })
    };
    let whole = on(1).unwrap();
    assert_eq!((whole.events, whole.unsealed), (450, 0));
    assert!((2..6).all(|threads| on(threads).as_ref() == Ok(&whole)));
    let third = "log/segments/0000000003.seg";
    let mut octets = house.mem.contents(third).unwrap();
    octets[5_000] ^= 1;
    house.mem.put(third, octets);
    let finding = on(1).unwrap_err();
    assert!((2..6).all(|threads| on(threads).as_ref() == Err(&finding)));
}

#[test]
fn a_flush_across_midnight_does_not_hold_the_next_day_in_the_old_segment() {
    const DAY: u64 = 86_400_000;
    for reopened in [false, true] {
        let (house, mut log) = House::new();
        let across = [house.event(0), house.event(DAY)];
        drop(log.append(&across).unwrap());
        if reopened {
            log.seal(at(0)).unwrap();
            drop(log);
            log = house.reopened().open_log().unwrap().0;
        }
        for number in [DAY + 1, DAY + 2] {
            drop(log.append(&[house.event(number)]).unwrap());
        }
        let segments = house.mem.files();
        let segments = segments.iter().filter(|path| path.ends_with(".seg"));
        assert_eq!(segments.count(), 2, "reopened: {reopened}");
    }
}

#[test]
fn a_disk_that_is_full_at_midnight_stops_nothing() {
    const DAY: u64 = 86_400_000;
    let (house, mut log) = House::new();
    drop(log.append(&[house.event(0)]).unwrap());
    // The new segment's file is the first change; what follows goes into the one that is open.
    house.mem.inject(Some(Fault {
        on: FaultOn::Change,
        after: 0,
        times: 1,
        errno: 28,
    }));
    drop(log.append(&[house.event(DAY)]).unwrap());
    drop(log.append(&[house.event(DAY + 1)]).unwrap());
    log.seal(at(0)).unwrap();
    assert_eq!(house.verify().unwrap().events, 3);
    drop(log.append(&[house.event(2 * DAY)]).unwrap());
    let segments = house.mem.files();
    assert_eq!(
        segments
            .iter()
            .filter(|path| path.ends_with(".seg"))
            .count(),
        2
    );
}

#[test]
fn how_far_a_verification_is_is_told_by_the_batch() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..5_000)).unwrap());
    log.seal(at(0)).unwrap();
    let mut said = Vec::new();
    let folder = SubDisk::new(Arc::clone(&house.disk), "log");
    verify_dir(&folder, Options::default(), &mut |progress| {
        said.push((progress.done, progress.total));
    })
    .unwrap();
    assert_eq!(said, [(4_096, 5_000), (5_000, 5_000)]);
}
