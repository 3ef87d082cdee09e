//! Transitions: the nights in which the clocks are changed.

use access::UtcMicros;
use access::schedule::Window;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::Schedule;
use crate::hours::{check, minute_of, zone};

#[test]
fn the_clocks_are_changed_when_they_are() {
    for (name, known) in KNOWN {
        let found = transitions(&zone(name));
        assert_eq!(found.len(), 2 * 17, "{name}");
        for at in known {
            assert!(found.contains(&at.parse().unwrap()), "{name}: {at}");
        }
    }
}

#[test]
fn every_edge_of_every_window_is_met_to_the_millisecond() {
    let mut met = 0;
    for_all(|case| {
        for day in [-1, 0, 1] {
            let day = case.zone.to_datetime(case.transition).date() + day.days();
            for minute in [case.window.from(), case.window.until()] {
                let wall = case.zone.to_ambiguous_timestamp(minute_of(day, minute));
                for edge in [wall.earlier().unwrap(), wall.later().unwrap()] {
                    case.check_beside(edge);
                    met += 1;
                }
            }
        }
        case.check_beside(case.transition);
    });
    assert_eq!(met, 3 * 34 * WINDOWS.len() * 3 * 2 * 2);
}

#[test]
fn every_minute_of_the_hours_around_is_told_alike() {
    for_all(|case| {
        for minute in -240..240 {
            case.check(case.transition + minute.minutes());
        }
    });
}

#[test]
fn a_window_in_the_hour_that_is_not_there_is_shut_and_in_the_one_that_comes_twice_open_twice() {
    for (name, window, spring, autumn) in [
        ("Europe/Oslo", "daily 02:00-03:00", 0, 120),
        ("America/New_York", "daily 02:00-03:00", 0, 60),
        ("America/New_York", "daily 01:00-02:00", 60, 120),
        ("Australia/Lord_Howe", "daily 02:00-02:30", 0, 30),
        ("Australia/Lord_Howe", "daily 01:30-02:00", 30, 60),
        ("Australia/Lord_Howe", "daily 01:45-02:15", 15, 45),
    ] {
        let zone = zone(name);
        let schedule = Schedule::new(name, &[window.parse().unwrap()], &[]);
        for transition in transitions(&zone) {
            let around = (-180..180).map(|minute| transition + minute.minutes());
            let open = around.filter(|at| schedule.holds(*at)).count();
            let offset = |at| zone.to_offset(at);
            let is_spring = offset(transition) > offset(transition - 1.second());
            let expected = if is_spring { spring } else { autumn };
            assert_eq!(open, expected, "{name} {window} {transition}");
        }
    }
}

/// One window and one night.
struct Case<'a> {
    zone: &'a TimeZone,
    window: Window,
    schedule: &'a Schedule,
    transition: Timestamp,
}

impl Case<'_> {
    fn check(&self, at: Timestamp) {
        let now = UtcMicros::from_micros(at.as_microsecond());
        let expected = check((self.zone, &[self.window]), &[], now).is_ok();
        let name = self.zone.iana_name().unwrap();
        assert_eq!(
            self.schedule.holds(at),
            expected,
            "{name}, {}, {at}",
            self.window
        );
    }

    fn check_beside(&self, at: Timestamp) {
        for beside in [-1_000_i64, -1, 0, 1, 1_000] {
            self.check(at + beside.microseconds());
        }
    }
}

fn for_all(mut each: impl FnMut(&Case<'_>)) {
    for (name, _) in KNOWN {
        let zone = zone(name);
        for text in WINDOWS {
            let window: Window = text.parse().unwrap();
            let schedule = Schedule::new(name, &[window], &[]);
            for transition in transitions(&zone) {
                each(&Case {
                    zone: &zone,
                    window,
                    schedule: &schedule,
                    transition,
                });
            }
        }
    }
}

/// Every change of a zone's clocks from 2024 to 2040.
fn transitions(zone: &TimeZone) -> Vec<Timestamp> {
    let [from, until] =
        ["2024-01-01T00:00:00Z", "2041-01-01T00:00:00Z"].map(|at| at.parse().unwrap());
    let following = zone
        .following(from)
        .map(|transition| transition.timestamp());
    following.take_while(|at| *at < until).collect()
}

/// Some changes of the clocks as calendars and laws have them.
const KNOWN: [(&str, [&str; 6]); 3] = [
    (
        "Europe/Oslo",
        [
            "2024-03-31T01:00:00Z",
            "2024-10-27T01:00:00Z",
            "2026-03-29T01:00:00Z",
            "2026-10-25T01:00:00Z",
            "2040-03-25T01:00:00Z",
            "2040-10-28T01:00:00Z",
        ],
    ),
    (
        "America/New_York",
        [
            "2024-03-10T07:00:00Z",
            "2024-11-03T06:00:00Z",
            "2026-03-08T07:00:00Z",
            "2026-11-01T06:00:00Z",
            "2040-03-11T07:00:00Z",
            "2040-11-04T06:00:00Z",
        ],
    ),
    (
        "Australia/Lord_Howe",
        [
            "2024-04-06T15:00:00Z",
            "2024-10-05T15:30:00Z",
            "2026-04-04T15:00:00Z",
            "2026-10-03T15:30:00Z",
            "2040-03-31T15:00:00Z",
            "2040-10-06T15:30:00Z",
        ],
    ),
];

/// Windows that begin, end, lie, or run on in the hours that are left out or come twice; the clocks are changed on Sundays.
const WINDOWS: [&str; 24] = [
    "daily 00:00-24:00",
    "daily 00:00-00:01",
    "daily 01:00-02:00",
    "daily 01:30-02:00",
    "daily 01:30-02:15",
    "daily 01:59-02:01",
    "daily 02:00-02:01",
    "daily 02:00-02:30",
    "daily 02:00-03:00",
    "daily 02:15-02:45",
    "daily 02:30-03:30",
    "daily 02:59-03:00",
    "daily 03:00-04:00",
    "daily 12:00-12:00+1",
    "daily 22:00-01:30+1",
    "daily 22:00-02:15+1",
    "daily 22:00-03:00+1",
    "daily 23:59-00:01+1",
    "sat 20:00-02:30+1",
    "sat 02:30-02:30+1",
    "sun 00:00-24:00",
    "sun 02:30-02:30+1",
    "sun 01:45-02:15",
    "mon 00:00-02:30",
];
