//! Roles, training, deputies and the tenant of an hr role, as whoever asks at the socket meets them.

use std::thread::sleep;
use std::time::Duration;

use access::role::Role;
use access::{IssuanceId, Place, UtcMicros};
use control::request::approval::ApprovalRequest;
use control::request::life::LifeRequest;
use control::request::operator::OperatorRequest;
use control::{Client, Code, Moment, Private, Reply, Request, Row};
use register::{
    ContactPerson, HolderFields, Kind, NewIssuance, PlaceRight, Register, TenantId, Text as Typed,
};

use super::day::events;
use super::house::{House, text, user};
use super::offline::{add, now, offline};
use super::people::{ask_as, client_of, house_of, name_of};

/// The exit code of what is asked, and its line.
fn outcome(client: &mut Client, request: Request) -> (u8, String) {
    match client.ask(request, false) {
        Ok(_) => (0, String::new()),
        Err(refused) => (u8::from(refused.code()), refused.to_string()),
    }
}

fn issuance() -> IssuanceId {
    "P-3F7K2Q".parse().unwrap()
}

/// Issuing: allowed, it finds no such issuance.
fn issuing() -> Request {
    Request::CardArrived {
        issuance: issuance(),
    }
}

fn rotate_key() -> Request {
    serde_json::from_str(r#"{"verb":"reader-rotate-key","reader":"attic"}"#).unwrap()
}

fn soon(milliseconds: u64) -> UtcMicros {
    now().saturating_add(Duration::from_millis(milliseconds))
}

#[test]
fn m31_a_delegated_role_begins_and_ends_in_the_middle_of_a_session() {
    let house = House::with_roles("auditor");
    let (from, until) = (soon(3_000), soon(7_000));
    offline(&house, |register, now| {
        let me = register.operators().unwrap()[0].id;
        let technician = (&[Role::Technician][..], None);
        let other = add(register, ("tekla", 77_001), technician, now);
        let given = (Role::Technician, from, until);
        drop(register.delegate(me, given, other, now).unwrap());
    });
    let _daemon = house.start();
    let (mut client, hello) = Client::connect(&house.socket()).unwrap();
    assert_eq!(hello.roles, ["auditor"]);
    let list = Request::Operator(OperatorRequest::List {});
    client.send(list, false).unwrap();
    let Reply::Part {
        row: Row::Operator(me),
    } = client.receive().unwrap()
    else {
        panic!("no row")
    };
    let given = &me.delegations[0];
    assert_eq!(
        (me.operator, given.by.as_str(), given.role),
        (user(), "tekla", Role::Technician)
    );
    assert_eq!(given.until, Moment::from(until));
    while !client.receive().unwrap().is_last() {}
    let mut seen: Vec<(u8, UtcMicros, UtcMicros)> = Vec::new();
    while seen.last().is_none_or(|last| last.1 < until) {
        let asked = now();
        let (code, _) = outcome(&mut client, rotate_key());
        seen.push((code, asked, now()));
        sleep(Duration::from_millis(50));
    }
    assert!(seen.iter().any(|(code, ..)| *code == 4));
    for (code, asked, answered) in seen {
        if answered < from || asked >= until {
            assert_eq!(code, 3, "outside the two instants");
        } else if asked >= from && answered < until {
            assert_eq!(code, 4, "between them there is only no such reader");
        }
    }
    assert!(events(&house).contains(&"delegation-given".to_owned()));
}

#[test]
fn m02_nobody_issues_once_their_training_has_expired() {
    let house = House::without_data();
    let made = house.init(&[
        &format!("{}:receptionist", user()),
        "nobody:operations-manager",
    ]);
    assert!(made.status.success());
    let said = text(&made.stderr);
    assert!(
        said.contains("is trained in issuing and tracing until "),
        "{said}"
    );
    let until = soon(3_000);
    offline(&house, |register, now| {
        let all = register.operators().unwrap();
        let year = now.years_later(1);
        assert!(
            all.iter()
                .all(|one| one.is_trained_at(now) && !one.is_trained_at(year))
        );
        let (me, other) = (all[0].id, all[1].id);
        drop(register.record_training(me, until, other, now).unwrap());
    });
    let daemon = house.start();
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let asked = outcome(&mut client, issuing());
    assert!(asked.0 == 4 || now() >= until, "{asked:?}");
    while now() < until {
        sleep(Duration::from_millis(20));
    }
    let (code, why) = outcome(&mut client, issuing());
    let expected = format!(
        "your training record ended {until}; a daily manager or operations manager records a new one with portvakt operator training {} --until DATE",
        user()
    );
    assert_eq!((code, why), (3, expected));
    let block = r#"{"verb":"card-block","issuance":"P-3F7K2Q","reason":"lost"}"#;
    let block: Request = serde_json::from_str(block).unwrap();
    assert_eq!(outcome(&mut client, block).0, 4, "that takes no training");
    let there = events(&house);
    assert!(there.contains(&"refused".to_owned()));
    assert!(there.contains(&"training-recorded".to_owned()));
    assert!(daemon.stop().status.success());
}

#[test]
fn a_change_of_operators_waits_for_another_person_and_for_nobody_who_may_not_ask() {
    let house = House::with_roles("technician");
    let _daemon = house.start();
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let add = Request::Operator(OperatorRequest::Add {
        user: "nobody".to_owned(),
        roles: vec![Role::DailyManager],
        tenant: None,
    });
    let (code, why) = outcome(&mut client, add);
    assert_eq!(code, 3);
    assert_eq!(why, "operator-add is not for the role technician");
}

#[test]
fn init_says_who_is_missing_and_knows_no_hr_without_a_tenant() {
    let house = House::without_data();
    let refused = house.init(&[&format!("{}:hr,auditor", user())]);
    assert_eq!(refused.status.code(), Some(78));
    assert!(text(&refused.stderr).contains("hr is bound to a tenant, and there is none yet"));
    let both = format!("{}:daily-manager,operations-manager", user());
    let alone = text(&house.init(&[&both]).stderr);
    assert!(
        alone.contains("nobody can approve a change of operators"),
        "{alone}"
    );
    let house = House::without_data();
    let two = house.init(&[
        &format!("{}:daily-manager", user()),
        "nobody:operations-manager",
    ]);
    let two = text(&two.stderr);
    assert!(
        !two.contains("nobody can approve a change of operators"),
        "{two}"
    );
}

/// A tenant with a contact person and an employee who ordered a card.
fn tenant_with_employee(
    register: &mut Register,
    (tenant, holder): (&str, &str),
    now: UtcMicros,
) -> (TenantId, IssuanceId) {
    let typed = |typed: &str| Typed::new("test", typed).unwrap();
    let by = register.operators().unwrap()[0].id;
    let (_, door) = register.reconcile_doors(&["front"]).unwrap().remove(0);
    let (id, _) = register.add_tenant(&typed(tenant), by, now).unwrap();
    let person = ContactPerson {
        name: typed(&format!("Kontakt {tenant}")),
        mobile: typed("90000001"),
    };
    drop(register.add_contact(id, &person, by, now).unwrap());
    let new = NewIssuance {
        kind: Kind::Employee { until: None },
        holder: HolderFields {
            name: typed(holder),
            firm: typed(tenant),
            mobile: typed("90000002"),
            identified_by: typed("passport"),
        },
        contact: register
            .active_contact(tenant, person.name.expose())
            .unwrap(),
        rights: vec![PlaceRight {
            place: Place::Door(door),
            valid: None,
            schedule: None,
        }],
        reason: typed("employee"),
        instead_of: None,
        valid_from: now,
        signed_at: now,
        return_duty_told: false,
        unsure: false,
        replaces: None,
    };
    (id, register.issue(&new, by, now).unwrap().0)
}

#[test]
fn hr_sees_the_holders_of_its_own_tenant_and_of_others_not_even_that_they_are_there() {
    let house = House::without_data();
    assert!(house.init(&["nobody:technician"]).status.success());
    let (own, others) = offline(&house, |register, now| {
        let ours = tenant_with_employee(register, ("Kommunen", "Kari Eksempel"), now);
        let theirs = tenant_with_employee(register, ("Staten", "Kari Prøve"), now);
        let me = rustix::process::getuid().as_raw();
        let hr = (&[Role::Hr][..], Some(ours.0));
        add(register, (&user(), me), hr, now);
        (ours.1, theirs.1)
    });
    let _daemon = house.start();
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let show = |issuance| Request::CardShow { issuance };
    let Reply::Card(card) = client.ask(show(own), false).unwrap() else {
        panic!("no card")
    };
    assert_eq!(card.name, Some(Private::new("Kari Eksempel")));
    let unheard_of = (0..).filter_map(IssuanceId::new);
    let mut unheard_of = unheard_of.filter(|id| *id != own && *id != others);
    let nobody = outcome(&mut client, show(unheard_of.next().unwrap()));
    assert_eq!(outcome(&mut client, show(others)), nobody);
    assert_eq!(nobody.0, u8::from(Code::NotFound));
    let form = LifeRequest::Form { issuance: others };
    assert_eq!(outcome(&mut client, Request::CardLife(form)), nobody);
    let mut rows = |request| {
        client.send(request, false).unwrap();
        let mut rows = Vec::new();
        while let Reply::Part { row } = client.receive().unwrap() {
            rows.push(row);
        }
        rows
    };
    let found = rows(Request::CardFind {
        name: Private::new("Kari"),
    });
    let [Row::Card(found)] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(found.issuance, own);
    let tenants = rows(Request::TenantList {});
    let [Row::Tenant(tenant)] = tenants.as_slice() else {
        panic!("{tenants:?}")
    };
    assert_eq!(tenant.tenant, "Kommunen");
}

const DINA: u32 = 1;
const OTTAR: u32 = 2;
const RITA: u32 = 3;

/// What somebody asks for about an operator, and another approves.
fn with_two(house: &House, (asks, approves): (u32, u32), wish: OperatorRequest) {
    let waiting = ask_as(house, asks, Request::Operator(wish)).unwrap();
    let Reply::Pending(pending) = waiting else {
        panic!("it does not wait: {waiting:?}")
    };
    let approve = |approval| Request::Approval(ApprovalRequest::Approve { approval });
    let own = ask_as(house, asks, approve(pending.approval)).unwrap_err();
    assert_eq!(own.0, 3, "nobody approves their own");
    let done = ask_as(house, approves, approve(pending.approval));
    assert!(matches!(done, Ok(Reply::Approved(_))), "{done:?}");
}

/// The last of two managers stays, and nobody changes their own.
fn refuse_what_no_manager_may(house: &House) {
    let last = OperatorRequest::Remove {
        user: name_of(DINA),
    };
    let refused = ask_as(house, OTTAR, Request::Operator(last)).unwrap_err();
    assert!(refused.1.contains("give another person the role first"));
    let own = OperatorRequest::Role {
        user: name_of(DINA),
        add: vec![Role::Auditor],
        remove: Vec::new(),
        tenant: None,
    };
    let own = ask_as(house, DINA, Request::Operator(own)).unwrap_err();
    assert!(own.1.contains("nobody changes their own"), "{own:?}");
}

#[test]
fn operators_come_change_and_go_by_two_managers_and_a_session_ends_with_the_last_role() {
    let house = house_of(&[(DINA, "daily-manager"), (OTTAR, "operations-manager")]);
    let _daemon = house.start();
    let rita = name_of(RITA);
    let add = OperatorRequest::Add {
        user: rita.clone(),
        roles: vec![Role::Receptionist],
        tenant: None,
    };
    with_two(&house, (DINA, OTTAR), add);
    let mut session = client_of(&house, RITA);
    let (code, why) = outcome(&mut session, issuing());
    assert_eq!(code, 3);
    assert!(
        why.starts_with("there is no training record of you; "),
        "{why}"
    );
    let training = OperatorRequest::Training {
        user: rita.clone(),
        until: Moment::from(soon(3_600_000)),
    };
    with_two(&house, (OTTAR, DINA), training);
    assert_eq!(outcome(&mut session, issuing()).0, 4, "trained now");
    let deputy = OperatorRequest::Delegate {
        user: rita.clone(),
        role: Role::DailyManager,
        from: None,
        until: Moment::from(soon(3_600_000)),
    };
    with_two(&house, (DINA, OTTAR), deputy);
    let holiday = r#"{"verb":"holiday","act":"remove","day":"12-25"}"#;
    let manages = || serde_json::from_str::<Request>(holiday).unwrap();
    assert_eq!(outcome(&mut session, manages()).0, 4, "a deputy manages");
    refuse_what_no_manager_may(&house);
    with_two(
        &house,
        (OTTAR, DINA),
        OperatorRequest::Remove { user: rita },
    );
    let nobody = outcome(&mut session, issuing());
    assert_eq!(
        nobody,
        (
            3,
            "you have no role here; ask the operations manager".to_owned()
        )
    );
    let there = events(&house);
    for name in ["operator-added", "delegation-given", "operator-removed"] {
        assert!(there.contains(&name.to_owned()), "{name}");
    }
}
