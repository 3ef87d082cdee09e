//! Rights on groups and at hours, holidays and PINs, from the socket to the door.

use control::request::card::CardIssue;
use control::request::house::{DoorHours, HouseRequest, Places};
use control::request::pin::PinRequest;
use control::request::right::{RightGrant, RightRequest, WantedRight};
use control::request::schedule::{HolidayRequest, ScheduleRequest};
use control::{CardKind, Client, Private, Reply, Request, Row};

use super::day::{CARD, events, issue_in_person, opens, set_key, status, stays_shut, wait_online};
use super::house::{House, text};

const GROUP: &str = "[[group]]\nname = \"ground-floor\"\ndoors = [\"front\"]\n";

/// The exit code and the words of a refusal.
fn refused(house: &House, request: Request) -> (u8, String) {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let refusal = client.ask(request, false).unwrap_err();
    (u8::from(refusal.code()), refusal.to_string())
}

fn rows(house: &House, request: Request) -> Vec<Row> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.send(request, false).unwrap();
    let mut rows = Vec::new();
    while let Reply::Part { row } = client.receive().unwrap() {
        rows.push(row);
    }
    rows
}

fn schedule(name: &str, windows: &[&str]) -> Request {
    Request::Schedule(ScheduleRequest::Set {
        schedule: name.to_owned(),
        zone: None,
        windows: windows.iter().map(|window| (*window).to_owned()).collect(),
    })
}

fn holiday(day: &str) -> Request {
    Request::Holiday(HolidayRequest::Set {
        day: day.to_owned(),
        kind: "holiday".to_owned(),
    })
}

fn grant(issuance: access::IssuanceId, place: &str, schedule: Option<&str>) -> Request {
    Request::Right(RightRequest::Grant(RightGrant {
        issuance,
        rights: vec![WantedRight {
            place: place.to_owned(),
            schedule: schedule.map(str::to_owned),
        }],
        valid_from: None,
        valid_until: None,
        reason: "mends the boiler".to_owned(),
    }))
}

fn revoke(issuance: access::IssuanceId, place: &str) -> Request {
    Request::Right(RightRequest::Revoke {
        issuance,
        place: place.to_owned(),
        reason: "no need".to_owned(),
    })
}

/// An employee with a right on one place at certain hours, and no card yet.
fn employee(place: &str, schedule: &str) -> Request {
    Request::CardIssue(Box::new(CardIssue {
        kind: CardKind::Employee,
        name: Private::new("Per Hansen"),
        firm: Private::new("Kommunen"),
        mobile: Private::new("90000003"),
        contact: Private::new("Ola Kontakt"),
        tenant: "Kommunen".to_owned(),
        doors: Vec::new(),
        rights: vec![WantedRight {
            place: place.to_owned(),
            schedule: Some(schedule.to_owned()),
        }],
        instead_of: None,
        valid_from: None,
        valid_until: None,
        identified_by: Private::new("passport"),
        signed_at: None,
        card: None,
        return_duty_told: false,
        uncertain: false,
        replaces: None,
    }))
}

/// Today at the house, and tomorrow, should midnight come meanwhile.
fn days(house: &House) -> [String; 2] {
    let now = status(house).now.timestamp();
    let oslo = now.in_tz("Europe/Oslo").unwrap();
    [oslo.date(), oslo.tomorrow().unwrap().date()].map(|date| date.to_string())
}

#[test]
fn a_right_on_a_group_holds_in_its_hours_and_a_holiday_changes_them_at_once() {
    let house = House::new();
    house.configure(GROUP);
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let revoke = || revoke(issuance, "front");
    house.ask(revoke());
    assert!(stays_shut(&house, CARD));
    assert_eq!(refused(&house, revoke()).0, 4);
    house.ask(schedule("holidays-only", &["holiday 00:00-24:00"]));
    house.ask(grant(issuance, "ground-floor", Some("holidays-only")));
    assert!(stays_shut(&house, CARD));
    let days = days(&house);
    days.iter().for_each(|day| drop(house.ask(holiday(day))));
    assert!(opens(&house, CARD));
    daemon.kill();
    let _daemon = house.start();
    wait_online(&house);
    assert!(opens(&house, CARD), "after a kill");
    for day in days {
        house.ask(Request::Holiday(HolidayRequest::Remove { day }));
    }
    assert!(stays_shut(&house, CARD));
    let there = events(&house);
    for name in [
        "right-revoked",
        "schedule-set",
        "right-granted",
        "holiday-set",
        "holiday-removed",
    ] {
        assert!(there.contains(&name.to_owned()), "{name}");
    }
}

