//! Visitors' cards from their issue to their end: at the instant, renewed, replaced, vouched for, withdrawn (M8–M19).

use std::thread::sleep;
use std::time::Duration;

use access::IssuanceId;
use control::reply::card::{Changed, Issued};
use control::request::TenantContact;
use control::request::card::{CardActivate, CardIssue, CardList, CardReturn, CardSource, Due};
use control::request::import::ImportRow;
use control::request::life::{CardChange, LifeRequest};
use control::{
    CardKind, CardState, Client, ClientError, Credential, Moment, Private, Reply, Request, Row,
};

use super::day::{
    CARD, events, issue_in_person, must_be_nowhere, opens, set_key, status, stays_shut, wait_online,
};
use super::house::House;

/// H10301 1:2.
pub(crate) const SECOND: ([u8; 4], u16) = ([0x80, 0x80, 0x01, 0x00], 26);

pub(crate) fn after(house: &House, seconds: u64) -> Moment {
    let now = status(house).now.utc();
    Moment::from(now.saturating_add(Duration::from_secs(seconds)))
}

pub(crate) fn number(number: u64) -> CardSource {
    CardSource::Credential(Credential::Number {
        format: "H10301".into(),
        facility: 1,
        number,
    })
}

/// A card of this kind for an hour, not bound to any plastic.
pub(crate) fn wish(house: &House, kind: CardKind) -> CardIssue {
    CardIssue {
        kind,
        name: Private::new("Kari Nordmann"),
        firm: Private::new("Rør AS"),
        mobile: Private::new("90000002"),
        contact: Private::new("Ola Kontakt"),
        tenant: "Kommunen".into(),
        doors: vec!["front".into()],
        rights: Vec::new(),
        instead_of: None,
        valid_from: None,
        valid_until: kind.must_end().then(|| after(house, 3_600)),
        identified_by: Private::new("passport"),
        signed_at: None,
        card: None,
        return_duty_told: false,
        uncertain: false,
        replaces: None,
    }
}

pub(crate) fn tenant(house: &House) {
    house.ask(Request::TenantAdd {
        tenant: "Kommunen".into(),
    });
    house.ask(Request::TenantContact(TenantContact {
        tenant: "Kommunen".into(),
        name: Private::new("Ola Kontakt"),
        mobile: Private::new("90000001"),
    }));
}

fn tried(house: &House, request: Request) -> Result<Reply, ClientError> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.ask(request, false)
}

pub(crate) fn refused(house: &House, request: Request) -> (u8, String) {
    let refusal = tried(house, request).unwrap_err();
    (u8::from(refusal.code()), refusal.to_string())
}

pub(crate) fn issued(house: &House, wish: CardIssue) -> Issued {
    let reply = tried(house, Request::CardIssue(Box::new(wish))).unwrap();
    let Reply::Issued(issued) = reply else {
        panic!("{reply:?}")
    };
    issued
}

pub(crate) fn changed(house: &House, request: Request) -> Changed {
    let reply = tried(house, request).unwrap();
    let Reply::Changed(changed) = reply else {
        panic!("{reply:?}")
    };
    changed
}

fn change(change: CardChange) -> Request {
    Request::CardLife(LifeRequest::Change(Box::new(change)))
}

fn ends(issuance: IssuanceId, at: Moment) -> Request {
    change(CardChange {
        valid_until: Some(at),
        ..CardChange::of(issuance)
    })
}

pub(crate) fn activate(issuance: IssuanceId, card: CardSource, return_duty_told: bool) -> Request {
    Request::CardActivate(CardActivate {
        issuance,
        card,
        return_duty_told,
    })
}

fn back(issuance: IssuanceId) -> Request {
    Request::CardReturn(CardReturn {
        issuance,
        form_shredded: true,
    })
}

/// What is due back then, in the order of the list.
pub(crate) fn due(house: &House, due: Due) -> Vec<IssuanceId> {
    let list = CardList {
        due: Some(due),
        ..CardList::default()
    };
    found(house, list)
}

fn listed(house: &House, kind: CardKind) -> Vec<IssuanceId> {
    let list = CardList {
        kind: Some(kind),
        ..CardList::default()
    };
    found(house, list)
}

fn found(house: &House, list: CardList) -> Vec<IssuanceId> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.send(Request::CardList(list), false).unwrap();
    let mut found = Vec::new();
    while let Reply::Part {
        row: Row::Card(card),
    } = client.receive().unwrap()
    {
        found.push(card.issuance);
    }
    found
}

