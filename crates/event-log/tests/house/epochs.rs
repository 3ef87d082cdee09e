//! Epochs: the past cannot be signed anew, not even with every key the machine has now.

use event_log::verify::Options;
use event_log::{Identity, Log};
use key_store::Fixed;
use key_store::disk::{Fault, FaultOn};

use crate::rig::{House, Seeded, at, writer_keys};

const SEALS: &str = "log/seals";
const HEAD_LEN: usize = 512;
const SEAL_LEN: usize = 160;

/// A log of so many epochs, each with seven records.
fn sealed(epochs: u64) -> (House, Log) {
    let (house, mut log) = House::new();
    for epoch in 0..epochs {
        drop(log.append(&house.batch(epoch * 7..epoch * 7 + 7)).unwrap());
        log.seal(at(0)).unwrap();
    }
    (house, log)
}

fn pinned(log: &Log) -> Options {
    Options {
        key: Some(log.verifier_key().parse().unwrap()),
        epoch_key: Some(log.epoch_verifier_key().unwrap().parse().unwrap()),
        ..Options::default()
    }
}

#[test]
fn every_epoch_is_sealed_and_verified() {
    let (house, mut log) = sealed(5);
    log.seal(at(60_000_000)).unwrap();
    let report = house.verify_with(pinned(&log)).unwrap();
    assert_eq!((report.epochs, report.epoch_pinned), (6, true));
    assert_eq!((report.sealed, report.unsealed), (35, 0));
    drop(log.append(&house.batch(35..37)).unwrap());
    assert_eq!(house.verify_with(pinned(&log)).unwrap().unsealed, 2);
}

#[test]
fn the_chain_goes_on_after_a_restart() {
    let (house, log) = sealed(3);
    let pins = pinned(&log);
    drop(log);
    for round in 0..3_u64 {
        let again = house.reopened();
        let (mut log, _) = again.open_log().unwrap();
        log.seal(at(0)).unwrap();
        let report = house.verify_with(pins.clone()).unwrap();
        assert_eq!(report.epochs, 4 + round);
    }
}

#[test]
fn the_key_of_a_sealed_epoch_is_gone_from_the_disk() {
    let (house, mut log) = House::new();
    let first = house.keys.fixed(Fixed::EvenEpoch).unwrap();
    log.seal(at(0)).unwrap();
    let second = house.keys.fixed(Fixed::OddEpoch).unwrap();
    log.seal(at(1)).unwrap();
    for (slot, gone) in [(Fixed::EvenEpoch, first), (Fixed::OddEpoch, second)] {
        assert!(house.keys.fixed(slot).unwrap().as_bytes() != gone.as_bytes());
    }
}

/// log.md: re-sealing with the current key fails. The thief has every key of the machine, the log's among them, and writes a
/// past of their own: against the key of epoch 0, which auditors hold, it does not stand.
#[test]
fn a_past_written_anew_with_all_keys_of_today_fails_against_the_first_epochs_key() {
    let (house, log) = sealed(3);
    let pins = pinned(&log);
    drop(log);
    for path in house.mem.files() {
        if path.starts_with("log/") {
            house.mem.put(&path, Vec::new());
        }
    }
    let forged = event_log::disk::MemDisk::new();
    let disk: std::sync::Arc<dyn event_log::disk::Disk> = std::sync::Arc::new(forged.clone());
    let identity = Identity {
        origin: crate::rig::ORIGIN.to_owned(),
        signing: house.keys.fixed(Fixed::LogSigning).unwrap(),
    };
    let mut log = Log::create(&disk, writer_keys(&house.keys), identity, &mut Seeded(3)).unwrap();
    drop(log.append(&house.batch(0..21)).unwrap());
    log.seal(at(0)).unwrap();
    for path in forged.files() {
        house.mem.put(&path, forged.contents(&path).unwrap());
    }
    let log_key_only = Options {
        epoch_key: None,
        ..pins.clone()
    };
    house.verify_with(log_key_only).unwrap();
    let refused = house.verify_with(pins).unwrap_err();
    assert!(refused.what.contains("begun anew"), "{refused}");
}

#[test]
fn any_changed_octet_of_the_seals_is_found() {
    let (house, log) = sealed(4);
    let good = house.mem.contents(SEALS).unwrap();
    for place in 0..HEAD_LEN + 4 * SEAL_LEN {
        let mut bad = good.clone();
        bad[place] ^= 0x08;
        house.mem.put(SEALS, bad);
        assert!(house.verify_with(pinned(&log)).is_err(), "octet {place}");
    }
    house.mem.put(SEALS, good);
    house.verify_with(pinned(&log)).unwrap();
}

#[test]
fn missing_swapped_and_repeated_seals_are_found() {
    let (house, log) = sealed(4);
    let good = house.mem.contents(SEALS).unwrap();
    let seal = |number: usize| good[HEAD_LEN + number * SEAL_LEN..][..SEAL_LEN].to_vec();
    let with = |order: &[usize]| {
        let mut octets = good[..HEAD_LEN].to_vec();
        order.iter().for_each(|number| octets.extend(seal(*number)));
        octets
    };
    for order in [
        &[0, 1, 2][..],
        &[1, 2, 3],
        &[0, 2, 1, 3],
        &[0, 1, 1, 2, 3],
        &[0, 1, 3],
        &[],
    ] {
        house.mem.put(SEALS, with(order));
        assert!(house.verify_with(pinned(&log)).is_err(), "{order:?}");
    }
    house.mem.put(SEALS, with(&[0, 1, 2, 3]));
    house.verify_with(pinned(&log)).unwrap();
}