/// A door on a reader that never answers, and a group of it.
const YARD: &str = r#"[[reader]]
name = "gate"
line = "north"
address = 9
format = "H10301"
[[door]]
name = "gate"
entry = "gate"
strike = { reader = "gate", output = 0 }
open_for = "1s"
[[group]]
name = "yard"
doors = ["gate"]
"#;

fn places_of(house: &House, issuance: access::IssuanceId) -> Vec<String> {
    let rows = rows(house, Request::Right(RightRequest::List { issuance }));
    let place = |row| {
        let Row::Right(right) = row else {
            panic!("{row:?}")
        };
        right.place
    };
    rows.into_iter().map(place).collect()
}

#[test]
fn what_is_left_of_a_place_that_is_gone_can_be_taken_away_by_its_name_or_as_it_is_shown() {
    let house = House::new();
    house.configure(YARD);
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    house.ask(schedule("office", &["mon-fri 08:00-16:00"]));
    for place in ["gate", "yard"] {
        house.ask(grant(issuance, place, Some("office")));
    }
    let gate = || Places {
        doors: vec!["gate".to_owned()],
        groups: Vec::new(),
    };
    let set_hours = |hours| {
        Request::House(HouseRequest::SetHours {
            doors: gate(),
            hours,
        })
    };
    let office = || DoorHours {
        schedule: "office".to_owned(),
        mode: "card+pin".to_owned(),
        after_first_card: false,
    };
    house.ask(set_hours(vec![office()]));
    house.ask(Request::House(HouseRequest::OrderMode {
        doors: gate(),
        mode: "locked".to_owned(),
        until: None,
    }));
    daemon.kill();
    house.configure("");
    let _daemon = house.start();
    assert_eq!(places_of(&house, issuance), ["front", "door-2", "group-1"]);
    assert_eq!(refused(&house, grant(issuance, "gate", None)).0, 4);
    assert_eq!(refused(&house, set_hours(vec![office()])).0, 4);
    for place in ["roof", "door-0", "door-x", "group-7"] {
        let (code, what) = refused(&house, revoke(issuance, place));
        assert_eq!(code, 4, "{what}");
    }
    house.ask(revoke(issuance, "gate"));
    house.ask(revoke(issuance, "group-1"));
    assert_eq!(places_of(&house, issuance), ["front"]);
    let end = || Request::House(HouseRequest::EndMode { doors: gate() });
    house.ask(end());
    assert_eq!(refused(&house, end()).1, "no mode was ordered for the door");
    house.ask(set_hours(Vec::new()));
    house.ask(Request::Schedule(ScheduleRequest::Remove {
        schedule: "office".to_owned(),
    }));
}

#[test]
fn what_is_not_there_or_cannot_be_is_refused_with_the_reason() {
    let house = House::new();
    house.configure(GROUP);
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    house.ask(schedule("office", &["mon-fri 08:00-16:00"]));
    house.ask(grant(issuance, "ground-floor", Some("office")));
    let remove = Request::Schedule(ScheduleRequest::Remove {
        schedule: "office".to_owned(),
    });
    let show = Request::Schedule(ScheduleRequest::Show {
        schedule: "night".to_owned(),
    });
    for (request, code, says) in [
        (
            grant(issuance, "roof", None),
            4,
            "there are front, ground-floor",
        ),
        (
            grant(issuance, "front", Some("night")),
            4,
            "no such schedule",
        ),
        (grant(issuance, "front", None), 2, "the same right twice"),
        (remove, 3, "in use by 1 rights"),
        (show, 4, "there are office"),
        (
            schedule("night", &["mon 22:00-06:00"]),
            2,
            "write 22:00-06:00+1",
        ),
        (schedule("night", &[]), 2, "without windows"),
        (holiday("2027-02-29"), 2, "there is no date 2027-02-29"),
        (
            holiday("24.12.2026"),
            2,
            "is no date; write one like 2026-12-24",
        ),
    ] {
        let (found, what) = refused(&house, request);
        assert!(found == code && what.contains(says), "{found}: {what}");
    }
}

