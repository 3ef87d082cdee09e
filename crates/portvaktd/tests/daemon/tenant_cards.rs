//! A tenant's employee cards and the word of its personnel office, from the socket to the door (M16).

use access::IssuanceId;
use access::role::Role;
use control::reply::approval::ApprovalRow;
use control::request::TenantContact;
use control::request::approval::ApprovalRequest;
use control::request::card::{CardActivate, CardIssue, CardSource};
use control::request::import::ImportRow;
use control::request::operator::OperatorRequest;
use control::request::tenant::TenantRequest;
use control::{CardKind, Credential, Private, Reply, Request, Row, Waiting};

use super::day::{CARD, events, opens, set_key, stays_shut, wait_online};
use super::house::{Daemon, House};
use super::lost::{LIST, charges};
use super::people::{ask_as, client_of, house_of, name_of, rows_as};

const ROOT: u32 = 0;
const OLE: u32 = 2;
const HANNE: u32 = 3;
const GRO: u32 = 5;
/// H10301 1:2.
const SECOND: ([u8; 4], u16) = ([0x80, 0x80, 0x01, 0x00], 26);

/// Kommunen's personnel office is Hanne, Staten's is Gro; Ole, the daily manager, asked for both, and root approved.
fn governed() -> (House, Daemon) {
    let house = house_of(&[(OLE, "daily-manager")]);
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    for (number, (tenant, hr)) in [("Kommunen", HANNE), ("Staten", GRO)]
        .into_iter()
        .enumerate()
    {
        house.ask(Request::TenantAdd {
            tenant: tenant.to_owned(),
        });
        house.ask(Request::TenantContact(TenantContact {
            tenant: tenant.to_owned(),
            name: Private::new("Ola Kontakt"),
            mobile: Private::new("90000001"),
        }));
        let add = Request::Operator(OperatorRequest::Add {
            user: name_of(hr),
            roles: vec![Role::Hr],
            tenant: Some(tenant.to_owned()),
        });
        let Ok(Reply::Pending(pending)) = ask_as(&house, OLE, add) else {
            panic!("a change of operators does not wait")
        };
        let number = u32::try_from(number).unwrap() + 1;
        assert_eq!(pending.approval, Waiting::Change(number));
        assert!(ask_as(&house, OLE, approve(pending.approval)).is_err());
        ask_as(&house, ROOT, approve(pending.approval)).unwrap();
    }
    let rule = Request::Tenant(TenantRequest::Rule {
        tenant: "Kommunen".to_owned(),
        employee_cards_by_hr: true,
    });
    assert_eq!(house.ask(rule), Reply::Done { warning: None });
    (house, daemon)
}

fn approve(approval: Waiting) -> Request {
    Request::Approval(ApprovalRequest::Approve { approval })
}

fn refuse(approval: Waiting) -> Request {
    Request::Approval(ApprovalRequest::Refuse {
        approval,
        reason: "does not work here".to_owned(),
    })
}

fn show(approval: Waiting) -> Request {
    Request::Approval(ApprovalRequest::Show { approval })
}

fn waiting(house: &House) -> Vec<ApprovalRow> {
    let rows = rows_as(house, OLE, Request::Approval(ApprovalRequest::List {}));
    let rows = rows.into_iter().map(|row| {
        let Row::Approval(row) = row else {
            panic!("{row:?}")
        };
        *row
    });
    rows.collect()
}

fn number(number: u64) -> Credential {
    Credential::Number {
        format: "H10301".to_owned(),
        facility: 1,
        number,
    }
}

fn employee() -> Request {
    Request::CardIssue(Box::new(CardIssue {
        kind: CardKind::Employee,
        name: Private::new("Kari Nordmann"),
        firm: Private::new("Kommunen"),
        mobile: Private::new("90000002"),
        contact: Private::new("Ola Kontakt"),
        tenant: "Kommunen".to_owned(),
        doors: vec!["front".to_owned()],
        rights: Vec::new(),
        instead_of: None,
        replaces: None,
        uncertain: false,
        valid_from: None,
        valid_until: None,
        identified_by: Private::new("passport"),
        signed_at: None,
        card: None,
        return_duty_told: true,
    }))
}

fn import(house: &House, cards: &[u64]) {
    let rows = cards.iter().zip(2..).map(|(card, line)| ImportRow {
        line,
        card: number(*card),
        name: Private::new(format!("Per Nummer {card}")),
        firm: Private::new("Kommunen"),
        mobile: Private::new("90000003"),
        contact: Private::new("Ola Kontakt"),
        tenant: "Kommunen".to_owned(),
        doors: vec!["front".to_owned()],
        valid_from: None,
        valid_until: None,
        kind: CardKind::Employee,
    });
    let rows: Vec<ImportRow> = rows.collect();
    let mut client = client_of(house, ROOT);
    let begin = Request::CardImportBegin {
        rows: u64::try_from(rows.len()).unwrap(),
    };
    client.send(begin, false).unwrap();
    assert_eq!(client.receive().unwrap(), Reply::Ready {});
    client
        .send_more(Request::CardImportRows { rows }, false)
        .unwrap();
    client.send_more(Request::CardImportEnd {}, false).unwrap();
    let Reply::Import(imported) = client.receive().unwrap() else {
        panic!("not imported")
    };
    assert!(imported.applied, "{imported:?}");
}

