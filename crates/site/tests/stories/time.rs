//! Clocks that are wrong.

use access::{ClockQuality, ReaderId, UtcMicros, Validity};

use crate::rig::{MIDNIGHT, Rig, TEN, plan};

const AT_MAIN: ReaderId = ReaderId::new(1);
const HOUR: i64 = 3_600_000_000;

#[test]
fn a_clock_set_back_revives_no_card() {
    let mut rig = Rig::new();
    let until = UtcMicros::from_micros(TEN.micros() + 10_000_000);
    rig.issue(1, |card| {
        card.valid = Validity::new(MIDNIGHT, Some(until)).unwrap()
    });
    rig.run_ms(8_000);
    rig.show(AT_MAIN, 1);
    rig.clock_off = -HOUR;
    rig.show(AT_MAIN, 1);
    assert_eq!(rig.passages(), ["access-denied door 1 reader 1 expired"; 2]);
    let times: Vec<UtcMicros> = rig
        .archive
        .durable
        .iter()
        .map(|(_, event)| event.time)
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(
        rig.archive.durable.last().unwrap().1.clock,
        ClockQuality::Unsynchronised
    );
}

#[test]
fn time_never_starts_before_the_newest_event() {
    let newest = UtcMicros::from_micros(TEN.micros() + 2 * HOUR);
    let mut rig = Rig::starting(plan(), Some(newest));
    let until = UtcMicros::from_micros(TEN.micros() + HOUR);
    rig.issue(1, |card| {
        card.valid = Validity::new(MIDNIGHT, Some(until)).unwrap()
    });
    rig.show(AT_MAIN, 1);
    assert_eq!(rig.passages(), ["access-denied door 1 reader 1 expired"]);
    assert!(
        rig.archive
            .durable
            .iter()
            .all(|(_, event)| event.time >= newest)
    );
}

#[test]
fn while_the_time_is_unknown_nobody_is_let_in() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.quality = ClockQuality::Unknown;
    rig.show(AT_MAIN, 1);
    assert_eq!(
        rig.passages(),
        ["access-denied door 1 reader 1 clock-unknown"]
    );
    assert!(rig.outs.is_empty());
}

#[test]
fn the_key_of_the_next_day_is_asked_for_before_midnight() {
    let mut rig = Rig::new();
    rig.leap_s(13 * 3_600);
    let wanted = |notice: &site::Notice| matches!(notice, site::Notice::DayKeyWanted(day) if day.get() == TEN.day().get() + 1);
    assert_eq!(
        rig.notices.iter().filter(|notice| wanted(notice)).count(),
        1
    );
}