#[test]
fn rights_are_given_with_the_issue_or_later_and_listed_with_their_hours() {
    let house = House::new();
    house.configure(GROUP);
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    house.ask(schedule("office", &["mon-fri 08:00-16:00"]));
    house.ask(grant(issuance, "ground-floor", Some("office")));
    let shown = rows(&house, Request::Right(RightRequest::List { issuance }));
    let [Row::Right(door), Row::Right(group)] = shown.as_slice() else {
        panic!("{shown:?}")
    };
    assert_eq!(
        (door.place.as_str(), door.schedule.as_deref()),
        ("front", None)
    );
    assert_eq!(
        (group.place.as_str(), group.schedule.as_deref()),
        ("ground-floor", Some("office"))
    );
    let Reply::Issued(issued) = house.ask(employee("ground-floor", "office")) else {
        panic!("not issued")
    };
    assert_eq!(issued.doors, ["ground-floor"]);
    let (code, what) = refused(&house, employee("ground-floor", "night"));
    assert!(code == 4 && what == "no such schedule", "{what}");
}

#[test]
fn m34_a_pin_is_set_and_cleared_and_lies_and_is_told_nowhere() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let set = |pin: &str, duress: Option<&str>| {
        Request::CardPin(PinRequest::Set {
            issuance,
            pin: Private::new(pin),
            duress: duress.map(Private::new),
        })
    };
    let Reply::PinSet(first) = house.ask(set("15926837", Some("26041593"))) else {
        panic!("no PIN")
    };
    let Reply::PinSet(second) = house.ask(set("26041593", None)) else {
        panic!("no PIN")
    };
    assert_eq!(first.number.as_ref().map(String::len), Some(6));
    assert_eq!(first.number, second.number);
    for (request, says) in [
        (set("1234", None), "is tried first"),
        (set("159x", None), "has digits only"),
        (set("15926837", Some("15926837")), "another than the PIN"),
    ] {
        let (code, what) = refused(&house, request);
        assert!(code == 2 && what.contains(says), "{what}");
        assert!(!what.contains("159") && !what.contains("1234"), "{what}");
    }
    let clear = || Request::CardPin(PinRequest::Clear { issuance });
    house.ask(clear());
    assert_eq!(refused(&house, clear()).0, 4);
    let left = daemon.stop();
    let told = text(&left.stderr) + &text(&left.stdout);
    for pin in ["15926837", "26041593"] {
        assert!(!told.contains(pin));
        for (file, octets) in house.snapshot() {
            let lies = octets.windows(8).any(|window| window == pin.as_bytes());
            assert!(!lies, "{}", file.display());
        }
    }
}

#[test]
fn m03_reception_staff_widen_nothing_by_hours_or_pins() {
    let house = House::with_roles("reception-staff");
    let _daemon = house.start();
    let issuance = access::IssuanceId::from_random(7);
    let set = Request::CardPin(PinRequest::Set {
        issuance,
        pin: Private::new("15926837"),
        duress: None,
    });
    let asked = [
        set,
        grant(issuance, "front", None),
        schedule("office", &["daily 00:00-24:00"]),
        holiday("12-25"),
    ];
    let count = asked.len();
    for request in asked {
        assert_eq!(refused(&house, request).0, 3);
    }
    let logged = events(&house);
    let refusals = logged.iter().filter(|event| *event == "refused").count();
    assert_eq!(refusals, count);
}
