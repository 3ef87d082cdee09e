//! Who answers for a tenant, and what becomes of cards when somebody leaves: from the socket to the door (M14, M24, M25).

use access::IssuanceId;
use control::reply::tenant::{ContactLeave, Found, LeaverRow, Leavers};
use control::request::TenantContact;
use control::request::card::{CardIssue, CardReason, CardReturn};
use control::request::life::{CardChange, LifeRequest};
use control::request::person::PersonRequest;
use control::request::pin::PinRequest;
use control::request::tenant::{LeaverEntry, TenantRequest};
use control::{CardKind, CardState, Client, Private, Reply, Request, Row};

use super::day::{CARD, events, issue_in_person, opens, set_key, status, stays_shut, wait_online};
use super::house::{House, text};

fn refused(house: &House, request: Request) -> (u8, String) {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let refusal = client.ask(request, false).unwrap_err();
    (u8::from(refusal.code()), refusal.to_string())
}

/// The rows of a long answer, and its end.
fn rows(house: &House, request: Request, dry_run: bool) -> (Vec<Row>, Reply) {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.send(request, dry_run).unwrap();
    received(&mut client)
}

fn received(client: &mut Client) -> (Vec<Row>, Reply) {
    let mut rows = Vec::new();
    loop {
        let reply = client.receive().unwrap();
        if reply.is_last() {
            return (rows, reply);
        }
        if let Reply::Part { row } = reply {
            rows.push(row);
        }
    }
}

fn contact(name: &str, mobile: &str) -> Request {
    Request::TenantContact(TenantContact {
        tenant: "Kommunen".into(),
        name: Private::new(name),
        mobile: Private::new(mobile),
    })
}

fn contact_leaves(name: &str, followed_by: Option<&str>) -> Request {
    Request::Tenant(TenantRequest::ContactLeave {
        tenant: "Kommunen".into(),
        name: Private::new(name),
        mobile: None,
        followed_by: followed_by.map(Private::new),
    })
}

