//! Modes by order, lockdowns, areas, tests of a strike, and why, with the real binary.

use std::thread::sleep;
use std::time::Duration;

use access::IssuanceId;
use control::reply::door::DoorRow;
use control::reply::why::WhyTrace;
use control::request::WhyCard;
use control::request::card::CardReason;
use control::request::house::{HouseRequest, Places};
use control::request::log::EventFilter;
use control::{Client, Moment, Reply, Request, Row};

use super::day::{CARD, events, issue_in_person, set_key, status, stays_shut, wait_online};
use super::house::{Daemon, House};

const AREAS: &str = r#"contact = { reader = "front", input = 0 }
[[group]]
name = "outside"
doors = ["front"]
[[area]]
name = "office"
into = "front"
"#;

fn begin(house: &House) -> (Daemon, IssuanceId) {
    let daemon = house.start();
    set_key(house);
    wait_online(house);
    let issuance = issue_in_person(house);
    (daemon, issuance)
}

pub(crate) fn places(doors: &[&str], groups: &[&str]) -> Places {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Places {
        doors: owned(doors),
        groups: owned(groups),
    }
}

pub(crate) fn do_it(house: &House, wish: HouseRequest) {
    let reply = house.ask(Request::House(wish));
    assert!(matches!(reply, Reply::Done { warning: None }), "{reply:?}");
}

pub(crate) fn refused(house: &House, wish: HouseRequest) -> String {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client
        .ask(Request::House(wish), false)
        .unwrap_err()
        .to_string()
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

fn front(house: &House) -> DoorRow {
    let rows = rows(house, Request::DoorList {});
    let [Row::Door(door)] = rows.as_slice() else {
        panic!("one door")
    };
    door.clone()
}

fn opens(house: &House) -> bool {
    house.reader.present(&CARD.0, CARD.1);
    house.reader.is_unlocked_within(Duration::from_secs(5))
}

fn why(house: &House, issuance: IssuanceId) -> WhyTrace {
    let reply = house.ask(Request::Why {
        card: WhyCard::Issuance(issuance),
        door: "front".into(),
        at: None,
    });
    let Reply::Why(trace) = reply else {
        panic!("no trace: {reply:?}")
    };
    trace
}

#[test]
fn an_order_holds_until_it_is_taken_back_and_over_a_restart() {
    let house = House::new();
    let (daemon, _) = begin(&house);
    do_it(
        &house,
        HouseRequest::OrderMode {
            doors: places(&["front"], &[]),
            mode: "locked".into(),
            until: None,
        },
    );
    assert!(stays_shut(&house, CARD));
    daemon.kill();
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD));
    let row = front(&house);
    assert_eq!((row.mode.as_str(), row.by.as_str()), ("locked", "order"));
    do_it(
        &house,
        HouseRequest::EndMode {
            doors: places(&["front"], &[]),
        },
    );
    assert!(opens(&house));
    assert!(daemon.stop().status.success());
}

#[test]
fn a_door_ordered_unlocked_stands_so_until_its_end_and_is_then_locked() {
    let house = House::new();
    let (daemon, _) = begin(&house);
    let until = status(&house)
        .now
        .utc()
        .saturating_add(Duration::from_secs(3));
    do_it(
        &house,
        HouseRequest::OrderMode {
            doors: places(&["front"], &[]),
            mode: "unlocked".into(),
            until: Some(Moment::from(until)),
        },
    );
    assert!(house.reader.is_unlocked_within(Duration::from_secs(2)));
    sleep(Duration::from_millis(3_500));
    assert_eq!(front(&house).mode, "card");
    let names = events(&house);
    for name in ["door-mode-set", "door-unlocked", "door-mode-changed"] {
        assert!(names.contains(&name.to_owned()), "{name}: {names:?}");
    }
    assert!(daemon.stop().status.success());
}

