//! Several users, each asking over the real socket as itself, role by role.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{PermissionsExt, chown};
use std::time::Duration;

use access::role::{Act, Permission, Role, permission};
use control::request::log::EventFilter;
use control::{Client, Code, Request, Row};
use rustix::process::getuid;

use super::aside::say;
use super::day::events;
use super::offline::{add, offline};
use super::people::{Person, house_of_only, name_of, rows_as};

/// A request for each act, about things that are not there, so that nothing comes of it where it is allowed.
const ASKED: &[(Act, &str)] = &[
    (
        Act::IssueCard,
        r#"{"verb":"card-arrived","issuance":"P-3F7K2Q"}"#,
    ),
    (
        Act::ChangeCard,
        r#"{"verb":"card-block","issuance":"P-3F7K2Q","reason":"lost"}"#,
    ),
    (
        Act::WidenCard,
        r#"{"verb":"right","act":"grant","issuance":"P-3F7K2Q","rights":[{"place":"front"}],"reason":"r"}"#,
    ),
    (
        Act::ReadHolder,
        r#"{"verb":"card-show","issuance":"P-3F7K2Q"}"#,
    ),
    (
        Act::ReadLog,
        r#"{"verb":"house","act":"why-event","index":99999999}"#,
    ),
    (
        Act::ManageCases,
        r#"{"verb":"card-hold-end","issuance":"P-3F7K2Q"}"#,
    ),
    (
        Act::ManageTenants,
        r#"{"verb":"holiday","act":"remove","day":"12-25"}"#,
    ),
    (
        Act::OpenDoor,
        r#"{"verb":"door-open","door":"attic","reason":"r"}"#,
    ),
    (
        Act::SetDoorMode,
        r#"{"verb":"house","act":"end-mode","doors":{"doors":["attic"]}}"#,
    ),
    (
        Act::Lockdown,
        r#"{"verb":"house","act":"lock-down","doors":{"doors":["attic"]}}"#,
    ),
    (
        Act::Commission,
        r#"{"verb":"reader-rotate-key","reader":"attic"}"#,
    ),
    (
        Act::ManageOperators,
        r#"{"verb":"operator","act":"remove","user":"nobody-of-that-name"}"#,
    ),
    (
        Act::ListCards,
        r#"{"verb":"right","act":"list","issuance":"P-3F7K2Q"}"#,
    ),
    (Act::ReadStatus, r#"{"verb":"operator","act":"list"}"#),
];

/// What the role table says, asked by this user; with how many refusals.
fn ask_all(person: &Person, role: Role) -> usize {
    let (mut client, hello) = Client::greet(person.stream().unwrap()).unwrap();
    assert_eq!(hello.roles, [role.as_str()]);
    let mut refusals = 0;
    for (act, request) in ASKED {
        let request: Request = serde_json::from_str(request).unwrap();
        client.send(request, false).unwrap();
        let outcome = loop {
            match client.receive() {
                Ok(reply) if reply.is_last() => break Ok(()),
                Ok(_) => {}
                Err(refused) => break Err((refused.code(), refused.to_string())),
            }
        };
        let says_role =
            matches!(&outcome, Err((Code::Refused, why)) if why.contains("is not for the role"));
        let may_not = permission(&[role], *act) == Permission::No;
        assert_eq!(says_role, may_not, "{role} {act:?}: {outcome:?}");
        refusals += usize::from(says_role);
    }
    refusals
}

#[test]
fn m01_m05_each_role_may_what_the_table_says_and_every_refusal_is_logged() {
    let house = house_of_only(&[(ROOT, "technician")]);
    let others: [(u32, Role); 6] = [
        (1, Role::DailyManager),
        (2, Role::OperationsManager),
        (3, Role::Receptionist),
        (5, Role::ReceptionStaff),
        (6, Role::Hr),
        (7, Role::Auditor),
    ];
    offline(&house, |register, now| {
        let first = register.operators().unwrap()[0].id;
        let name = register::Text::new("tenant", "Kommunen").unwrap();
        let (tenant, _) = register.add_tenant(&name, first, now).unwrap();
        let later = now.saturating_add(Duration::from_secs(3_600));
        for (uid, role) in others {
            let tenant = (role == Role::Hr).then_some(tenant);
            let id = add(register, (&name_of(uid), uid), (&[role], tenant), now);
            drop(register.record_training(id, later, first, now).unwrap());
        }
    });
    let _daemon = house.start();
    let everybody = [(ROOT, Role::Technician)].into_iter().chain(others);
    let refusals: usize = everybody
        .map(|(uid, role)| ask_all(&Person::of(&house, uid), role))
        .sum();
    let logged = events(&house);
    let logged = logged.iter().filter(|name| *name == "refused").count();
    // Waiting for an approval may be one besides.
    assert!(logged >= refusals && refusals > 0, "{logged} {refusals}");
}

/// The octets of the answers to what a client without a role may try.
fn raw_answers(person: &Person) -> Vec<u8> {
    let mut stream = person.stream().unwrap();
    let timeout = Some(Duration::from_secs(5));
    stream.set_read_timeout(timeout).unwrap();
    let mut octets = Vec::new();
    for request in [
        r#"{"id":7,"request":{"verb":"hello","version":1}}"#,
        r#"{"id":7,"request":{"verb":"hello","version":99}}"#,
        r#"{"id":7,"request":{"verb":"status"}}"#,
        r#"{"id":7,"dry_run":true,"request":{"verb":"status"}}"#,
        r#"{"id":7,"request":{"verb":"card-show","issuance":"P-3F7K2Q"}}"#,
    ] {
        let len = u32::try_from(request.len()).unwrap().to_be_bytes();
        stream
            .write_all(&[&len, request.as_bytes()].concat())
            .unwrap();
        let mut len = [0; 4];
        stream.read_exact(&mut len).unwrap();
        let mut answer = vec![0; usize::try_from(u32::from_be_bytes(len)).unwrap()];
        stream.read_exact(&mut answer).unwrap();
        octets.extend(len);
        octets.extend(answer);
    }
    octets
}

#[test]
fn whoever_has_no_role_gets_the_same_octets_whatever_the_reason() {
    let house = house_of_only(&[(TECHNICIAN, "technician")]);
    offline(&house, |register, now| {
        let staff = (&[Role::ReceptionStaff][..], None);
        add(register, ("somebody-else", 13), staff, now);
        let gone = add(register, ("news", 9), staff, now);
        let first = register.operators().unwrap()[0].id;
        drop(register.remove_operator(gone, first, now).unwrap());
        // The right number under another name.
        add(register, ("not-root", ROOT), staff, now);
    });
    let _daemon = house.start_unseen();
    let answers = raw_answers(&Person::of(&house, ROOT));
    let told = String::from_utf8_lossy(&answers);
    assert_eq!(told.matches("you have no role here").count(), 5, "{told}");
    // Without an account, without a role, under another name, removed.
    for uid in [4_242, 65_534, 13, 9] {
        assert!(raw_answers(&Person::of(&house, uid)) == answers, "{uid}");
    }
    let logged = rows_as(&house, TECHNICIAN, Request::LogShow(EventFilter::default()));
    let is_refusal = |row: &Row| matches!(row, Row::Event(event) if event.event == "refused");
    assert!(!logged.is_empty() && !logged.iter().any(is_refusal));
}

#[test]
fn the_group_of_the_socket_lets_in_and_gives_no_role() {
    if !getuid().is_root() {
        say("only root can put a user into a group: that groups give no role was not tried");
        return;
    }
    let house = house_of_only(&[(TECHNICIAN, "technician")]);
    let _daemon = house.start_unseen();
    let outsider = Person::of(&house, NOBODY);
    let member = outsider.clone().in_group(SOCKETS_GROUP);
    let socket = house.socket();
    chown(&socket, None, Some(SOCKETS_GROUP)).unwrap();
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o660)).unwrap();
    let shut_out = outsider.stream().unwrap_err();
    assert_eq!(shut_out.kind(), ErrorKind::PermissionDenied);
    let answers = raw_answers(&member);
    let told = String::from_utf8_lossy(&answers);
    assert_eq!(told.matches("you have no role here").count(), 5, "{told}");
}

const ROOT: u32 = 0;
const TECHNICIAN: u32 = 1;
const NOBODY: u32 = 65_534;
const SOCKETS_GROUP: u32 = 4_243;
