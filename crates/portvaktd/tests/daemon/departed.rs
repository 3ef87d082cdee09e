//! Leaving that comes later: an operator's, once another manager approved (M30), and a contact person's, when their last day is
//! over (M25).

use std::thread::sleep;
use std::time::Duration;

use control::request::approval::ApprovalRequest;
use control::request::person::PersonRequest;
use control::request::tenant::{LeaverEntry, TenantRequest};
use control::{Client, Moment, Private, Reply, Request, Waiting};

use super::day::{CARD, events, issue_in_person, opens, set_key, status, stays_shut, wait_online};
use super::house::House;
use super::people::{ask_as, client_of, house_of, name_of};

const ROOT: u32 = 0;
const RITA: u32 = 1;
const DAGNY: u32 = 2;

#[test]
fn m30_an_operator_who_leaves_has_neither_roles_nor_card_once_another_manager_approved() {
    let house = house_of(&[(RITA, "receptionist"), (DAGNY, "daily-manager")]);
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let mut rita = client_of(&house, RITA);
    let leave = || {
        Request::Person(PersonRequest::LeaveOperator {
            user: name_of(RITA),
            cards: vec![issuance],
        })
    };
    let own = ask_as(&house, RITA, leave()).unwrap_err();
    assert_eq!(own.0, 3, "{own:?}");
    let asked = ask_as(&house, DAGNY, leave()).unwrap();
    let Reply::Pending(pending) = asked else {
        panic!("{asked:?}")
    };
    assert!(opens(&house, CARD), "nothing has ended yet");
    assert!(rita.ask(Request::Status {}, false).is_ok());
    let approval: Waiting = pending.approval;
    let approve = || Request::Approval(ApprovalRequest::Approve { approval });
    assert_eq!(ask_as(&house, DAGNY, approve()).unwrap_err().0, 3);
    ask_as(&house, ROOT, approve()).unwrap();
    assert!(stays_shut(&house, CARD));
    let refused = rita.ask(Request::Status {}, false).unwrap_err();
    assert_eq!(u8::from(refused.code()), 3, "in the middle of a session");
    let there = events(&house);
    let count = |name: &str| there.iter().filter(|event| *event == name).count();
    assert_eq!((count("operator-removed"), count("person-left")), (1, 2));
    daemon.kill();
    let _daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD), "after a kill");
    assert_eq!(ask_as(&house, DAGNY, leave()).unwrap_err().0, 4);
}

#[test]
fn m25_a_contact_persons_last_day_comes_and_their_cards_are_suspended_by_themselves() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    let over = status(&house).now.utc();
    let over = over.saturating_add(Duration::from_secs(3));
    let ola = LeaverEntry {
        line: 2,
        name: Private::new("Ola Kontakt"),
        mobile: None,
        firm: None,
        ends: Some(Moment::from(over)),
    };
    let tenant = "Kommunen".to_owned();
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let begin = TenantRequest::LeaversBegin { tenant, rows: 1 };
    client.send(Request::Tenant(begin), false).unwrap();
    assert_eq!(client.receive().unwrap(), Reply::Ready {});
    let rows = TenantRequest::LeaversRows { rows: vec![ola] };
    client.send_more(Request::Tenant(rows), false).unwrap();
    let end = Request::Tenant(TenantRequest::LeaversEnd {});
    client.send_more(end, false).unwrap();
    while !client.receive().unwrap().is_last() {}
    let told = |name: &str| events(&house).iter().any(|event| event == name);
    assert!(opens(&house, CARD), "until then it opens");
    assert!(!told("contact-left"));
    for _ in 0..100 {
        if told("contact-left") {
            break;
        }
        sleep(Duration::from_millis(100));
    }
    assert!(stays_shut(&house, CARD));
    assert!(told("card-blocked") && told("tenant-without-contact"));
}
