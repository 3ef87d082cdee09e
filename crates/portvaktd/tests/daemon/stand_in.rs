//! A forgotten card and the one that stands in for it, both at the door (M9).

use std::time::Duration;

use access::IssuanceId;
use control::request::TenantContact;
use control::request::card::{CardIssue, CardReturn, CardSource};
use control::{CardKind, Client, Moment, Private, Reply, Request};

use super::day::{CARD, events, must_be_nowhere, opens, set_key, status, wait_online};
use super::house::House;
use super::restart::wait_kept;

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