pub(crate) fn count(house: &House, name: &str) -> usize {
    events(house).iter().filter(|event| *event == name).count()
}

pub(crate) fn wait_for(house: &House, name: &str, times: usize) {
    let told = (0..300).any(|_| {
        sleep(Duration::from_millis(20));
        count(house, name) == times
    });
    assert!(told, "{:?}", events(house));
}

#[test]
fn m08_a_visitor_card_ends_at_its_instant_and_m11_a_renewal_is_a_logged_change() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let end = after(&house, 4);
    let state = changed(&house, ends(issuance, end)).state;
    assert_eq!(state, CardState::Active);
    assert!(opens(&house, CARD));
    assert!(due(&house, Due::Overdue {}).is_empty());
    while status(&house).now < end {
        sleep(Duration::from_millis(10));
    }
    assert!(stays_shut(&house, CARD));
    wait_for(&house, "card-expired", 1);
    assert_eq!(due(&house, Due::Overdue {}), [issuance]);
    assert_eq!(status(&house).overdue, Some(1));
    let renewed = after(&house, 600);
    let state = changed(&house, ends(issuance, renewed)).state;
    assert_eq!(state, CardState::Active);
    assert!(opens(&house, CARD));
    assert_eq!(status(&house).overdue, Some(0));
    let (from, until) = (end, after(&house, 700));
    assert_eq!(due(&house, Due::Between { from, until }), [issuance]);
    assert_eq!(
        (count(&house, "card-changed"), count(&house, "card-expired")),
        (2, 1)
    );
    assert!(daemon.stop().status.success());
}

/// A row of a list, as somebody wrote it beside a card's number.
pub(crate) fn row(house: &House, line: u64, kind: CardKind) -> ImportRow {
    ImportRow {
        line,
        card: Credential::Number {
            format: "H10301".into(),
            facility: 1,
            number: line,
        },
        name: Private::new("Kari Nordmann"),
        firm: Private::new("Rør AS"),
        mobile: Private::new("90000002"),
        contact: Private::new("Ola Kontakt"),
        tenant: "Kommunen".into(),
        doors: vec!["front".into()],
        valid_from: None,
        valid_until: kind.must_end().then(|| after(house, 3_600)),
        kind,
    }
}

#[test]
fn m12_a_visitor_on_a_list_has_no_live_card_before_it_was_presented() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    tenant(&house);
    let rows = vec![
        row(&house, 1, CardKind::Supplier),
        row(&house, 2, CardKind::Employee),
    ];
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client
        .send(Request::CardImportBegin { rows: 2 }, false)
        .unwrap();
    assert_eq!(client.receive().unwrap(), Reply::Ready {});
    client
        .send_more(Request::CardImportRows { rows }, false)
        .unwrap();
    client.send_more(Request::CardImportEnd {}, false).unwrap();
    let mut last = client.receive().unwrap();
    while !last.is_last() {
        last = client.receive().unwrap();
    }
    let Reply::Import(taken) = last else {
        panic!("{last:?}")
    };
    assert!(taken.applied && taken.added == 2, "{taken:?}");
    assert!(opens(&house, SECOND), "an employee's was ordered by number");
    assert!(stays_shut(&house, CARD));
    let visitor = listed(&house, CardKind::Supplier)[0];
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let at_the_desk = CardSource::Present {
        reader: "front".into(),
        wait_s: 10,
    };
    let wish = activate(visitor, at_the_desk, true);
    client.send(wish, false).unwrap();
    assert!(matches!(client.receive().unwrap(), Reply::Waiting { .. }));
    house.reader.present(&CARD.0, CARD.1);
    assert!(matches!(client.receive().unwrap(), Reply::Changed(_)));
    assert!(opens(&house, CARD));
}

