//! The house's own cards: lent, returned, lost, blocked, and traced when somebody finds one (M32, M34).

use std::time::Duration;

use access::{IssuanceId, StockId};
use control::reply::event::EventRow;
use control::reply::stock::{StockRow, StockState, Traced};
use control::request::card::{CardActivate, CardIssue, CardReturn, CardSource};
use control::request::log::EventFilter;
use control::request::stock::StockRequest;
use control::{CardKind, CardState, Client, Credential, Moment, Private, Reply, Request, Row};

use super::day::{
    CARD, events, issue_in_person, must_be_nowhere, opens, set_key, status, stays_shut, wait_online,
};
use super::house::House;
use super::lost::{changed, rows};
use super::restart::wait_kept;

/// H10301 1:1, which is [`CARD`], and 1:2.
fn written(number: u64) -> CardSource {
    CardSource::Credential(Credential::Number {
        format: "H10301".to_owned(),
        facility: 1,
        number,
    })
}

fn add(house: &House, number: u64) -> StockId {
    let card = written(number);
    let reply = house.ask(Request::Stock(StockRequest::Add { card }));
    let Reply::Stock(row) = reply else {
        panic!("{reply:?}")
    };
    row.stock.unwrap()
}

fn stock(house: &House) -> Vec<StockRow> {
    let card = |row| {
        let Row::Stock(card) = row else {
            panic!("{row:?}")
        };
        card
    };
    let rows = rows(house, Request::Stock(StockRequest::List {}));
    rows.into_iter().map(card).collect()
}

fn trace(house: &House, number: u64) -> Traced {
    let card = written(number);
    let reply = house.ask(Request::CardTrace { card });
    let Reply::Traced(traced) = reply else {
        panic!("{reply:?}")
    };
    *traced
}

fn last_denial(house: &House) -> EventRow {
    let denied = EventFilter {
        denied: true,
        ..EventFilter::default()
    };
    let last = rows(house, Request::LogShow(denied)).pop().unwrap();
    let Row::Event(event) = last else {
        panic!("{last:?}")
    };
    *event
}

fn take_back(house: &House, issuance: IssuanceId) {
    wait_kept(house, issuance);
    let form_shredded = true;
    let back = CardReturn {
        issuance,
        form_shredded,
    };
    let back = changed(house, Request::CardReturn(back));
    assert_eq!(back.state, CardState::Returned);
}

/// Another holder of the same tenant, without a card.
fn register(house: &House, kind: CardKind) -> IssuanceId {
    let hour = Duration::from_secs(3_600);
    let end = status(house).now.utc().saturating_add(hour);
    let wish = CardIssue {
        kind,
        name: Private::new("Per Hansen"),
        firm: Private::new("Vent AS"),
        mobile: Private::new("90000003"),
        contact: Private::new("Ola Kontakt"),
        tenant: "Kommunen".into(),
        doors: vec!["front".into()],
        rights: Vec::new(),
        instead_of: None,
        replaces: None,
        uncertain: false,
        valid_from: None,
        valid_until: Some(Moment::from(end)),
        identified_by: Private::new("passport"),
        signed_at: None,
        card: None,
        return_duty_told: true,
    };
    let reply = house.ask(Request::CardIssue(Box::new(wish)));
    let Reply::Issued(issued) = reply else {
        panic!("{reply:?}")
    };
    issued.issuance.unwrap()
}

fn activate(issuance: IssuanceId, card: CardSource) -> Request {
    Request::CardActivate(CardActivate {
        issuance,
        card,
        return_duty_told: true,
    })
}

#[test]
fn m32_a_card_of_the_house_says_returned_and_its_next_holder_inherits_nothing() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let card = add(&house, 1);
    assert_eq!(card.to_string(), "S-001");
    let first = issue_in_person(&house);
    assert!(opens(&house, CARD));
    assert_eq!(stock(&house)[0].issuance, Some(first));
    take_back(&house, first);
    assert!(stays_shut(&house, CARD));
    let denied = last_denial(&house);
    assert_eq!(denied.reason.as_deref(), Some("returned"));
    assert!(denied.issuance.is_none() && denied.unknown.is_some());
    daemon.kill();
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD), "after a kill");
    assert_eq!(last_denial(&house).reason.as_deref(), Some("returned"));
    let left = stock(&house);
    assert_eq!(
        (left[0].issuance, left[0].state),
        (None, StockState::InHouse)
    );
    let second = register(&house, CardKind::Supplier);
    assert_ne!(first, second);
    changed(&house, activate(second, written(1)));
    assert!(opens(&house, CARD));
    let there = events(&house);
    assert!(there.contains(&"stock-added".to_owned()));
    assert!(daemon.stop().status.success());
    must_be_nowhere(&house, first);
}

