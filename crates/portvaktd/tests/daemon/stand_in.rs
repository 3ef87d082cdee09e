//! A forgotten card and the one that stands in for it, both at the door (M9).

use std::time::Duration;

use access::IssuanceId;
use control::request::TenantContact;
use control::request::card::{CardIssue, CardReturn, CardSource};
use control::request::import::ImportRow;
use control::request::life::{CardChange, LifeRequest};
use control::{CardKind, Client, Moment, Private, Reply, Request};

use super::day::{CARD, events, must_be_nowhere, opens, set_key, status, wait_online};
use super::house::House;
use super::restart::wait_kept;
use super::visitors::{after, row, wish as visitor};

/// H10301 1:2.
const SECOND: ([u8; 4], u16) = ([0x80, 0x80, 0x01, 0x00], 26);

/// A card for Kari, who presents it at the reader.
fn wish(house: &House, instead_of: Option<IssuanceId>) -> CardIssue {
    let hour = Duration::from_secs(3_600);
    let end = status(house).now.utc().saturating_add(hour);
    CardIssue {
        kind: instead_of.map_or(CardKind::Employee, |_| CardKind::Forgotten),
        name: Private::new("Kari Nordmann"),
        firm: Private::new("Rør AS"),
        mobile: Private::new("90000002"),
        contact: Private::new("Ola Kontakt"),
        tenant: "Kommunen".to_owned(),
        doors: vec!["front".to_owned()],
        rights: Vec::new(),
        instead_of,
        valid_from: None,
        valid_until: instead_of.map(|_| Moment::from(end)),
        identified_by: Private::new("passport"),
        signed_at: None,
        card: Some(CardSource::Present {
            reader: "front".to_owned(),
            wait_s: 10,
        }),
        return_duty_told: true,
        uncertain: false,
        replaces: None,
    }
}

fn issued(house: &House, wish: CardIssue, card: ([u8; 4], u16)) -> IssuanceId {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let request = Request::CardIssue(Box::new(wish));
    client.send(request, false).unwrap();
    assert!(matches!(client.receive().unwrap(), Reply::Waiting { .. }));
    house.reader.present(&card.0, card.1);
    let Reply::Issued(issued) = client.receive().unwrap() else {
        panic!("not issued")
    };
    issued.issuance.unwrap()
}

fn tenant(house: &House) {
    let tenant = "Kommunen".to_owned();
    house.ask(Request::TenantAdd { tenant });
    house.ask(Request::TenantContact(TenantContact {
        tenant: "Kommunen".to_owned(),
        name: Private::new("Ola Kontakt"),
        mobile: Private::new("90000001"),
    }));
}

#[test]
fn m09_the_card_that_was_left_at_home_and_its_stand_in_are_told_when_both_are_used() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    tenant(&house);
    let own = issued(&house, wish(&house, None), CARD);
    let for_the_day = issued(&house, wish(&house, Some(own)), SECOND);
    let told = || events(&house).contains(&"two-cards-in-use".to_owned());
    assert!(opens(&house, SECOND));
    assert!(!told());
    wait_kept(&house, for_the_day);
    daemon.kill();
    let daemon = house.start();
    wait_online(&house);
    assert!(opens(&house, CARD), "after a kill");
    assert!(told(), "{:?}", events(&house));
    wait_kept(&house, own);
    house.ask(Request::CardReturn(CardReturn {
        issuance: own,
        form_shredded: true,
    }));
    assert!(opens(&house, SECOND));
    let count = events(&house)
        .iter()
        .filter(|event| *event == "two-cards-in-use")
        .count();
    assert_eq!(count, 1, "the other is forgotten");
    assert!(daemon.stop().status.success());
    must_be_nowhere(&house, own);
}

#[test]
fn m09_what_stands_in_for_nothing_is_refused() {
    let house = House::new();
    let _daemon = house.start();
    tenant(&house);
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    for (kind, code, says) in [
        (CardKind::Forgotten, 4, "no such issuance"),
        (
            CardKind::Supplier,
            2,
            "only a forgotten card stands in for another",
        ),
    ] {
        let wish = CardIssue {
            kind,
            card: None,
            ..wish(&house, Some(IssuanceId::from_random(7)))
        };
        let request = Request::CardIssue(Box::new(wish));
        let refusal = client.ask(request, false).unwrap_err();
        assert_eq!(u8::from(refusal.code()), code);
        assert_eq!(refusal.to_string(), says);
    }
}

/// A day that ends in half of one, and who asks for more than that.
#[test]
fn m09_a_forgotten_card_ends_with_the_working_day_however_it_is_asked_for() {
    let house = House::new();
    let _daemon = house.start();
    tenant(&house);
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let mut refused = |request: Request, dry_run| {
        let refusal = client.ask(request, dry_run).unwrap_err();
        let said = refusal.to_string();
        assert!(said.contains("ends with the working day"), "{said}");
        assert_eq!(u8::from(refusal.code()), 3);
    };
    let until = |hours: u64| Some(after(&house, hours * 3_600));
    let forgotten = |hours: u64| CardIssue {
        valid_until: until(hours),
        ..visitor(&house, CardKind::Forgotten)
    };
    for dry_run in [true, false] {
        refused(Request::CardIssue(Box::new(forgotten(13))), dry_run);
    }
    let card = super::visitors::issued(&house, forgotten(1));
    let card = card.issuance.unwrap();
    let ends = |hours: u64| {
        let wish = CardChange {
            valid_until: until(hours),
            ..CardChange::of(card)
        };
        Request::CardLife(LifeRequest::Change(Box::new(wish)))
    };
    for dry_run in [true, false] {
        refused(ends(13), dry_run);
    }
    house.ask(ends(11));
    client.doubt(Some(Private::new("is that allowed?")));
    let waits = client.ask(ends(13), false).unwrap_err();
    assert!(waits.to_string().contains("ends with the working day"));
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client
        .send(Request::CardImportBegin { rows: 1 }, false)
        .unwrap();
    assert_eq!(client.receive().unwrap(), Reply::Ready {});
    let rows = vec![ImportRow {
        valid_until: until(13),
        ..row(&house, 2, CardKind::Forgotten)
    }];
    client
        .send_more(Request::CardImportRows { rows }, false)
        .unwrap();
    client.send_more(Request::CardImportEnd {}, false).unwrap();
    let mut last = client.receive().unwrap();
    while !last.is_last() {
        last = client.receive().unwrap();
    }
    let Reply::Import(difference) = last else {
        panic!("{last:?}")
    };
    assert!(!difference.applied && difference.problems_total == 1);
    let said = &difference.problems[0].message;
    assert!(said.contains("ends with the working day"), "{said}");
}
