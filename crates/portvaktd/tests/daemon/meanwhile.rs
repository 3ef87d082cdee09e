//! What takes long is judged again: a role that ended in the middle ends what it let somebody begin (M5, M12).

use std::thread::sleep;
use std::time::Duration;

use access::role::Role;
use control::request::approval::ApprovalRequest;
use control::request::log::EventFilter;
use control::request::operator::OperatorRequest;
use control::{CardKind, Client, ClientError, Code, Reply, Request, Waiting};
use register::{ContactPerson, Text};

use super::day::{events, status};
use super::house::House;
use super::offline::{add, now, offline};
use super::people::{ask_as, client_of, house_of, name_of};
use super::visitors::row;

/// Whoever runs the test is an auditor, and a technician's deputy for some seconds; there is a tenant.
fn deputised(seconds: u64) -> House {
    let house = House::with_roles("auditor");
    offline(&house, |register, now| {
        let me = register.operators().unwrap()[0].id;
        let technician = (&[Role::Technician][..], None);
        let other = add(register, ("tekla", 77_001), technician, now);
        let later = now.saturating_add(Duration::from_secs(3_600));
        drop(register.record_training(me, later, other, now).unwrap());
        let until = now.saturating_add(Duration::from_secs(seconds));
        let given = (Role::Technician, now, until);
        drop(register.delegate(me, given, other, now).unwrap());
        let word = |text| Text::new("test", text).unwrap();
        let (tenant, _) = register.add_tenant(&word("Kommunen"), other, now).unwrap();
        let person = ContactPerson {
            name: word("Ola Kontakt"),
            mobile: word("90000001"),
        };
        drop(register.add_contact(tenant, &person, other, now).unwrap());
    });
    house
}

#[test]
fn m12_a_role_that_ends_while_a_list_comes_in_imports_nothing() {
    let begun = now();
    let house = deputised(6);
    let _daemon = house.start();
    let (mut client, hello) = Client::connect(&house.socket()).unwrap();
    assert_eq!(hello.roles, ["technician", "auditor"]);
    let begin = Request::CardImportBegin { rows: 1 };
    client.send(begin, false).unwrap();
    assert_eq!(client.receive().unwrap(), Reply::Ready {});
    while now() < begun.saturating_add(Duration::from_secs(7)) {
        sleep(Duration::from_millis(50));
    }
    let rows = vec![row(&house, 2, CardKind::Employee)];
    let rows = Request::CardImportRows { rows };
    client.send_more(rows, false).unwrap();
    client.send_more(Request::CardImportEnd {}, false).unwrap();
    let refused = loop {
        match client.receive() {
            Ok(reply) => assert!(!reply.is_last(), "{reply:?}"),
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused.code(), Code::Refused);
    let said = refused.to_string();
    assert!(
        said.contains("card-import is not for the role auditor"),
        "{said}"
    );
    assert_eq!(status(&house).cards, 0);
    let told = events(&house);
    assert_eq!(told.iter().filter(|name| *name == "refused").count(), 1);
    assert!(!told.contains(&"card-imported".to_owned()));
}

#[test]
fn m05_who_follows_the_log_hears_no_more_once_their_role_is_taken_away() {
    const DAILY: u32 = 1;
    const OPERATIONS: u32 = 2;
    const AUDITOR: u32 = 7;
    let house = house_of(&[
        (DAILY, "daily-manager"),
        (OPERATIONS, "operations-manager"),
        (AUDITOR, "auditor"),
    ]);
    let _daemon = house.start();
    let mut follower = client_of(&house, AUDITOR);
    let all = Request::LogFollow(EventFilter::default());
    follower.send(all, false).unwrap();
    let remove = Request::Operator(OperatorRequest::Remove {
        user: name_of(AUDITOR),
    });
    let asked = ask_as(&house, OPERATIONS, remove);
    assert!(matches!(asked, Ok(Reply::Pending(_))), "{asked:?}");
    let mut heard = 0;
    while heard == 0 {
        heard += usize::from(matches!(follower.receive(), Ok(Reply::Part { .. })));
    }
    let approve = Request::Approval(ApprovalRequest::Approve {
        approval: Waiting::Change(1),
    });
    let since = now();
    assert!(ask_as(&house, DAILY, approve).is_ok());
    let end = loop {
        match follower.receive() {
            Ok(Reply::Part { .. }) => {}
            other => break other,
        }
    };
    let Err(ClientError::Refused(refusal)) = end else {
        panic!("{end:?}")
    };
    assert!(
        refusal.message.contains("you have no role here"),
        "{refusal}"
    );
    assert!(now() < since.saturating_add(Duration::from_secs(5)));
}