/// An employee of the tenant, on the word of this contact person.
fn employee(contact: &str) -> Request {
    Request::CardIssue(Box::new(CardIssue {
        kind: CardKind::Employee,
        name: Private::new("Per Hansen"),
        firm: Private::new("Kommunen"),
        mobile: Private::new("90000003"),
        contact: Private::new(contact),
        tenant: "Kommunen".into(),
        doors: vec!["front".into()],
        rights: Vec::new(),
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

fn entry(line: u64, name: &str) -> LeaverEntry {
    LeaverEntry {
        line,
        name: Private::new(name),
        mobile: None,
        firm: None,
        ends: None,
    }
}

fn leavers(house: &House, entries: Vec<LeaverEntry>, dry_run: bool) -> (Vec<LeaverRow>, Leavers) {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let begin = TenantRequest::LeaversBegin {
        tenant: "Kommunen".into(),
        rows: u64::try_from(entries.len()).unwrap(),
    };
    client.send(Request::Tenant(begin), dry_run).unwrap();
    assert_eq!(client.receive().unwrap(), Reply::Ready {});
    let rows = TenantRequest::LeaversRows { rows: entries };
    client.send_more(Request::Tenant(rows), dry_run).unwrap();
    let end = Request::Tenant(TenantRequest::LeaversEnd {});
    client.send_more(end, dry_run).unwrap();
    let (rows, last) = received(&mut client);
    let Reply::Leavers(outcome) = last else {
        panic!("{last:?}")
    };
    let rows = rows.into_iter().map(|row| {
        let Row::Leaver(row) = row else {
            panic!("{row:?}")
        };
        row
    });
    (rows.collect(), outcome)
}

fn counted(house: &House, name: &str) -> usize {
    let there = events(house);
    there.iter().filter(|event| *event == name).count()
}

fn is_warned(house: &House) -> bool {
    let said = "tenant \"Kommunen\" has no responsible contact, so nothing is issued for it";
    let warnings = status(house).warnings;
    warnings.iter().any(|warning| warning.contains(said))
}

#[test]
fn m24_every_tenant_has_a_responsible_contact_or_nothing_is_issued_for_it() {
    let house = House::new();
    let _daemon = house.start();
    house.ask(Request::TenantAdd {
        tenant: "Kommunen".into(),
    });
    assert!(is_warned(&house), "it has none yet");
    house.ask(contact("Ola Kontakt", "90000001"));
    house.ask(contact("Eva Kontakt", "90000002"));
    assert!(!is_warned(&house), "the first one is");
    let (_, left) = rows(&house, contact_leaves("Ola Kontakt", None), false);
    let without_contact = true;
    let expected = ContactLeave {
        cards: 0,
        without_contact,
    };
    assert_eq!(left, Reply::ContactLeave(expected));
    assert_eq!(counted(&house, "tenant-without-contact"), 1);
    assert!(is_warned(&house));
    let (code, said) = refused(&house, employee("Eva Kontakt"));
    assert_eq!(code, 3);
    assert!(said.contains("--responsible"), "{said}");
    house.ask(Request::Tenant(TenantRequest::Responsible {
        tenant: "Kommunen".into(),
        name: Private::new("Eva Kontakt"),
        mobile: None,
    }));
    assert!(!is_warned(&house));
    assert_eq!(counted(&house, "tenant-changed"), 3);
    let issued = house.ask(employee("Eva Kontakt"));
    assert!(matches!(issued, Reply::Issued(_)), "{issued:?}");
    let (listed, _) = rows(&house, Request::TenantList {}, false);
    let [Row::Tenant(tenant)] = listed.as_slice() else {
        panic!("{listed:?}")
    };
    assert_eq!((tenant.contacts.len(), tenant.cards), (1, Some(1)));
    assert!(tenant.contacts[0].responsible);
}

#[test]
fn m24_a_tenant_is_added_with_its_responsible_contact_who_may_be_followed_at_once() {
    let house = House::new();
    let _daemon = house.start();
    let add = |name: &str| {
        Request::Tenant(TenantRequest::Add {
            tenant: name.into(),
            responsible: Private::new("Ola Kontakt"),
            mobile: Private::new("90000001"),
        })
    };
    house.ask(add("Kommunen"));
    assert_eq!(refused(&house, add("Kommunen")).0, 3);
    assert!(!is_warned(&house));
    house.ask(Request::Tenant(TenantRequest::Responsible {
        tenant: "Kommunen".into(),
        name: Private::new("Siv Kontakt"),
        mobile: Some(Private::new("90000009")),
    }));
    house.ask(contact("Eva Kontakt", "90000002"));
    let leave = contact_leaves("Siv Kontakt", Some("Eva Kontakt"));
    let (_, left) = rows(&house, leave, false);
    let Reply::ContactLeave(left) = left else {
        panic!("{left:?}")
    };
    assert!(!left.without_contact);
    assert_eq!(counted(&house, "tenant-without-contact"), 0);
    let nobody = contact_leaves("Siv Kontakt", None);
    assert_eq!(refused(&house, nobody).0, 3, "they left already");
    assert_eq!(refused(&house, contact_leaves("Nobody", None)).0, 4);
}

#[test]
fn m03_reception_staff_change_no_tenant_and_let_nobody_leave_by_a_list() {
    let house = House::with_roles("reception-staff");
    let _daemon = house.start();
    let begin = TenantRequest::LeaversBegin {
        tenant: "Kommunen".into(),
        rows: 1,
    };
    let responsible = TenantRequest::Responsible {
        tenant: "Kommunen".into(),
        name: Private::new("Ola Kontakt"),
        mobile: None,
    };
    let requests = [
        Request::Tenant(begin),
        Request::Tenant(responsible),
        contact_leaves("Ola Kontakt", None),
    ];
    let tried = requests.len();
    for request in requests {
        let (code, said) = refused(&house, request);
        assert!(code == 3 && said.contains("not for the role"), "{said}");
    }
    assert_eq!(counted(&house, "refused"), tried);
}

#[test]
fn m14_when_the_contact_leaves_bound_cards_are_suspended_and_a_new_issue_is_refused() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let leave = || contact_leaves("Ola Kontakt", None);
    let bound = |rows: &[Row]| -> Vec<(IssuanceId, CardKind, CardState, bool)> {
        let cards = rows.iter().map(|row| {
            let Row::Card(card) = row else {
                panic!("{row:?}")
            };
            card
        });
        cards
            .map(|card| (card.issuance, card.kind, card.state, card.name.is_some()))
            .collect()
    };
    let suspended = [(issuance, CardKind::Supplier, CardState::Blocked, false)];
    let (listed, _) = rows(&house, leave(), true);
    assert_eq!(bound(&listed), suspended, "a dry run lists them");
    assert!(opens(&house, CARD), "and changes nothing");
    let (listed, left) = rows(&house, leave(), false);
    assert_eq!(bound(&listed), suspended);
    assert!(matches!(
        left,
        Reply::ContactLeave(ContactLeave { cards: 1, .. })
    ));
    assert!(stays_shut(&house, CARD));
    let unblock = || {
        Request::CardUnblock(CardReason {
            issuance,
            reason: "Eva answers for her".into(),
        })
    };
    let (code, said) = refused(&house, unblock());
    assert_eq!(code, 3);
    assert!(said.contains("has left"), "{said}");
    assert_eq!(refused(&house, employee("Ola Kontakt")).0, 3);
    daemon.kill();
    let _daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD), "after a kill");
    assert_eq!(counted(&house, "contact-left"), 1);
    house.ask(contact("Eva Kontakt", "90000002"));
    assert_eq!(
        refused(&house, unblock()).0,
        3,
        "Eva answers for nobody yet"
    );
    house.ask(Request::CardLife(LifeRequest::Change(Box::new(
        CardChange {
            contact: Some(Private::new("Eva Kontakt")),
            ..CardChange::of(issuance)
        },
    ))));
    assert!(stays_shut(&house, CARD), "to lift the block is another act");
    house.ask(unblock());
    assert!(opens(&house, CARD));
}

#[test]
fn m25_a_list_of_leavers_is_told_row_by_row_and_ends_what_it_means_and_nothing_else() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let list = || vec![entry(2, "kari nordmann"), entry(3, "Gunnar Ukjent")];
    let found = |rows: &[LeaverRow]| -> Vec<(u64, Found, Vec<IssuanceId>)> {
        let each = rows
            .iter()
            .map(|row| (row.line, row.found, row.issuances.clone()));
        each.collect()
    };
    let expected = [
        (2, Found::One, vec![issuance]),
        (3, Found::Nobody, Vec::new()),
    ];
    let (listed, outcome) = leavers(&house, list(), true);
    assert_eq!(found(&listed), expected);
    assert_eq!((outcome.matched, outcome.unmatched), (1, 1));
    assert!(!outcome.applied);
    assert!(opens(&house, CARD), "a dry run changes nothing");
    assert!(counted(&house, "log-read") > 0, "and is a logged reading");
    let (listed, outcome) = leavers(&house, list(), false);
    assert_eq!(found(&listed), expected);
    assert_eq!((outcome.cards, outcome.applied), (1, true));
    assert!(stays_shut(&house, CARD));
    assert_eq!(counted(&house, "person-left"), 1);
    assert_eq!(counted(&house, "leavers-imported"), 1);
    let (_, outcome) = leavers(
        &house,
        vec![entry(2, "Kari Nordmann"), entry(3, " ")],
        false,
    );
    assert_eq!((outcome.problems_total, outcome.applied), (1, false));
    assert_eq!(outcome.problems[0].column, "name");
    let said = text(&daemon.stop().stderr).to_lowercase();
    assert!(!said.contains("nordmann") && !said.contains("ukjent"));
    for (file, octets) in house.snapshot() {
        let named = octets.windows(6).any(|six| six == b"Ukjent");
        assert!(!named, "{}", file.display());
    }
}

