//! Changes that wait for another person, asked and approved by different users over the real socket (M4).

use std::thread::sleep;
use std::time::Duration;

use access::IssuanceId;
use access::role::{Act, Role};
use control::reply::approval::ApprovalRow;
use control::request::approval::ApprovalRequest;
use control::request::card::CardReason;
use control::request::log::EventFilter;
use control::request::operator::OperatorRequest;
use control::request::pin::PinRequest;
use control::{Private, Reply, Request, Row, Waiting};

use super::day::{CARD, events, issue_in_person, opens, set_key, status, stays_shut, wait_online};
use super::house::{Daemon, House};
use super::people::{ask_as, client_of, doubt_as, house_of, name_of, rows_as};

const ROOT: u32 = 0;
const RITA: u32 = 1;
const OLE: u32 = 2;
const SIV: u32 = 3;

/// Rita is of the reception's staff, Ole operations manager, Siv receptionist; there is one card that opens.
fn staffed() -> (House, Daemon, IssuanceId) {
    let house = house_of(&[
        (RITA, "reception-staff"),
        (OLE, "operations-manager"),
        (SIV, "receptionist"),
    ]);
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    (house, daemon, issuance)
}

fn block(issuance: IssuanceId) -> Request {
    Request::CardBlock(CardReason {
        issuance,
        reason: "seen in the wrong hands".to_owned(),
    })
}

fn approval(wish: ApprovalRequest) -> Request {
    Request::Approval(wish)
}

fn approve(number: u32) -> Request {
    let approval = Waiting::Change(number);
    self::approval(ApprovalRequest::Approve { approval })
}

fn show(number: u32) -> Request {
    let approval = Waiting::Change(number);
    self::approval(ApprovalRequest::Show { approval })
}

fn refuse(number: u32) -> Request {
    approval(ApprovalRequest::Refuse {
        approval: Waiting::Change(number),
        reason: "she is known here".to_owned(),
    })
}

fn pending(reply: &Result<Reply, (u8, String)>) -> u32 {
    let Ok(Reply::Pending(pending)) = reply else {
        panic!("it does not wait: {reply:?}")
    };
    let Waiting::Change(number) = pending.approval else {
        panic!("no change: {pending:?}")
    };
    number
}

fn waiting(house: &House, uid: u32) -> Vec<ApprovalRow> {
    let rows = rows_as(house, uid, approval(ApprovalRequest::List {}));
    let rows = rows.into_iter().map(|row| {
        let Row::Approval(row) = row else {
            panic!("{row:?}")
        };
        *row
    });
    rows.collect()
}

fn count(house: &House, event: &str) -> usize {
    events(house).iter().filter(|name| *name == event).count()
}

#[test]
fn m04_reception_staff_block_in_doubt_and_the_operations_manager_approves() {
    let (house, _daemon, issuance) = staffed();
    let number = pending(&doubt_as(&house, RITA, block(issuance)));
    assert_eq!(number, 1);
    assert!(opens(&house, CARD), "what waits is inert");
    let listed = waiting(&house, SIV);
    let users = |uids: &[u32]| -> Vec<String> { uids.iter().map(|uid| name_of(*uid)).collect() };
    assert_eq!(listed[0].asked_by, name_of(RITA));
    assert_eq!(listed[0].approvers, users(&[ROOT, OLE]));
    assert_eq!(
        (listed[0].verb.as_str(), listed[0].issuance),
        ("card-block", Some(issuance))
    );
    for (who, wish) in [
        (SIV, approve(1)),
        (SIV, show(1)),
        (SIV, refuse(1)),
        (RITA, approve(1)),
    ] {
        let (code, says) = ask_as(&house, who, wish).unwrap_err();
        assert_eq!(code, 3, "{says}");
    }
    let Ok(Reply::Approval(view)) = ask_as(&house, OLE, show(1)) else {
        panic!("not shown")
    };
    assert_eq!(view.doubt, Some(Private::new("is it hers at all?")));
    let reason = view.asked.iter().find(|field| field.field == "reason");
    assert_eq!(reason.unwrap().value.expose(), "seen in the wrong hands");
    let Ok(Reply::Approved(approved)) = ask_as(&house, OLE, approve(1)) else {
        panic!("not approved")
    };
    assert_eq!(approved.issuance, Some(issuance));
    assert!(stays_shut(&house, CARD));
    assert_eq!(waiting(&house, RITA), []);
    let (code, says) = ask_as(&house, OLE, approve(1)).unwrap_err();
    assert_eq!(code, 4, "{says}");
    let told = both_are_in_the_log(&house);
    assert_eq!(
        told,
        [
            format!("change-pending {}", name_of(RITA)),
            format!("change-approved {}", name_of(OLE)),
            format!("card-blocked {}", name_of(RITA)),
        ]
    );
}

