//! Written times, one by one and around both changes of the clock.

use jiff::civil::time;

use super::*;

fn oslo(now: &str) -> Calendar {
    Calendar {
        now: now.parse().unwrap(),
        zone: TimeZone::get("Europe/Oslo").unwrap(),
        working_day_ends: Some(time(16, 0, 0, 0)),
    }
}

/// A Sunday in November, 09:14:03.5 in Oslo.
fn sunday() -> Calendar {
    oslo("2026-11-22T08:14:03.5Z")
}

#[test]
fn every_promised_form_is_understood() {
    for (text, instant) in [
        ("2026-11-23T16:00:00+01:00", "2026-11-23T15:00:00Z"),
        ("2026-11-23T16:00:00Z", "2026-11-23T16:00:00Z"),
        ("2026-11-23t16:00:00.25z", "2026-11-23T16:00:00.25Z"),
        ("2026-11-23 16:00", "2026-11-23T15:00:00Z"),
        ("2026-11-23T16:00", "2026-11-23T15:00:00Z"),
        ("2026-11-23 16:00:30", "2026-11-23T15:00:30Z"),
        ("2026-07-01 8:30", "2026-07-01T06:30:00Z"),
        ("24.12.2026 15:00", "2026-12-24T14:00:00Z"),
        ("1.2.2027 00:00", "2027-01-31T23:00:00Z"),
        ("01.02.2027  08:05", "2027-02-01T07:05:00Z"),
        ("today 16:00", "2026-11-22T15:00:00Z"),
        ("today", "2026-11-22T15:00:00Z"),
        ("Today 9:00", "2026-11-22T08:00:00Z"),
        ("i dag 16:00", "2026-11-22T15:00:00Z"),
        ("tomorrow 12:00", "2026-11-23T11:00:00Z"),
        ("i morgen 12:00", "2026-11-23T11:00:00Z"),
        ("yesterday 12:00", "2026-11-21T11:00:00Z"),
        ("i går 12:00", "2026-11-21T11:00:00Z"),
        ("now", "2026-11-22T08:14:03.5Z"),
        ("+3d", "2026-11-25T08:14:03.5Z"),
        ("+2w", "2026-12-06T08:14:03.5Z"),
        ("+8h", "2026-11-22T16:14:03.5Z"),
        ("+30min", "2026-11-22T08:44:03.5Z"),
        ("-2h", "2026-11-22T06:14:03.5Z"),
        (" +1d ", "2026-11-23T08:14:03.5Z"),
        ("29.2.2028 12:00", "2028-02-29T11:00:00Z"),
    ] {
        let read = sunday().read(text).map(|zoned| zoned.timestamp());
        assert_eq!(read, Ok(instant.parse().unwrap()), "{text}");
    }
}

#[test]
fn what_is_not_understood_is_refused_with_the_forms() {
    for text in [
        "",
        "-1042405d",
        "-20000000h",
        "0000-01-01 00:00",
        "0000-01-01T00:00:00+01:00",
        "soon",
        "+",
        "+3",
        "+3m",
        "+3y",
        "+-3d",
        "++3d",
        "+d",
        "+99999999999d",
        "+9999999d",
        "16:00",
        "2026-11-31 16:00",
        "29.2.2027 12:00",
        "24.12.26 15:00",
        "24.12. 15:00",
        "26-11-23 16:00",
        "2026-11-23 24:00",
        "2026-11-23 16",
        "2026-11-23 16:5",
        "2026-11-23 16:00 pm",
        "2026-11-23 4:00pm",
        "11/23/2026 16:00",
        "2026-1-2 16:00",
        "+1.1.2026 16:00",
        "todayish 16:00",
        "today 25:00",
        "2026-11-23 -1:00",
        "今日 16:00",
    ] {
        let error = sunday().read(text).unwrap_err();
        assert!(
            matches!(error, UntilError::Unreadable { .. }),
            "{text}: {error}"
        );
        assert!(error.to_string().contains("24.12.2026 15:00"));
    }
}