#[test]
fn m34_a_pool_card_carries_who_holds_it_and_opens_nothing_while_it_is_blocked() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let card = add(&house, 1);
    let holder = issue_in_person(&house);
    assert!(opens(&house, CARD));
    house.ask(Request::Stock(StockRequest::Block { stock: card }));
    assert!(stays_shut(&house, CARD));
    assert_eq!(last_denial(&house).reason.as_deref(), Some("blocked"));
    let listed = stock(&house);
    assert_eq!(listed[0].issuance, Some(holder));
    assert_eq!(listed[0].state, StockState::Blocked);
    assert_eq!(trace(&house, 1).card.unwrap().state, CardState::Blocked);
    take_back(&house, holder);
    let next = register(&house, CardKind::Supplier);
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let refused = client.ask(activate(next, written(1)), false).unwrap_err();
    assert!(
        refused.to_string().contains("S-001 is blocked"),
        "{refused}"
    );
    house.ask(Request::Stock(StockRequest::Unblock { stock: card }));
    changed(&house, activate(next, written(1)));
    assert!(opens(&house, CARD));
}

#[test]
fn m33_a_lost_card_of_the_house_raises_the_alarm_after_its_holder_is_forgotten() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let card = add(&house, 1);
    let issuance = issue_in_person(&house);
    assert!(opens(&house, CARD));
    changed(&house, Request::CardLost { issuance });
    take_back(&house, issuance);
    assert!(stays_shut(&house, CARD));
    let denied = last_denial(&house);
    assert_eq!(
        (denied.reason.as_deref(), denied.issuance),
        (Some("lost"), None)
    );
    assert!(events(&house).contains(&"lost-card-used".to_owned()));
    assert_eq!(stock(&house)[0].state, StockState::Lost);
    house.ask(Request::Stock(StockRequest::Found { stock: card }));
    assert!(stays_shut(&house, CARD));
    assert_eq!(last_denial(&house).reason.as_deref(), Some("returned"));
    house.ask(Request::Stock(StockRequest::Remove { stock: card }));
    assert!(stays_shut(&house, CARD));
    let denied = last_denial(&house);
    assert_eq!(denied.reason.as_deref(), Some("unknown-card"));
    assert!(stock(&house).is_empty());
    assert!(events(&house).contains(&"stock-removed".to_owned()));
}

#[test]
fn an_employee_gets_a_card_by_its_number_in_the_stock_and_a_visitor_presents_it() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    let card = CardSource::Stock(add(&house, 2));
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let visitor = register(&house, CardKind::Supplier);
    let refused = client.ask(activate(visitor, card.clone()), false);
    let refused = refused.unwrap_err();
    assert_eq!(u8::from(refused.code()), 3);
    assert!(
        refused.to_string().contains("enrolment reader"),
        "{refused}"
    );
    let employee = register(&house, CardKind::Employee);
    let arrived = Request::CardArrived { issuance: employee };
    changed(&house, arrived);
    changed(&house, Request::CardNotify { issuance: employee });
    changed(&house, activate(employee, card));
    assert!(opens(&house, ([0x80, 0x80, 0x01, 0x00], 26)));
    let absent = CardSource::Stock(StockId::new(9).unwrap());
    let refused = client.ask(activate(visitor, absent), false).unwrap_err();
    assert_eq!(u8::from(refused.code()), 4, "{refused}");
}

#[test]
fn m02_a_card_in_the_hand_is_traced_to_its_issuance_and_that_is_on_record() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let nobodys = trace(&house, 2);
    assert_eq!((nobodys.card, nobodys.stock), (None, None));
    let card = add(&house, 1);
    let traced = trace(&house, 1);
    let row = traced.card.unwrap();
    assert_eq!((row.issuance, row.state), (issuance, CardState::Active));
    assert_eq!((row.tenant.as_str(), row.name), ("Kommunen", None));
    assert_eq!(row.stock, Some(card));
    assert_eq!(traced.stock.unwrap().state, StockState::Lent);
    let readings = events(&house);
    let count = readings.iter().filter(|event| *event == "log-read").count();
    assert!(count >= 2, "{readings:?}");
}

#[test]
fn who_may_not_issue_traces_no_card_and_fills_no_stock() {
    let house = House::with_roles("reception-staff");
    let _daemon = house.start();
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let card = written(1);
    let add = Request::Stock(StockRequest::Add { card: card.clone() });
    for request in [Request::CardTrace { card }, add] {
        let refused = client.ask(request, false).unwrap_err();
        assert_eq!(u8::from(refused.code()), 3, "{refused}");
    }
    let refusals = events(&house);
    let count = refusals.iter().filter(|event| *event == "refused").count();
    assert_eq!(count, 2);
}