/// Who did what, in order, by the operators' numbers.
fn both_are_in_the_log(house: &House) -> Vec<String> {
    let rows = rows_as(house, ROOT, Request::LogShow(EventFilter::default()));
    let told = rows.iter().filter_map(|row| {
        if let Row::Event(event) = row {
            Some(event)
        } else {
            None
        }
    });
    told.filter(|event| event.event.starts_with("change-") || event.event == "card-blocked")
        .map(|event| {
            let operator = event.operator.as_deref().unwrap_or_default();
            format!("{} {operator}", event.event)
        })
        .collect()
}

#[test]
fn m04_nobody_approves_their_own_not_even_with_two_roles_and_everybody_may_withdraw() {
    let (house, _daemon, issuance) = staffed();
    let number = pending(&doubt_as(&house, ROOT, block(issuance)));
    let (code, says) = ask_as(&house, ROOT, approve(number)).unwrap_err();
    assert!(code == 3 && says.contains("nobody approves"), "{says}");
    assert!(opens(&house, CARD));
    assert_eq!(
        ask_as(&house, ROOT, refuse(number)),
        Ok(Reply::Done { warning: None })
    );
    assert_eq!(waiting(&house, ROOT), []);
    assert_eq!(count(&house, "change-refused"), 1);
    let number = pending(&doubt_as(&house, RITA, block(issuance)));
    assert!(ask_as(&house, OLE, refuse(number)).is_ok());
    assert!(opens(&house, CARD));
}

#[test]
fn m04_doubt_gives_nobody_what_their_role_does_not_and_not_everything_can_wait() {
    let (house, _daemon, issuance) = staffed();
    let pin = Request::CardPin(PinRequest::Set {
        issuance,
        pin: Private::new("159268"),
        duress: None,
    });
    let grant = r#"{"verb":"right","act":"grant","issuance":"ID","rights":[{"place":"front","schedule":null}],"reason":"r"}"#;
    let grant = grant.replace("ID", &issuance.to_string());
    let grant: Request = serde_json::from_str(&grant).unwrap();
    for (who, wish, code) in [
        (RITA, grant, 3),
        (RITA, pin.clone(), 3),
        (SIV, pin, 2),
        (SIV, Request::CardImportBegin { rows: 1 }, 2),
        (
            OLE,
            Request::TenantAdd {
                tenant: "Staten".into(),
            },
            2,
        ),
        (SIV, block("P-000000".parse().unwrap()), 4),
    ] {
        let (found, says) = doubt_as(&house, who, wish).unwrap_err();
        assert_eq!(found, code, "{says}");
    }
    assert_eq!(waiting(&house, ROOT), []);
}