#[test]
fn m16_an_issued_employee_card_is_made_live_only_when_hr_of_its_tenant_approved_it() {
    let (house, _daemon) = governed();
    let Reply::Issued(issued) = house.ask(employee()) else {
        panic!("not issued")
    };
    let issuance: IssuanceId = issued.issuance.unwrap();
    house.ask(Request::CardArrived { issuance });
    house.ask(Request::CardNotify { issuance });
    let activate = || {
        Request::CardActivate(CardActivate {
            issuance,
            card: CardSource::Credential(number(1)),
            return_duty_told: true,
        })
    };
    let (code, says) = ask_as(&house, ROOT, activate()).unwrap_err();
    assert!(code == 3 && says.contains("personnel office"), "{says}");
    let listed = waiting(&house);
    assert_eq!(listed[0].approval, Waiting::Card(issuance));
    assert_eq!(listed[0].approvers, [name_of(HANNE)]);
    let card = Waiting::Card(issuance);
    for (who, wish) in [
        (ROOT, approve(card)),
        (GRO, approve(card)),
        (GRO, show(card)),
        (OLE, refuse(card)),
    ] {
        let (code, says) = ask_as(&house, who, wish).unwrap_err();
        assert_eq!(code, 3, "{who}: {says}");
    }
    let shown = rows_as(&house, HANNE, show(card));
    let [Row::Card(shown)] = shown.as_slice() else {
        panic!("{shown:?}")
    };
    assert_eq!(shown.name, Some(Private::new("Kari Nordmann")));
    assert_eq!(shown.state, control::CardState::Pending);
    ask_as(&house, HANNE, approve(card)).unwrap();
    house.ask(activate());
    assert!(opens(&house, CARD));
    assert!(events(&house).contains(&"card-approved".to_owned()));
    assert_eq!(waiting(&house), []);
}

#[test]
fn m16_imported_cards_open_nothing_until_one_word_approves_their_batch() {
    let (house, daemon) = governed();
    import(&house, &[1, 2]);
    assert!(stays_shut(&house, CARD));
    let listed = waiting(&house);
    assert_eq!(
        (listed[0].approval, listed[0].cards, listed[0].verb.as_str()),
        (Waiting::Batch(1), Some(2), "card-import")
    );
    let denied = rows_as(&house, ROOT, Request::LogShow(Default::default()));
    let is_pending =
        |row: &Row| matches!(row, Row::Event(event) if event.reason.as_deref() == Some("pending"));
    assert!(denied.iter().any(is_pending));
    daemon.kill();
    price_employee_cards(&house);
    let _daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, SECOND), "after a kill");
    assert_eq!(charges(&house, LIST), [], "not live, not charged for");
    let batch = Waiting::Batch(1);
    assert_eq!(ask_as(&house, GRO, approve(batch)).unwrap_err().0, 3);
    assert_eq!(rows_as(&house, HANNE, show(batch)).len(), 2);
    let Ok(Reply::Approved(approved)) = ask_as(&house, HANNE, approve(batch)) else {
        panic!("not approved")
    };
    assert_eq!(approved.cards, Some(2));
    assert!(opens(&house, CARD));
    assert_eq!(ask_as(&house, HANNE, approve(batch)).unwrap_err().0, 4);
    assert_eq!(charged(&house), ["employee-card 15000"; 2]);
}

#[test]
fn m18_imported_employee_cards_that_wait_for_nobody_are_charged_with_the_import_and_once() {
    let (house, daemon) = governed();
    drop(daemon.stop());
    price_employee_cards(&house);
    let _daemon = house.start();
    wait_online(&house);
    house.ask(Request::Tenant(TenantRequest::Rule {
        tenant: "Kommunen".to_owned(),
        employee_cards_by_hr: false,
    }));
    import(&house, &[1, 2]);
    assert!(opens(&house, CARD));
    assert_eq!(charged(&house), ["employee-card 15000"; 2]);
    import(&house, &[1, 2, 3]);
    assert_eq!(charged(&house).len(), 3);
    let made = events(&house);
    let made = made.iter().filter(|event| *event == "charge-made");
    assert_eq!(made.count(), 3);
}

fn price_employee_cards(house: &House) {
    let mut text = std::fs::read_to_string(house.config()).unwrap();
    text.push_str("\n[charges]\nemployee_card = \"150.00\"\n");
    std::fs::write(house.config(), text).unwrap();
}

fn charged(house: &House) -> Vec<String> {
    let charges = charges(house, LIST).into_iter();
    charges
        .map(|charge| format!("{} {}", charge.kind, charge.ore))
        .collect()
}

#[test]
fn m16_what_hr_refuses_is_taken_back_and_its_holders_are_forgotten() {
    let (house, daemon) = governed();
    import(&house, &[1, 2]);
    let refused = ask_as(&house, HANNE, refuse(Waiting::Batch(1))).unwrap();
    assert!(matches!(refused, Reply::Done { warning: Some(_) }));
    assert!(stays_shut(&house, CARD));
    assert_eq!(waiting(&house), []);
    let names = events(&house);
    for event in ["card-returned", "shred-done"] {
        let count = names.iter().filter(|name| *name == event).count();
        assert_eq!(count, 2, "{event}");
    }
    drop(daemon.stop());
    let holds = |octets: &[u8]| octets.windows(10).any(|window| window == b"Per Nummer");
    assert!(!house.snapshot().values().any(|octets| holds(octets)));
}
