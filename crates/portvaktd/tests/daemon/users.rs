//! Real users of the system, each asking over the real socket as itself, role by role.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::Duration;

use access::role::{Act, Permission, Role, permission};
use control::{Client, Code, Request};
use rustix::process::{Gid, Uid, geteuid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

use super::day::{events, events_at};
use super::house::{House, text};
use super::offline::{add, offline};

/// Does something as another user: the kernel vouches for it, as for a process of theirs.
fn as_user<T: Send>(uid: u32, work: impl FnOnce() -> T + Send) -> T {
    let them = || {
        let (user, group) = (Uid::from_raw(uid), Gid::from_raw(NO_GROUP));
        set_thread_groups(&[]).unwrap();
        set_thread_res_gid(group, group, group).unwrap();
        // Of this thread only; nothing of it comes back.
        set_thread_res_uid(user, user, user).unwrap();
        work()
    };
    thread::scope(|scope| scope.spawn(them).join().unwrap())
}

/// Whether the test may become other users; says so if it may not.
fn is_root() -> bool {
    let is_root = geteuid().is_root();
    if !is_root {
        eprintln!("not root: only the user who runs the test asks, no other real users");
    }
    is_root
}

/// Lets every user of the system reach the socket; whether they may ask is the daemon's to say.
fn let_in(house: &House) {
    let socket = house.socket();
    let run = socket.parent().unwrap();
    for (path, mode) in [
        (run.parent().unwrap(), 0o711),
        (run, 0o711),
        (&socket, 0o666),
    ] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

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

/// What the role table says, asked by whoever is at the socket; with how many refusals.
fn ask_all(socket: &Path, role: Role) -> usize {
    let (mut client, hello) = Client::connect(socket).unwrap();
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
    let house = House::with_roles("technician");
    let others: [(&str, Role); 6] = [
        ("daemon", Role::DailyManager),
        ("bin", Role::OperationsManager),
        ("sys", Role::Receptionist),
        ("games", Role::ReceptionStaff),
        ("man", Role::Hr),
        ("lp", Role::Auditor),
    ];
    let uids = [1, 2, 3, 5, 6, 7];
    offline(&house, |register, now| {
        let first = register.operators().unwrap()[0].id;
        let name = register::Text::new("tenant", "Kommunen").unwrap();
        let (tenant, _) = register.add_tenant(&name, first, now).unwrap();
        let later = now.saturating_add(Duration::from_secs(3_600));
        for ((user, role), uid) in others.into_iter().zip(uids) {
            let tenant = (role == Role::Hr).then_some(tenant);
            let id = add(register, (user, uid), (&[role], tenant), now);
            drop(register.record_training(id, later, first, now).unwrap());
        }
    });
    let _daemon = house.start();
    let socket = house.socket();
    let mut refusals = ask_all(&socket, Role::Technician);
    if is_root() {
        let_in(&house);
        for ((_, role), uid) in others.into_iter().zip(uids) {
            refusals += as_user(uid, || ask_all(&socket, role));
        }
    }
    let logged = events(&house);
    let logged = logged.iter().filter(|name| *name == "refused").count();
    // Waiting for an approval may be one besides.
    assert!(logged >= refusals && refusals > 0, "{logged} {refusals}");
}

/// The octets of the answers to what a client without a role may try.
fn raw_answers(socket: &Path) -> Vec<u8> {
    let mut stream = UnixStream::connect(socket).unwrap();
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
    let house = House::without_data();
    let made = house.init(&["daemon:technician"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let root = is_root();
    let me = rustix::process::getuid().as_raw();
    offline(&house, |register, now| {
        if root {
            let staff = (&[Role::ReceptionStaff][..], None);
            add(register, ("somebody-else", 13), staff, now);
            let gone = add(register, ("news", 9), staff, now);
            let first = register.operators().unwrap()[0].id;
            drop(register.remove_operator(gone, first, now).unwrap());
        }
        // The right number under another name, for whoever runs the test.
        let staff = (&[Role::ReceptionStaff][..], None);
        add(register, ("not-who-runs-this", me), staff, now);
    });
    let _daemon = house.start_unseen();
    let socket = house.socket();
    let answers = raw_answers(&socket);
    let told = String::from_utf8_lossy(&answers);
    assert_eq!(told.matches("you have no role here").count(), 5, "{told}");
    if root {
        let_in(&house);
        // Without an account, without a role, under another name, removed.
        for uid in [4_242, 65_534, 13, 9] {
            let theirs = as_user(uid, || raw_answers(&socket));
            assert!(theirs == answers, "{uid}");
        }
        let logged = as_user(1, || events_at(&socket));
        assert!(!logged.contains(&"refused".to_owned()));
    }
}

/// A group that no file of the test belongs to.
const NO_GROUP: u32 = 65_534;