#[test]
fn what_cannot_be_done_when_it_is_approved_goes_on_waiting() {
    let (house, _daemon, issuance) = staffed();
    let number = pending(&doubt_as(&house, RITA, block(issuance)));
    house.ask(block(issuance));
    let (code, says) = ask_as(&house, OLE, approve(number)).unwrap_err();
    assert!(code == 3 && says.contains("goes on waiting"), "{says}");
    assert_eq!(waiting(&house, ROOT).len(), 1);
    assert_eq!(count(&house, "change-approved"), 0);
    house.ask(Request::CardUnblock(CardReason {
        issuance,
        reason: "it was a mistake".to_owned(),
    }));
    assert!(ask_as(&house, OLE, approve(number)).is_ok());
    assert!(stays_shut(&house, CARD));
}

#[test]
fn a_daemon_that_is_killed_has_approved_and_done_it_or_neither() {
    let (house, daemon, issuance) = staffed();
    let mut daemon = Some(daemon);
    for micros in [0, 300, 1_000, 2_000, 4_000, 8_000, 40_000] {
        let number = pending(&doubt_as(&house, RITA, block(issuance)));
        let mut client = client_of(&house, OLE);
        client.send(approve(number), false).unwrap();
        sleep(Duration::from_micros(micros));
        daemon.take().unwrap().kill();
        daemon = Some(house.start());
        let done = waiting(&house, ROOT).is_empty();
        let (approved, blocked) = (
            count(&house, "change-approved"),
            count(&house, "card-blocked"),
        );
        assert_eq!(approved, blocked, "after {micros} µs");
        if done {
            house.ask(Request::CardUnblock(CardReason {
                issuance,
                reason: "again".to_owned(),
            }));
        } else {
            assert!(ask_as(&house, OLE, refuse(number)).is_ok());
        }
    }
    assert!(
        count(&house, "change-approved") > 0,
        "the last one has time"
    );
}

#[test]
fn m04_what_nobody_approved_in_time_is_ended_at_the_next_start() {
    let house = House::new();
    drop(house.start());
    let daemon = house.start();
    let now = status(&house).now.utc();
    let then = access::UtcMicros::from_micros(now.micros() - 8 * 86_400_000_000);
    daemon.stop();
    let disk = event_log::disk::RealDisk::new(house.data());
    let disk: std::sync::Arc<dyn key_store::disk::Disk> = std::sync::Arc::new(disk);
    let keys = std::sync::Arc::new(key_store::KeyStore::open(&disk).unwrap());
    let path = house.data().join("register.db");
    let mut register = register::Register::open(&path, keys, Box::new(Random)).unwrap();
    let by = register.operators().unwrap()[0].id;
    let new = register::NewWaiting {
        act: Act::DoubtfulChange,
        verb: "card-issue",
        issuance: None,
        request: b"{}".to_vec().into(),
        doubt: None,
    };
    drop(register.keep_change(&new, by, then).unwrap());
    drop(register);
    let _daemon = house.start();
    let ended = (0..200).any(|_| {
        sleep(Duration::from_millis(20));
        count(&house, "change-expired") == 1
    });
    assert!(ended, "{:?}", events(&house));
    assert_eq!(waiting(&house, rustix::process::getuid().as_raw()), []);
}

/// Octets nobody foresees.
struct Random;

impl key_store::Entropy for Random {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}

#[test]
fn m31_a_change_of_operators_is_approved_crosswise_and_by_nobody_of_the_same_role() {
    let house = house_of(&[(RITA, "daily-manager"), (OLE, "daily-manager")]);
    let _daemon = house.start();
    let add = Request::Operator(OperatorRequest::Add {
        user: name_of(SIV),
        roles: vec![Role::Receptionist],
        tenant: None,
    });
    let number = pending(&ask_as(&house, RITA, add));
    assert_eq!(waiting(&house, OLE)[0].approvers, [name_of(ROOT)]);
    for (who, wish) in [
        (RITA, approve(number)),
        (OLE, approve(number)),
        (OLE, show(number)),
    ] {
        let (code, says) = ask_as(&house, who, wish).unwrap_err();
        assert_eq!(code, 3, "{says}");
    }
    ask_as(&house, ROOT, approve(number)).unwrap();
    assert!(ask_as(&house, SIV, Request::Status {}).is_ok());
}