#[test]
fn the_whole_house_is_locked_down_and_released() {
    let house = House::new();
    let (daemon, _) = begin(&house);
    do_it(
        &house,
        HouseRequest::LockDown {
            doors: Places::default(),
        },
    );
    assert!(stays_shut(&house, CARD));
    assert!(front(&house).locked_down);
    let warned = |house: &House| {
        let warnings = status(house).warnings;
        warnings
            .iter()
            .any(|line| line.contains("1 doors are locked down"))
    };
    assert!(warned(&house));
    let test = HouseRequest::TestOpen {
        reader: "front".into(),
    };
    assert!(refused(&house, test.clone()).contains("locked down"));
    do_it(
        &house,
        HouseRequest::Release {
            doors: Places::default(),
        },
    );
    assert!(opens(&house) && !warned(&house));
    sleep(Duration::from_millis(1_200));
    do_it(&house, test);
    let names = events(&house);
    for name in [
        "doors-locked-down",
        "locked-down",
        "doors-released",
        "lockdown-released",
        "door-test-opened",
    ] {
        assert!(names.contains(&name.to_owned()), "{name}: {names:?}");
    }
    assert!(daemon.stop().status.success());
}

#[test]
fn bad_wishes_are_refused_with_what_would_be_right() {
    let house = House::new();
    house.configure(AREAS);
    let daemon = house.start();
    let order = |doors, mode: &str| HouseRequest::OrderMode {
        doors,
        mode: mode.into(),
        until: None,
    };
    let said = refused(&house, order(places(&["front"], &[]), "open"));
    assert!(said.contains("card-or-pin"), "{said}");
    let said = refused(&house, order(Places::default(), "locked"));
    assert!(said.contains("which doors"), "{said}");
    let said = refused(&house, order(places(&[], &["outsid"]), "locked"));
    assert!(said.contains("outside"), "{said}");
    let now = Moment::from(access::UtcMicros::from_micros(0));
    let said = refused(&house, HouseRequest::ConfirmClock { now });
    assert!(said.contains("set the one that is wrong"), "{said}");
    assert!(daemon.stop().status.success());
}

#[test]
fn who_is_inside_is_told_after_it_is_on_record() {
    let house = House::new();
    house.configure(AREAS);
    let (daemon, issuance) = begin(&house);
    // Without a level of its contact nothing tells that the leaf opens, so a grant counts as an entry.
    assert!(opens(&house));
    let muster = || {
        let wish = HouseRequest::AreaMuster { area: None };
        rows(&house, Request::House(wish))
    };
    let inside = muster();
    let [Row::Inside(row)] = inside.as_slice() else {
        panic!("one card: {inside:?}")
    };
    assert_eq!((row.issuance, row.area.as_str()), (issuance, "office"));
    let readings = rows(
        &house,
        Request::LogShow(EventFilter {
            class: Some(control::Class::Reading),
            ..EventFilter::default()
        }),
    );
    let told = readings.iter().any(|row| {
        let Row::Event(event) = row else { return false };
        event
            .detail
            .as_deref()
            .is_some_and(|detail| detail.contains("area-muster"))
    });
    assert!(told, "{readings:?}");
    do_it(&house, HouseRequest::AreaForgiveCard { issuance });
    assert!(muster().is_empty());
    assert!(daemon.stop().status.success());
}

#[test]
fn why_says_what_would_have_to_change_also_of_a_past_event() {
    let house = House::new();
    let (daemon, issuance) = begin(&house);
    assert!(why(&house, issuance).allowed);
    do_it(
        &house,
        HouseRequest::LockDown {
            doors: places(&["front"], &[]),
        },
    );
    house.ask(Request::CardBlock(CardReason {
        issuance,
        reason: "left at the gym".into(),
    }));
    assert!(stays_shut(&house, CARD));
    let trace = why(&house, issuance);
    assert_eq!(trace.reason, "blocked");
    let remedies: Vec<(&str, bool)> = trace
        .rules
        .iter()
        .filter(|rule| rule.verdict != "pass")
        .map(|rule| (rule.rule.as_str(), rule.remedy.is_some()))
        .collect();
    assert_eq!(remedies, [("standing", true), ("lockdown", true)]);
    let denied = rows(
        &house,
        Request::LogShow(EventFilter {
            denied: true,
            ..EventFilter::default()
        }),
    );
    let Some(Row::Event(event)) = denied.last() else {
        panic!("a denial")
    };
    let past = house.ask(Request::House(HouseRequest::WhyEvent {
        index: event.index,
    }));
    let Reply::Why(past) = past else {
        panic!("no trace: {past:?}")
    };
    assert_eq!(past.generation, event.generation.unwrap());
    assert_eq!(past.recorded.as_deref(), Some("blocked"));
    assert_eq!(past.reason, "blocked");
    assert!(refused(&house, HouseRequest::WhyEvent { index: 9_999 }).contains("9999"));
    assert!(daemon.stop().status.success());
}