#[test]
fn m13_an_uncertain_holder_waits_for_the_superior_and_m15_for_the_duty_to_return() {
    let house = House::new();
    let daemon = house.start();
    tenant(&house);
    let unsure = CardIssue {
        uncertain: true,
        ..wish(&house, CardKind::Supplier)
    };
    let at_once = CardIssue {
        card: Some(number(1)),
        return_duty_told: true,
        ..unsure.clone()
    };
    let (code, said) = refused(&house, Request::CardIssue(Box::new(at_once)));
    assert!(code == 2 && said.contains("card vouch"), "{said}");
    let pending = issued(&house, unsure);
    assert_eq!(pending.state, CardState::Pending);
    let issuance = pending.issuance.unwrap();
    let (code, said) = refused(&house, activate(issuance, number(1), true));
    assert!(code == 3 && said.contains("waits for the superior's word"));
    let vouch = Request::CardLife(LifeRequest::Vouch {
        issuance,
        superior: Private::new("Siv Overordnet"),
        said: None,
    });
    assert_eq!(changed(&house, vouch.clone()).state, CardState::Ordered);
    assert_eq!(refused(&house, vouch).0, 3, "once");
    let (code, said) = refused(&house, activate(issuance, number(1), false));
    assert!(code == 3 && said.contains("duty to return"), "{said}");
    let live = changed(&house, activate(issuance, number(1), true));
    assert_eq!(live.state, CardState::Active);
    let Reply::Card(shown) = house.ask(Request::CardShow { issuance }) else {
        panic!("no card")
    };
    assert_eq!(
        shown.vouched_by.as_ref().map(Private::expose),
        Some("Siv Overordnet: confirmed")
    );
    assert_eq!(count(&house, "card-vouched"), 1);
    changed(&house, back(issuance));
    assert!(daemon.stop().status.success());
    must_be_nowhere(&house, issuance);
    must_not_hold(&house, b"Siv Overordnet");
}

fn must_not_hold(house: &House, trace: &[u8]) {
    for (file, octets) in house.snapshot() {
        let found = octets.windows(trace.len()).any(|window| window == trace);
        assert!(!found, "{}", file.display());
    }
}

#[test]
fn m19_what_was_mistyped_is_withdrawn_without_a_trace_and_a_return_may_be_repeated() {
    let house = House::new();
    let daemon = house.start();
    tenant(&house);
    let issuance = issued(&house, wish(&house, CardKind::Supplier));
    let issuance = issuance.issuance.unwrap();
    changed(
        &house,
        change(CardChange {
            firm: Some(Private::new("Varme AS")),
            ..CardChange::of(issuance)
        }),
    );
    let sooner = after(&house, 60);
    changed(&house, ends(issuance, sooner));
    let Reply::Form(form) = house.ask(Request::CardLife(LifeRequest::Form { issuance })) else {
        panic!("no form")
    };
    assert_eq!(
        form.card.firm.as_ref().map(Private::expose),
        Some("Varme AS")
    );
    assert_eq!((form.site.as_str(), form.rights.len()), ("Test house", 1));
    assert_eq!(count(&house, "form-printed"), 1);
    let undo = Request::CardLife(LifeRequest::Undo { issuance });
    let gone = changed(&house, undo.clone());
    assert_eq!((gone.state, gone.already), (CardState::Returned, false));
    let (code, said) = refused(&house, undo);
    assert!(code == 4 && said.contains("holder is forgotten"), "{said}");
    let again = changed(&house, back(issuance));
    assert_eq!((again.state, again.already), (CardState::Returned, true));
    assert_eq!(
        (count(&house, "shred-done"), count(&house, "card-returned")),
        (1, 1)
    );
    assert!(daemon.stop().status.success());
    must_be_nowhere(&house, issuance);
    must_not_hold(&house, b"Varme AS");
}

#[test]
fn m03_what_goes_beyond_what_was_issued_is_not_for_reception_staff() {
    let house = House::with_roles("reception-staff");
    let _daemon = house.start();
    let issuance = IssuanceId::from_random(7);
    let of = CardChange::of(issuance);
    let contact = CardChange {
        contact: Some(Private::new("Ola Kontakt")),
        ..of.clone()
    };
    let card = CardChange {
        card: Some(number(7)),
        ..of.clone()
    };
    let firm = CardChange {
        firm: Some(Private::new("Varme AS")),
        ..of
    };
    let vouch = Request::CardLife(LifeRequest::Vouch {
        issuance,
        superior: Private::new("Siv"),
        said: None,
    });
    let wishes = [
        (change(contact), 3),
        (change(card), 3),
        (vouch, 3),
        // They may: there is no such card.
        (change(firm), 4),
        (Request::CardLife(LifeRequest::Undo { issuance }), 4),
    ];
    for (request, code) in wishes {
        let (refused, said) = refused(&house, request);
        assert_eq!(refused, code, "{said}");
    }
    assert_eq!(count(&house, "refused"), 3);
}
