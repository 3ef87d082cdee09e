//! A restored log: another life under another name, which says what it goes on from and signs nothing for the one before.

use access::ClockQuality;
use event_log::verify::{Options, verify_dir};
use event_log::{Former, Log, OldLog, VerifierKey};
use key_store::Fixed;

use crate::rig::{House, ORIGIN, Seeded, at, writer_keys};

const NOTE: &str = "log/checkpoint";

fn text(house: &House, path: &str) -> String {
    String::from_utf8(house.mem.contents(path).unwrap()).unwrap()
}

/// The log goes; everything else of the house is as it was.
fn lose_the_log(house: &House) {
    let disk: &dyn event_log::disk::Disk = &house.mem;
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
    let disk: &dyn event_log::disk::Disk = &house.mem;
    disk.remove("log/former").unwrap();
    assert!(house.verify().unwrap_err().what.contains("it is missing"));
    house.mem.put("log/former", good.into_bytes());
    house.verify().unwrap();
}

/// A log of ten weeks, two years and a day before the one that went on from it is sealed for the last time.
#[test]
fn m20_what_an_old_log_says_is_overwritten_when_its_time_is_over_and_it_verifies_until_it_leaves() {
    const WEEK: i64 = 7 * 86_400_000_000;
    let (house, mut log) = House::new();
    let live = |log: &mut Log, weeks: std::ops::Range<i64>| {
        for week in weeks {
            let mut batch = house.batch(0..3);
            for ticketed in &mut batch {
                ticketed.event.time = at(week * WEEK);
                ticketed.event.late = false;
            }
            drop(log.append(&batch).unwrap());
            log.seal(at(week * WEEK)).unwrap();
        }
    };
    live(&mut log, 0..10);
    let key: VerifierKey = log.verifier_key().parse().unwrap();
    drop(log);
    let former = Former::new(&text(&house, NOTE), &key).unwrap();
    for path in house.mem.files() {
        if let Some(name) = path.strip_prefix("log/") {
            let octets = house.mem.contents(&path).unwrap();
            house.mem.put(&format!("log-1/{name}"), octets);
        }
    }
    let mut log = restored(&house, &former);
    let folder = |name: &str| -> std::sync::Arc<dyn event_log::disk::Disk> {
        let disk = std::sync::Arc::clone(&house.disk);
        std::sync::Arc::new(event_log::disk::SubDisk::new(disk, name))
    };
    let keys: std::sync::Arc<dyn event_log::Keys> = house.store_keys();
    let sweep = || {
        let old = OldLog::open(folder("log-1"), &[folder("log")]).unwrap();
        let policy = event_log::Policy::default();
        old.expire(&keys, (&policy, &event_log::Cuts::default()))
            .unwrap();
        old.is_over().unwrap()
    };
    let report = || {
        let options = Options {
            key: Some(key.clone()),
            ..Options::default()
        };
        verify_dir(folder("log-1").as_ref(), options, &mut |_| {}).unwrap()
    };
    let parts = |count: u64| count * 3;
    live(&mut log, 10..105);
    assert!(!sweep());
    let none = report();
    assert_eq!((none.scrubbed, none.events), (0, 30), "not yet");
    // Of week 0 two years are over in week 105.
    live(&mut log, 105..110);
    assert!(!sweep());
    let some = report();
    assert!(
        some.scrubbed >= parts(4) && some.scrubbed < parts(20),
        "{some:?}"
    );
    assert_eq!((some.root, some.events), (none.root, 30));
    live(&mut log, 110..116);
    assert!(sweep(), "all of it is two years old");
    assert!(report().scrubbed >= parts(10));
    // A clock that jumps makes nothing older than a week.
    let (house, mut log) = (&house, log);
    log.seal(at(400 * WEEK)).unwrap();
    drop((house, log));
}
