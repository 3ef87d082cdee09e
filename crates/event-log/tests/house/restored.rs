//! A restored log: another life under another name, which says what it goes on from and signs nothing for the one before.

use access::ClockQuality;
use event_log::verify::Options;
use event_log::{Former, Log, VerifierKey};
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
