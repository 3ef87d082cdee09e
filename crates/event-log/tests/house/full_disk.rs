//! A full disk: the open segment goes on, the next one was made ahead, and a reserve lasts until somebody is told.

use event_log::Spares;
use event_log::disk::{Disk, Fault, FaultOn};

use crate::rig::{House, at};

const SPARE: &str = "log/segments/spare";
const RESERVE: &str = "log/reserve";

fn is_there(house: &House, path: &str) -> bool {
    house.mem.files().contains(&path.to_owned())
}

#[test]
fn midnight_on_a_full_disk_takes_the_segment_that_was_made_ahead() {
    const DAY: u64 = 86_400_000;
    let (house, mut log) = House::new();
    Spares::of(&house.disk).prepare().unwrap();
    assert!(is_there(&house, SPARE) && is_there(&house, RESERVE));
    drop(log.append(&house.batch(0..7)).unwrap());
    house.mem.limit(Some(house.mem.octets()));
    drop(log.append(&[house.event(DAY)]).unwrap());
    assert!(!is_there(&house, SPARE), "it is the day's segment now");
    assert!(is_there(&house, RESERVE) && !log.take_disk_alarm());
    log.seal(at(90_000_000_000)).ok();
    house.mem.limit(None);
    log.seal(at(90_000_000_000)).unwrap();
    assert_eq!(house.verify().unwrap().events, 8);
}

#[test]
fn a_full_disk_costs_the_reserve_before_it_costs_an_event() {
    let (house, mut log) = House::new();
    let spares = Spares::of(&house.disk);
    spares.prepare().unwrap();
    house.mem.limit(Some(house.mem.octets() + 64 * 1024));
    let mut next = 0;
    let mut alarms = 0;
    while log.append(&house.batch(next..next + 500)).is_ok() {
        next += 500;
        alarms += u32::from(log.take_disk_alarm());
    }
    assert_eq!(alarms, 1);
    assert!(!spares.has_reserve() && spares.prepare().is_err());
    let octets = house.mem.octets();
    assert!(
        next > 70_000,
        "{next} events, reserve and spare are used up"
    );
    assert!(log.append(&house.batch(next..next + 500)).is_err());
    assert!(
        house.mem.octets() <= octets,
        "and nothing is lost by trying"
    );
    // Somebody makes room.
    house.mem.limit(None);
    drop(log.append(&house.batch(next..next + 500)).unwrap());
    spares.prepare().unwrap();
    assert!(spares.has_reserve() && is_there(&house, SPARE));
    log.seal(at(1_000_000_000)).unwrap();
    assert_eq!(house.verify().unwrap().events, next + 500);
    drop(log);
    assert_eq!(house.reopened().open_log().unwrap().0.size(), next + 500);
}

/// A disk that copies what it writes over, or takes room for zeros only once they are something else.
#[test]
fn where_zeros_ahead_are_no_room_a_full_disk_costs_the_reserve_first_too() {
    const DAY: u64 = 86_400_000;
    for day in [0, DAY] {
        let (house, mut log) = House::new();
        Spares::of(&house.disk).prepare().unwrap();
        drop(log.append(&house.batch(0..7)).unwrap());
        house.mem.inject(Some(Fault {
            on: FaultOn::Write,
            after: 0,
            times: 1,
            errno: 28,
        }));
        drop(log.append(&[house.event(day + 7)]).unwrap());
        assert!(log.take_disk_alarm() && !is_there(&house, RESERVE));
        let new_segment = day == DAY;
        assert_eq!(
            is_there(&house, SPARE),
            !new_segment,
            "nothing else was used up"
        );
        log.seal(at(90_000_000_000)).unwrap();
        assert_eq!(house.verify().unwrap().events, 8);
    }
}

#[test]
fn a_full_disk_without_reserve_refuses_and_keeps_what_was_acknowledged() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..7)).unwrap());
    log.seal(at(0)).unwrap();
    house.mem.limit(Some(house.mem.octets()));
    let mut next = 7;
    while log.append(&house.batch(next..next + 100)).is_ok() {
        next += 100;
    }
    drop(log);
    house.mem.crash(3);
    house.mem.limit(None);
    let (mut log, _) = house.reopened().open_log().unwrap();
    assert!(log.size() >= next);
    log.seal(at(1_000_000_000)).unwrap();
    house.verify().unwrap();
}

#[test]
fn a_spare_that_is_not_whole_is_not_taken() {
    const DAY: u64 = 86_400_000;
    let (house, mut log) = House::new();
    house.mem.put(SPARE, vec![7; 5_000]);
    drop(log.append(&house.batch(0..7)).unwrap());
    drop(log.append(&[house.event(DAY)]).unwrap());
    log.seal(at(90_000_000_000)).unwrap();
    assert_eq!(house.verify().unwrap().events, 8);
    let disk: &dyn Disk = &house.mem;
    assert!(disk.exists(SPARE).unwrap());
}
