//! Every request × every role, over the real socket by real users: what no role may do is not done (M1, M3, M5).

#[path = "../../src/mock_up/golden.rs"]
mod golden;
mod peopled;

use std::collections::BTreeSet;

use access::role::Role;
use control::reply::event::EventRow;
use control::{Class, Code, Private, Refusal, Reply, frame};
use serde_json::{Value, json};

use super::house::House;
use super::people::name_of;
pub(crate) use golden::{golden, named};
use peopled::{
    NEW, NOBODY, PEOPLE, RITA, envelope, first_answer, logged, refusal, refusals, stream_of,
};
pub(crate) use peopled::{peopled, registered};

/// The routine's table, a row of marks for the roles in [`PEOPLE`]'s order, and the requests that it speaks of. Written by
/// hand from the house's routine, not from the code: `+` may, `o` may if another approves, `-` may not.
const ROUTINE: &[(&str, &str)] = &[
    (
        "++++---",
        "card-issue card-activate card-arrived card-notify card-pin/set card-last-read card-trace stock/add stock/remove card-life/vouch charge/export",
    ),
    (
        "++++---",
        "card-import-begin card-import-rows card-import-end",
    ),
    (
        "+++++--",
        "card-block card-unblock card-lost card-found card-return card-life/change card-life/undo card-pin/clear stock/block stock/unblock stock/found right/revoke person/leave",
    ),
    ("++++---", "right/grant house/area-forgive-card"),
    ("++-+-+-", "approval/approve"),
    ("++++++-", "approval/show approval/refuse"),
    ("++++++-", "card-show card-find card-life/form tenant-list"),
    (
        "+++++++",
        "hello status log-show log-follow review/list review/show review/report why house/why-event card-list right/list stock/list charge/list approval/list",
    ),
    (
        "+++++++",
        "door-list reader-list reader-show line-list operator/list schedule/list schedule/show holiday/list retention-show log-status log-checkpoint witness-list witness-push house/area-list house/area-muster house/lock-down",
    ),
    ("++----+", "integrity/reconcile"),
    (
        "-+-----",
        "card-hold card-hold-end retention-set review/open review/decide review/decide-many review/sign review/recertify",
    ),
    (
        "++-+---",
        "tenant-add tenant-contact tenant/add tenant/responsible tenant/rule tenant/contact-leave tenant/leavers-begin tenant/leavers-rows tenant/leavers-end schedule/set schedule/remove holiday/set holiday/remove",
    ),
    ("+++++--", "door-open"),
    (
        "++-+---",
        "house/order-mode house/end-mode house/set-hours house/release house/confirm-clock house/area-forgive",
    ),
    (
        "---+---",
        "backup/create backup/list backup/shreds house/test-open reader-set-key reader-rotate-key reader-pair reader-accept-swap reader-comset reader-firmware-begin reader-firmware-part reader-firmware-end reader-firmware-cancel reader-identify",
    ),
    (
        "oo-----",
        "operator/add operator/role operator/training operator/delegate operator/end-delegation operator/remove person/leave-operator",
    ),
];

fn marks(name: &str) -> &'static str {
    let row = ROUTINE
        .iter()
        .find(|(_, names)| names.split(' ').any(|known| known == name));
    row.unwrap_or_else(|| panic!("the routine does not say who may {name}"))
        .0
}

/// Whether a refusal is one of the role table's.
fn is_of_role(refusal: &Refusal) -> bool {
    let says = refusal.message.as_str();
    refusal.code == Code::Refused
        && (says.contains(" is not for the role ") || says.contains(" is for the roles "))
}

/// Requests about operators are about one who is there.
fn about_somebody(mut request: Value) -> Value {
    if request.get("user").is_some() {
        let user = match named(&request).as_str() {
            "operator/add" => NEW,
            _ => RITA,
        };
        request["user"] = name_of(user).into();
    }
    if named(&request) == "operator/add" {
        request["roles"] = json!(["receptionist"]);
        request.as_object_mut().unwrap().remove("tenant");
    }
    if named(&request) == "operator/role" {
        request["remove"] = json!(["auditor"]);
    }
    request
}

/// Each is refused to whom the table refuses it, logged under its name, and changes nothing.
fn nobody_does_what_is_not_theirs(house: &House, all: &[Value]) {
    let before = registered(house);
    let mut expected = refusals(house);
    for request in all {
        let name = named(request);
        for ((uid, role), mark) in PEOPLE.iter().zip(marks(&name).chars()) {
            if mark != '-' {
                continue;
            }
            let refused = refusal(house, *uid, &envelope(request));
            let refused = refused.unwrap_or_else(|| panic!("{role} is not refused {name}"));
            assert!(is_of_role(&refused), "{role} {name}: {refused}");
            expected.push((name_of(*uid), verb_of(&name, &refused)));
        }
    }
    assert_eq!(registered(house), before);
    assert_eq!(refusals(house), expected);
}

