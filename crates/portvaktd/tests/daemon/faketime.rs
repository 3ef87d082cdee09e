//! Clocks that jump under the real daemon (libfaketime): nobody gains a right by it, and nothing is purged.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use event_log::disk::RealDisk;
use event_log::verify::{Options, verify_dir};

use super::aside;
use super::day::{CARD, events, issue_in_person, opens, set_key, stays_shut, wait_online};
use super::house::House;

/// A house whose daemon's wall clock is the system's plus what a file says; its monotonic clock is the system's. `None`, and a
/// word about it, where there is no libfaketime.
fn house() -> Option<House> {
    let library = LIBRARIES.iter().find(|path| Path::new(path).exists());
    let Some(library) = library else {
        aside::say("left out: libfaketime is not there; apt-get install faketime");
        return None;
    };
    let mut house = House::new();
    set_clock(&house, "+0");
    let file = house.folder().join("clock").to_str().unwrap().to_owned();
    let environment = [
        ("FAKETIME_TIMESTAMP_FILE", file.as_str()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    house.environment.extend(environment);
    house.preload(library);
    Some(house)
}

fn set_clock(house: &House, ahead: &str) {
    let (new, file) = (
        house.folder().join("clock.new"),
        house.folder().join("clock"),
    );
    fs::write(&new, format!("{ahead}\n")).unwrap();
    fs::rename(new, file).unwrap();
    sleep(Duration::from_millis(1_200));
}

#[test]
fn a_clock_that_jumps_gives_no_right_takes_none_back_for_good_and_purges_nothing() {
    let Some(house) = house() else { return };
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    assert!(opens(&house, CARD));
    set_clock(&house, "+3y");
    assert!(
        stays_shut(&house, CARD),
        "its right has ended by the clock on the wall"
    );
    let told = events(&house);
    assert!(told.contains(&"clock-held".to_owned()), "{told:?}");
    set_clock(&house, "+0");
    assert!(opens(&house, CARD));
    set_clock(&house, "-2d");
    assert!(
        opens(&house, CARD),
        "time never runs before the newest event"
    );
    set_clock(&house, "+0");
    assert!(opens(&house, CARD));
    assert!(daemon.stop().status.success());
    let log = RealDisk::new(house.data().join("log"));
    let report = verify_dir(&log, Options::default(), &mut |_| {}).unwrap();
    assert_eq!((report.first, report.unsealed), (0, 0), "nothing has left");
}

#[test]
fn a_start_in_1970_lets_nobody_in_until_the_clock_is_right_and_loses_nothing() {
    let Some(house) = house() else { return };
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    assert!(opens(&house, CARD));
    daemon.kill();
    set_clock(&house, "@1970-01-02 00:00:00");
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD));
    set_clock(&house, "+0");
    assert!(opens(&house, CARD));
    assert!(daemon.stop().status.success());
    let log = RealDisk::new(house.data().join("log"));
    let report = verify_dir(&log, Options::default(), &mut |_| {}).unwrap();
    assert_eq!((report.first, report.unsealed), (0, 0));
}

const LIBRARIES: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];
