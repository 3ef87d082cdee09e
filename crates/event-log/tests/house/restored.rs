//! A restored log: another life under another name, which says what it goes on from and signs nothing for the one before.

use std::ops::Range;
use std::sync::Arc;

use access::ClockQuality;
use event_log::disk::{Disk, SubDisk};
use event_log::verify::{Options, Report, verify_dir};
use event_log::{Cuts, Former, Keys, Log, OldLog, Policy, VerifierKey};
use key_store::Fixed;

use crate::rig::{House, ORIGIN, Seeded, at, writer_keys};

const NOTE: &str = "log/checkpoint";

fn text(house: &House, path: &str) -> String {
    String::from_utf8(house.mem.contents(path).unwrap()).unwrap()
}

/// The log goes; everything else of the house is as it was.
fn lose_the_log(house: &House) {
    let disk: &dyn Disk = &house.mem;
    for path in house.mem.files() {
        if path.starts_with("log/") {
            disk.remove(&path).unwrap();
        }
    }
}

fn restored(house: &House, former: &Former) -> Log {
    lose_the_log(house);
    let signing = house.keys.fixed(Fixed::LogSigning).unwrap();
    let now = (at(0), ClockQuality::Synchronised);
    let keys = writer_keys(&house.keys);
    Log::create_after(&house.disk, keys, (former, signing), now, &mut Seeded(77)).unwrap()
}

#[test]
fn a_restored_log_has_a_name_of_its_own_and_says_what_it_goes_on_from() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..70)).unwrap());
    log.seal(at(0)).unwrap();
    let old_key: VerifierKey = log.verifier_key().parse().unwrap();
    let (note, old_time) = (text(&house, NOTE), log.newest_time().unwrap());
    let former = Former::new(&note, &old_key).unwrap();
    drop(log);
    let mut log = restored(&house, &former);
    assert_eq!(log.origin(), format!("{ORIGIN}/2"));
    assert!(
        log.newest_time().unwrap() >= old_time,
        "time never runs back"
    );
    drop(log.append(&house.batch(70..77)).unwrap());
    log.seal(at(0)).unwrap();
    let mut options = Options::default();
    options.pin(&log.verifier_key()).unwrap();
    options.pin(&log.epoch_verifier_key().unwrap()).unwrap();
    let report = house.verify_with(options).unwrap();
    assert_eq!(report.former, Some((ORIGIN.to_owned(), 70)));
    assert_eq!((report.events, report.unsealed), (8, 0));
    // Who holds the old key is not told that this is the old log.
    let old = Options {
        key: Some(old_key),
        ..Options::default()
    };
    assert!(house.verify_with(old).is_err());
    drop(log);
    let (log, _) = house.reopened().open_log().unwrap();
    // And once more.
    let key: VerifierKey = log.verifier_key().parse().unwrap();
    let former = Former::new(&text(&house, NOTE), &key).unwrap();
    drop(log);
    let log = restored(&house, &former);
    assert_eq!(log.origin(), format!("{ORIGIN}/3"));
    assert_eq!(
        house.verify().unwrap().former,
        Some((format!("{ORIGIN}/2"), 8))
    );
}

#[test]
fn a_former_checkpoint_that_is_missing_changed_or_of_another_log_is_found() {
    let (house, mut log) = House::new();
    log.seal(at(0)).unwrap();
    let key: VerifierKey = log.verifier_key().parse().unwrap();
    let former = Former::new(&text(&house, NOTE), &key).unwrap();
    let (other_house, mut other) = House::seeded(1);
    other.seal(at(0)).unwrap();
    let others = text(&other_house, NOTE);
    assert!(Former::new(&others, &key).is_err());
    drop(restored(&house, &former));
    let good = text(&house, "log/former");
    for bad in [
        good.replace("time_us 1", "time_us 2"),
        others,
        String::new(),
        good.replace(ORIGIN, "else.example/portvakt"),
    ] {
        house.mem.put("log/former", bad.into_bytes());
        let finding = house.verify().unwrap_err();
        assert!(finding.what.contains("log/former"), "{finding}");
    }
    let disk: &dyn Disk = &house.mem;
    disk.remove("log/former").unwrap();
    assert!(house.verify().unwrap_err().what.contains("it is missing"));
    house.mem.put("log/former", good.into_bytes());
    house.verify().unwrap();
}

/// Weeks go by, with events and a seal in each.
fn live(house: &House, log: &mut Log, weeks: Range<i64>) {
    for week in weeks {
        let mut batch = house.batch(0..3);
        for ticketed in &mut batch {
            ticketed.event.time = at(week * WEEK);
            ticketed.event.late = false;
        }
        drop(log.append(&batch).unwrap());
        log.seal(at(week * WEEK)).unwrap();
    }
}

fn folder(house: &House, name: &str) -> Arc<dyn Disk> {
    Arc::new(SubDisk::new(Arc::clone(&house.disk), name))
}

/// Overwrites what is over in the old log; whether all of it is.
fn sweep(house: &House) -> bool {
    let keys: Arc<dyn Keys> = house.store_keys();
    let old = OldLog::open(folder(house, "log-1"), &[folder(house, "log")]).unwrap();
    let (policy, before) = (Policy::default(), Cuts::default());
    old.expire(&keys, (&policy, &before)).unwrap();
    old.is_over().unwrap()
}

fn report_of_old(house: &House, key: &VerifierKey) -> Report {
    let options = Options {
        key: Some(key.clone()),
        ..Options::default()
    };
    verify_dir(folder(house, "log-1").as_ref(), options, &mut |_| {}).unwrap()
}

#[test]
fn m20_what_an_old_log_says_is_overwritten_when_its_time_is_over_and_it_verifies_until_it_leaves() {
    let (house, mut log) = House::new();
    live(&house, &mut log, 0..10);
    let key: VerifierKey = log.verifier_key().parse().unwrap();
    drop(log);
    let former = Former::new(&text(&house, NOTE), &key).unwrap();
    for dir in ["log-1", "log-1/segments", "log-1/tiles", "log-1/index"] {
        house.disk.create_dir(dir, 0o750).unwrap();
    }
    for path in house.mem.files() {
        if let Some(name) = path.strip_prefix("log/") {
            let octets = house.mem.contents(&path).unwrap();
            house.mem.put(&format!("log-1/{name}"), octets);
        }
    }
    let mut log = restored(&house, &former);
    live(&house, &mut log, 10..104);
    assert!(!sweep(&house));
    let none = report_of_old(&house, &key);
    assert_eq!((none.scrubbed, none.events), (0, 30), "not yet");
    // Of week 0 two years are over in week 105.
    live(&house, &mut log, 104..110);
    assert!(!sweep(&house));
    let some = report_of_old(&house, &key);
    assert!(some.scrubbed > 0, "{some:?}");
    assert_eq!((some.root, some.events), (none.root, 30));
    live(&house, &mut log, 110..116);
    assert!(sweep(&house), "all of it is two years old");
    let all = report_of_old(&house, &key);
    assert!(all.scrubbed > some.scrubbed && all.root == none.root);
}

const WEEK: i64 = 7 * 86_400_000_000;