/// The name that a refusal has for what was asked.
fn verb_of(name: &str, refused: &Refusal) -> String {
    let verb = refused.message.split(' ').next().unwrap();
    let noun = name.split(['-', '/']).next().unwrap();
    let noun = match noun {
        "stock" => "card",
        "integrity" => "log",
        "house" => "",
        noun => noun,
    };
    assert!(verb.starts_with(noun), "{name} is called {verb}");
    verb.to_owned()
}

/// What takes another's approval waits, and changes nothing but what waits.
fn what_takes_another_waits(house: &House, all: &[Value]) {
    let without_waiting = || {
        let rows = registered(house).into_iter();
        rows.filter(|row| !row.starts_with("{\"approval\":"))
            .collect::<Vec<_>>()
    };
    let before = without_waiting();
    let mut waiting = BTreeSet::new();
    for request in all {
        let name = named(request);
        for ((uid, role), mark) in PEOPLE.iter().zip(marks(&name).chars()) {
            if mark != 'o' {
                continue;
            }
            match first_answer(house, *uid, &envelope(&about_somebody(request.clone()))) {
                Some(Reply::Pending(_)) => {
                    waiting.insert(name.clone());
                }
                Some(Reply::Refused(refusal)) => {
                    assert!(!is_of_role(&refusal), "{role} {name}: {refusal}");
                }
                other => panic!("{role} {name}: {other:?}"),
            }
        }
    }
    assert!(waiting.len() >= 5, "only {waiting:?} wait");
    assert_eq!(without_waiting(), before);
}

/// What only the words of a request tell: another contact person is issuing, and a case is for those who read by person.
fn goes_further(request: &Value, role: Role) -> bool {
    let issues = role == Role::ReceptionStaff && request.get("contact").is_some();
    issues || request.get("case").is_some()
}

/// What the table allows is refused for no role.
fn everybody_does_what_is_theirs(house: &House, all: &[Value]) {
    for request in all {
        let name = named(request);
        for ((uid, role), mark) in PEOPLE.iter().zip(marks(&name).chars()) {
            if mark == '+'
                && let Some(refused) = refusal(house, *uid, &envelope(request))
                && !goes_further(request, *role)
            {
                assert!(!is_of_role(&refused), "{role} {name}: {refused}");
            }
        }
    }
}

#[test]
fn m01_m03_m05_every_request_is_for_the_roles_of_the_routine_and_no_other() {
    let (house, daemon) = peopled();
    let all = golden();
    let names: BTreeSet<String> = all.iter().map(named).collect();
    for name in ROUTINE.iter().flat_map(|(_, names)| names.split(' ')) {
        assert!(names.contains(name), "no golden request is {name}");
    }
    nobody_does_what_is_not_theirs(&house, &all);
    what_takes_another_waits(&house, &all);
    everybody_does_what_is_theirs(&house, &all);
    assert!(daemon.stop().status.success());
}

#[test]
fn whoever_has_no_role_hears_the_same_octets_whatever_they_ask_and_the_log_nothing() {
    let (house, _daemon) = peopled();
    // What the reader says while this goes on is its own.
    let is_told = |event: &EventRow| event.reader.is_none() && event.class != Class::System;
    let told = |house: &House| logged(house).iter().filter(|it| is_told(it)).count();
    let before = told(&house);
    let mut heard = BTreeSet::new();
    for request in golden() {
        let mut stream = stream_of(&house, NOBODY);
        let mut asked = envelope(&request);
        for doubt in [false, true] {
            if doubt {
                asked["doubt"] = json!("is it hers?");
            }
            frame::write(&mut stream, &asked).unwrap();
            let answer: Value = frame::read(&mut stream).unwrap().unwrap();
            heard.insert(answer.to_string());
        }
    }
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(
        told(&house),
        before + 1,
        "but for the first look at the log"
    );
}

#[test]
fn m04_five_roles_may_ask_for_a_change_in_doubt_and_two_may_not() {
    let (house, _daemon) = peopled();
    let why = Private::new("is it hers at all?");
    let before = registered(&house);
    let asked = json!({"verb":"card-block","issuance":"P-3F7K2Q","reason":"odd"});
    for (uid, role) in PEOPLE {
        let envelope = json!({"id":2,"doubt":why,"request":asked});
        let refused = refusal(&house, uid, &envelope).unwrap();
        let may = !matches!(role, Role::Hr | Role::Auditor);
        assert_eq!(is_of_role(&refused), !may, "{role}: {refused}");
        assert_eq!(refused.code == Code::NotFound, may, "{role}: {refused}");
    }
    assert_eq!(registered(&house), before);
}
