//! An operator who leaves: roles, training, deputies and their own card end in one step, once another manager approved (M30).

use control::request::approval::ApprovalRequest;
use control::request::person::PersonRequest;
use control::{Reply, Request, Waiting};

use super::day::{CARD, events, issue_in_person, opens, set_key, stays_shut, wait_online};
use super::people::{ask_as, client_of, house_of, may_ask_as_others, name_of};

const ROOT: u32 = 0;
const RITA: u32 = 1;
const DAGNY: u32 = 2;

#[test]
fn m30_an_operator_who_leaves_has_neither_roles_nor_card_once_another_manager_approved() {
    if !may_ask_as_others() {
        return;
    }
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