#[test]
fn a_date_alone_is_refused_but_today_ends_with_the_working_day() {
    for text in ["2026-11-23", "24.12.2026", "tomorrow", "2026-11-22"] {
        let error = sunday().read(text).unwrap_err();
        assert!(
            matches!(error, UntilError::NoTime { .. }),
            "{text}: {error}"
        );
    }
    let unknown = Calendar {
        working_day_ends: None,
        ..sunday()
    };
    assert!(matches!(
        unknown.read("today"),
        Err(UntilError::NoTime { .. })
    ));
}

#[test]
fn the_hour_that_does_not_exist_names_both_candidates() {
    let error = sunday().read("2026-03-29 02:30").unwrap_err();
    assert_eq!(
        error.to_string(),
        "2026-03-29 02:30 does not exist in Europe/Oslo; \
         write 2026-03-29T01:30:00+01:00 or 2026-03-29T03:30:00+02:00"
    );
    assert!(sunday().read("2026-03-29 01:59:59").is_ok());
    assert!(sunday().read("2026-03-29 03:00").is_ok());
}

#[test]
fn the_hour_that_comes_twice_names_both_candidates() {
    let error = sunday().read("25.10.2026 02:30").unwrap_err();
    assert_eq!(
        error.to_string(),
        "2026-10-25 02:30 comes twice in Europe/Oslo; \
         write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00"
    );
    for candidate in ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"] {
        assert!(sunday().read(candidate).is_ok());
    }
    assert!(sunday().read("2026-10-25 01:59:59").is_ok());
    assert!(sunday().read("2026-10-25 03:00").is_ok());
}

#[test]
fn days_keep_the_wall_clock_and_hours_count_elapsed_time() {
    let saturday = oslo("2026-10-24T14:00:00Z");
    let read = |calendar: &Calendar, text| calendar.read(text).unwrap().timestamp().to_string();
    assert_eq!(read(&saturday, "+1d"), "2026-10-25T15:00:00Z");
    assert_eq!(read(&saturday, "+24h"), "2026-10-25T14:00:00Z");
    let night = oslo("2026-10-24T00:30:00Z");
    assert!(matches!(night.read("+1d"), Err(UntilError::Twice { .. })));
    let spring = oslo("2026-03-28T01:30:00Z");
    assert!(matches!(
        spring.read("+1d"),
        Err(UntilError::Missing { .. })
    ));
    assert_eq!(read(&spring, "+24h"), "2026-03-29T01:30:00Z");
}

#[test]
fn today_is_the_sites_day_and_not_utcs() {
    let late = oslo("2026-11-22T23:30:00Z");
    let read = late.read("today 16:00").unwrap();
    assert_eq!(read.timestamp().to_string(), "2026-11-23T15:00:00Z");
}

#[test]
fn every_minute_of_a_year_is_exact_or_refused_by_name() {
    let calendar = sunday();
    let mut refused = (0, 0);
    let mut civil = jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0);
    while civil.year() == 2026 {
        let text = civil.strftime("%Y-%m-%d %H:%M").to_string();
        match calendar.read(&text) {
            Ok(zoned) => assert_eq!(zoned.datetime(), civil),
            Err(UntilError::Missing { .. }) => refused.0 += 1,
            Err(UntilError::Twice { .. }) => refused.1 += 1,
            Err(error) => panic!("{text}: {error}"),
        }
        civil = civil.checked_add(15.minutes()).unwrap();
    }
    assert_eq!(refused, (4, 4));
}

#[test]
fn a_date_alone_is_meant_whole_where_days_are_asked_for() {
    for (text, from, through) in [
        ("2026-12-24", "2026-12-23T23:00:00Z", "2026-12-24T23:00:00Z"),
        (
            " 25.10.2026 ",
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
        ),
        ("today", "2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z"),
        (
            "today 16:00",
            "2026-11-22T15:00:00Z",
            "2026-11-22T15:00:00Z",
        ),
        ("+1d", "2026-11-23T08:14:03.5Z", "2026-11-23T08:14:03.5Z"),
    ] {
        let (begin, end) = (sunday().read_from(text), sunday().read_through(text));
        assert_eq!(begin.unwrap().timestamp().to_string(), from, "{text}");
        assert_eq!(end.unwrap().timestamp().to_string(), through, "{text}");
    }
    assert!(sunday().read_through("31.2.2027").is_err());
}