#[test]
fn m30_when_somebody_leaves_what_they_have_ends_in_one_step_and_stays_ended() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let set = PinRequest::Set {
        issuance,
        pin: Private::new("159268"),
        duress: None,
    };
    house.ask(Request::CardPin(set));
    let leave = || {
        let others = Vec::new();
        Request::Person(PersonRequest::Leave { issuance, others })
    };
    let ends = |rows: &[Row]| -> Vec<(IssuanceId, bool)> {
        let rows = rows.iter().map(|row| {
            let Row::Leaving(row) = row else {
                panic!("{row:?}")
            };
            (row.issuance, row.ends)
        });
        rows.collect()
    };
    let (listed, _) = rows(&house, leave(), true);
    assert_eq!(ends(&listed), [(issuance, true)]);
    assert!(opens(&house, CARD), "a dry run changes nothing");
    let (listed, last) = rows(&house, leave(), false);
    assert_eq!(ends(&listed), [(issuance, true)]);
    assert_eq!(last, Reply::End { rows: 1 });
    assert!(stays_shut(&house, CARD));
    let cleared = Request::CardPin(PinRequest::Clear { issuance });
    assert_eq!(refused(&house, cleared).0, 4, "the PIN is gone");
    daemon.kill();
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD), "after a kill");
    assert_eq!(counted(&house, "person-left"), 1);
    house.ask(Request::CardReturn(CardReturn {
        issuance,
        form_shredded: true,
    }));
    assert_eq!(refused(&house, leave()).0, 4, "whoever is forgotten");
    assert!(daemon.stop().status.success());
}

#[test]
fn m25_a_contact_person_on_the_list_leaves_and_the_tenant_is_told_to_be_without() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    let (listed, outcome) = leavers(&house, vec![entry(2, "Ola Kontakt")], false);
    assert!(listed[0].contact && outcome.without_contact);
    assert!(stays_shut(&house, CARD));
    assert_eq!(counted(&house, "tenant-without-contact"), 1);
    assert!(is_warned(&house));
}