#[test]
fn an_old_copy_of_the_seals_or_of_the_keys_is_not_gone_on_from() {
    let (house, mut log) = sealed(2);
    let old_seals = house.mem.contents(SEALS).unwrap();
    let old_keys = house.mem.contents("keys/fixed.bin").unwrap();
    log.seal(at(0)).unwrap();
    log.seal(at(0)).unwrap();
    drop(log);
    let (new_seals, new_keys) = (
        house.mem.contents(SEALS).unwrap(),
        house.mem.contents("keys/fixed.bin").unwrap(),
    );
    house.mem.put(SEALS, old_seals);
    assert!(house.reopened().open_log().is_err(), "old seals");
    house.mem.put(SEALS, new_seals);
    house.mem.put("keys/fixed.bin", old_keys);
    assert!(house.reopened().open_log().is_err(), "old keys");
    house.mem.put("keys/fixed.bin", new_keys);
    house.reopened().open_log().unwrap();
}

#[test]
fn a_log_is_alive_for_ten_minutes_after_its_newest_seal() {
    let (house, mut log) = sealed(1);
    log.seal(at(60_000_000)).unwrap();
    let alive = |micros| Options {
        alive_at: Some(at(micros)),
        ..pinned(&log)
    };
    house.verify_with(alive(660_000_000)).unwrap();
    let refused = house.verify_with(alive(661_000_000)).unwrap_err();
    assert!(refused.what.starts_with("stale or truncated"), "{refused}");
}

/// Power cut at every change that sealing makes, and a second one while the chain is made good.
#[test]
fn a_power_cut_while_sealing_breaks_no_chain() {
    for at_change in 0..14 {
        for seed in 0..12 {
            let (house, mut log) = sealed(3);
            let pins = pinned(&log);
            house.mem.inject(Some(Fault {
                on: FaultOn::Change,
                after: at_change,
                times: u64::MAX,
                errno: 5,
            }));
            let acknowledged = log.seal(at(0)).is_ok();
            drop(log);
            house.mem.crash(seed);
            let again = house.reopened();
            let (mut log, _) = again.open_log().unwrap();
            log.seal(at(0)).unwrap();
            log.seal(at(0)).unwrap();
            let report = again.verify_with(pins).unwrap();
            assert!(
                report.epochs >= 5 + u64::from(acknowledged),
                "change {at_change}, seed {seed}"
            );
        }
    }
}

/// A log of two epochs, of which this change fails, once.
fn about_to_fail(at_change: u64) -> (House, Log) {
    let (house, log) = sealed(2);
    house.mem.inject(Some(Fault {
        on: FaultOn::Change,
        after: at_change,
        times: 1,
        errno: 28,
    }));
    (house, log)
}

/// A failed sync of the key store stops it until a restart; the log goes on unsealed, and the chain after it.
#[test]
fn a_failure_at_any_step_of_sealing_is_made_good_after_a_restart() {
    for at_change in 0..14 {
        let (house, mut log) = about_to_fail(at_change);
        let pins = pinned(&log);
        let _either = log.seal(at(0)).is_ok();
        drop(log.append(&house.batch(14..16)).unwrap());
        let _either = log.seal(at(0)).is_ok();
        drop(log);
        let again = house.reopened();
        let (mut log, _) = again.open_log().unwrap();
        log.seal(at(0)).unwrap();
        let report = again.verify_with(pins).unwrap();
        assert_eq!(
            (report.sealed, report.unsealed),
            (16, 0),
            "change {at_change}"
        );
    }
}

/// Also of a seal that is all of a checkpoint that could be written.
#[test]
fn no_seal_is_older_than_the_one_before_it_whatever_failed() {
    for at_change in 0..14 {
        let (house, mut log) = about_to_fail(at_change);
        let pins = pinned(&log);
        let _either = log.seal(at(3_600_000_000)).is_ok();
        // A clock that was set back.
        let _either = log.seal(at(0)).is_ok();
        drop(log);
        let again = house.reopened();
        let (mut log, _) = again.open_log().unwrap();
        log.seal(at(0)).unwrap();
        let verified = again.verify_with(pins);
        assert!(verified.is_ok(), "change {at_change}: {verified:?}");
    }
}

#[test]
fn a_record_outside_its_epochs_time_is_found() {
    let (house, mut log) = sealed(2);
    log.seal(at(3_600_000_000)).unwrap();
    // Stamped an hour before the seal it lies behind.
    drop(log.append(&house.batch(21..22)).unwrap());
    log.seal(at(3_600_000_000)).unwrap();
    let refused = house.verify_with(pinned(&log)).unwrap_err();
    assert_eq!(refused.index, Some(14));
    assert!(refused.what.contains("older than its epoch"), "{refused}");
}

#[test]
fn a_seals_time_is_a_floor_under_what_comes_also_after_a_restart() {
    let (house, mut log) = sealed(1);
    log.seal(at(3_600_000_000)).unwrap();
    assert_eq!(log.newest_time(), Some(at(3_600_000_000)));
    drop(log);
    let (log, _) = house.reopened().open_log().unwrap();
    assert_eq!(log.newest_time(), Some(at(3_600_000_000)));
}

#[test]
fn a_log_whose_seals_are_missing_is_not_opened_and_its_keys_are_not_touched() {
    let (house, log) = sealed(2);
    drop(log);
    let (seals, keys) = (
        house.mem.contents(SEALS).unwrap(),
        house.mem.contents("keys/fixed.bin").unwrap(),
    );
    let disk: std::sync::Arc<dyn event_log::disk::Disk> = std::sync::Arc::new(house.mem.clone());
    disk.remove(SEALS).unwrap();
    assert!(house.reopened().open_log().is_err());
    assert_eq!(house.mem.contents("keys/fixed.bin").unwrap(), keys);
    house.mem.put(SEALS, seals);
    house.reopened().open_log().unwrap();
}
