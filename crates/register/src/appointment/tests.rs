//! What may be changed about an operator, by whom, and what is told of it.

use super::*;
use crate::fixture::{House, at};
use crate::operator::NewOperator;

/// A house with the first operator (a technician) and these.
fn house(with: &[(&str, &[Role])]) -> (House, Vec<OperatorId>) {
    let mut house = House::settled();
    let (mut ids, mut uid) = (vec![house.operator], 2_000);
    for (user, roles) in with {
        uid += 1;
        let new = NewOperator {
            user: (*user).to_owned(),
            uid,
            roles: Roles::new(roles, None).unwrap(),
            trained_until: None,
        };
        let by = Some(house.operator);
        ids.push(house.register.add_operator(&new, by, at(1)).unwrap().0);
    }
    house.settle();
    (house, ids)
}

fn managed() -> (House, Vec<OperatorId>) {
    house(&[
        ("dina", &[Role::DailyManager]),
        ("ottar", &[Role::OperationsManager]),
        ("rita", &[Role::Receptionist]),
    ])
}

fn row(house: &House, id: OperatorId) -> OperatorRow {
    let mut all = house.register.operators().unwrap().into_iter();
    all.find(|row| row.id == id).unwrap()
}

fn add(roles: &[Role]) -> RoleChange {
    RoleChange {
        add: roles.to_vec(),
        ..RoleChange::default()
    }
}

fn remove(roles: &[Role]) -> RoleChange {
    RoleChange {
        remove: roles.to_vec(),
        ..RoleChange::default()
    }
}

/// What a change tells of it: the verb and the operator's part of each record, but for the mark of the row.
fn told(change: &Change) -> Vec<(AuditVerb, &str)> {
    let records = change.records.iter();
    let unmarked = |text| str::split(text, " row=").next().unwrap();
    records
        .map(|(_, audit)| (audit.verb, unmarked(audit.operator_text.as_str())))
        .collect()
}

fn error(refused: Result<Change, RegisterError>) -> OperatorError {
    let refused = refused.unwrap_err();
    let RegisterError::Operator(error) = refused else {
        panic!("{refused}")
    };
    error
}

const DAY_S: i64 = 86_400;

#[test]
fn roles_are_given_and_taken_and_the_record_says_all_there_is_then() {
    let (mut house, ids) = managed();
    let [_, dina, _, rita] = ids[..] else {
        panic!()
    };
    let register = &mut house.register;
    let tenant = register.tenant("Kommunen").unwrap();
    let hr = RoleChange {
        add: vec![Role::Hr],
        remove: vec![Role::Receptionist],
        tenant: Some(tenant),
    };
    let change = register.change_roles(rita, &hr, dina, at(5)).unwrap();
    assert!(change.new_operators() && change.allowlist.is_empty());
    assert_eq!(
        told(&change),
        [(
            AuditVerb::OperatorRolesSet,
            "operator=4 uid=2003 roles=hr tenant=1 trained=- delegated=- removed=-"
        )]
    );
    assert_eq!(row(&house, rita).tenants_at(at(6)), [tenant]);
    let register = &mut house.register;
    let without = RoleChange {
        tenant: None,
        ..hr.clone()
    };
    for (wish, says) in [
        (without, OperatorError::Held { role: Role::Hr }),
        (hr, OperatorError::Held { role: Role::Hr }),
        (add(&[]), OperatorError::NoChange),
        (
            remove(&[Role::Auditor]),
            OperatorError::NotHeld {
                role: Role::Auditor,
            },
        ),
    ] {
        let refused = register.change_roles(rita, &wish, dina, at(7));
        assert_eq!(error(refused), says);
    }
    let last = register.change_roles(rita, &remove(&[Role::Hr]), dina, at(7));
    assert_eq!(error(last), OperatorError::NoRole);
}

#[test]
fn nobody_changes_their_own() {
    let (mut house, ids) = managed();
    let dina = ids[1];
    let register = &mut house.register;
    let (role, from, until) = (Role::DailyManager, at(5), at(6));
    for refused in [
        register.change_roles(dina, &add(&[Role::Technician]), dina, at(5)),
        register.record_training(dina, at(9), dina, at(5)),
        register.delegate(dina, (role, from, until), dina, at(5)),
        register.end_delegation(dina, None, dina, at(5)),
        register.remove_operator(dina, dina, at(5)),
    ] {
        assert_eq!(error(refused), OperatorError::Own);
    }
    assert_eq!(house.register.outbox_pending(9).unwrap(), []);
}

#[test]
fn m02_training_is_recorded_until_an_instant_and_expires_with_it() {
    let (mut house, ids) = managed();
    let change = house
        .register
        .record_training(ids[3], at(50), ids[1], at(5));
    let change = change.unwrap();
    assert_eq!(
        told(&change)[0],
        (
            AuditVerb::TrainingRecorded,
            format!(
                "operator=4 uid=2003 roles=receptionist tenant=- trained={} delegated=- removed=-",
                at(50)
            )
            .as_str()
        )
    );
    let rita = row(&house, ids[3]);
    assert!(rita.is_trained_at(at(49)) && !rita.is_trained_at(at(50)));
    assert!(!row(&house, ids[1]).is_trained_at(at(5)));
}

#[test]
fn m31_a_deputy_has_the_role_from_its_first_instant_until_just_before_its_end() {
    let (mut house, ids) = managed();
    let (dina, rita) = (ids[1], ids[3]);
    let given = (Role::DailyManager, at(10), at(20));
    let change = house.register.delegate(rita, given, dina, at(5)).unwrap();
    let words = format!(
        "operator=4 uid=2003 roles=receptionist tenant=- trained=- delegated=daily-manager@{}/{}/2 removed=-",
        at(10),
        at(20)
    );
    assert_eq!(
        told(&change),
        [(AuditVerb::DelegationGiven, words.as_str())]
    );
    let deputy = row(&house, rita);
    let own = [Role::Receptionist].as_slice();
    let both = [Role::DailyManager, Role::Receptionist].as_slice();
    for (second, roles) in [(9, own), (10, both), (19, both), (20, own)] {
        assert_eq!(deputy.roles_at(at(second)), roles, "{second}");
    }
    assert_eq!(deputy.roles.held(), own);
    // It is restated as it then stands: ended by itself.
    house.settle();
    let restated = house.register.restate(at(6), 10, at(21)).unwrap();
    let of_rita = told(&restated).into_iter();
    let of_rita = of_rita.filter(|(_, text)| text.starts_with("operator=4 "));
    assert!(
        of_rita.clone().count() == 1
            && of_rita
                .clone()
                .all(|(_, text)| text.contains("delegated=- "))
    );
}

#[test]
fn m31_a_delegation_has_its_limits() {
    let (mut house, ids) = managed();
    let (dina, ottar, rita) = (ids[1], ids[2], ids[3]);
    let register = &mut house.register;
    let days = |days: i64| at(10 + days * DAY_S);
    let daily = Role::DailyManager;
    let first = (daily, at(10), days(90));
    drop(register.delegate(rita, first, dina, at(5)).unwrap());
    for (refused, says) in [
        ((daily, at(3), at(4)), OperatorError::DelegationEnded),
        ((daily, at(30), at(30)), OperatorError::DelegationEnded),
        (
            (daily, days(91), at(11 + 181 * DAY_S)),
            OperatorError::DelegationTooLong,
        ),
        (
            (daily, days(89), days(91)),
            OperatorError::DelegationOverlaps,
        ),
        (
            (Role::Technician, at(10), at(20)),
            OperatorError::NotTheirs {
                role: Role::Technician,
            },
        ),
    ] {
        let refused = register.delegate(rita, refused, dina, at(5));
        assert_eq!(error(refused), says);
    }
    // What a deputy has is not theirs to hand on.
    let handed_on = register.delegate(ottar, (daily, at(20), at(30)), rita, at(15));
    assert_eq!(error(handed_on), OperatorError::NotTheirs { role: daily });
    for more in 0..7 {
        let next = (daily, days(90 + more), days(91 + more));
        drop(register.delegate(rita, next, dina, at(5)).unwrap());
    }
    let ninth = register.delegate(rita, (daily, days(99), days(100)), dina, at(5));
    assert_eq!(error(ninth), OperatorError::TooManyDelegations);
    let whole = register.restate(at(6), 10, at(7)).unwrap();
    let longest = told(&whole).into_iter().map(|(_, text)| text.len()).max();
    assert!(longest < Some(crate::AUDIT_TEXT_MAX), "{longest:?}");
}

#[test]
fn m31_a_delegation_is_ended_before_its_time_and_with_the_role_it_came_from() {
    let (mut house, ids) = managed();
    let (tekla, dina, ottar, rita) = (ids[0], ids[1], ids[2], ids[3]);
    let register = &mut house.register;
    let given = (Role::Technician, at(10), at(99));
    drop(register.delegate(rita, given, tekla, at(5)).unwrap());
    let another = register.end_delegation(rita, Some(Role::Auditor), dina, at(11));
    assert_eq!(error(another), OperatorError::NoDelegation);
    let ended = register.end_delegation(rita, None, dina, at(11)).unwrap();
    assert_eq!(told(&ended)[0].0, AuditVerb::DelegationEnded);
    drop(register.delegate(rita, given, tekla, at(12)).unwrap());
    let auditor = RoleChange {
        add: vec![Role::Auditor],
        remove: vec![Role::Technician],
        tenant: None,
    };
    let change = register
        .change_roles(tekla, &auditor, ottar, at(13))
        .unwrap();
    let verbs: Vec<AuditVerb> = told(&change).into_iter().map(|(verb, _)| verb).collect();
    assert_eq!(
        verbs,
        [AuditVerb::OperatorRolesSet, AuditVerb::DelegationEnded]
    );
    assert_eq!(row(&house, rita).roles_at(at(14)), [Role::Receptionist]);
}

#[test]
fn m30_a_removed_operator_has_nothing_left_but_row_and_key_and_their_name_is_free() {
    let (mut house, ids) = managed();
    let (dina, ottar, rita) = (ids[1], ids[2], ids[3]);
    let register = &mut house.register;
    let given = (Role::DailyManager, at(5), at(99));
    drop(register.record_training(rita, at(99), dina, at(5)).unwrap());
    drop(register.delegate(rita, given, dina, at(5)).unwrap());
    let change = register.remove_operator(rita, ottar, at(6)).unwrap();
    let words = format!(
        "operator=4 uid=2003 roles= tenant=- trained=- delegated=- removed={}",
        at(6)
    );
    assert_eq!(
        told(&change),
        [(AuditVerb::OperatorRemoved, words.as_str())]
    );
    assert_eq!(register.operator_by(2_003, "rita").unwrap(), None);
    for gone in [
        register.remove_operator(rita, ottar, at(7)),
        register.record_training(rita, at(99), ottar, at(7)),
    ] {
        assert!(matches!(gone, Err(RegisterError::NoSuchOperator)));
    }
    let again = NewOperator {
        user: "rita".into(),
        uid: 2_003,
        roles: Roles::new(&[Role::Auditor], None).unwrap(),
        trained_until: None,
    };
    let (number, _) = register.add_operator(&again, Some(ottar), at(8)).unwrap();
    assert_ne!(number, rita);
    let rita_again = register.operator_by(2_003, "rita").unwrap().unwrap();
    assert_eq!(rita_again.id, number);
    let left = row(&house, rita);
    assert!(left.roles_at(at(9)).is_empty() && left.removed_at == Some(at(6)));
    assert_eq!(house.register.orphaned_keys().unwrap(), []);
}

#[test]
fn the_last_who_could_approve_changes_of_operators_stays() {
    let (mut house, ids) = managed();
    let (tekla, dina, ottar) = (ids[0], ids[1], ids[2]);
    let register = &mut house.register;
    let auditor = RoleChange {
        add: vec![Role::Auditor],
        remove: vec![Role::OperationsManager],
        tenant: None,
    };
    for refused in [
        register.remove_operator(ottar, dina, at(5)),
        register.remove_operator(dina, ottar, at(5)),
        register.change_roles(ottar, &auditor, dina, at(5)),
    ] {
        assert_eq!(error(refused), OperatorError::LastApprover);
    }
    // Both roles in one person are no two persons.
    let both = add(&[Role::DailyManager, Role::OperationsManager]);
    drop(register.change_roles(tekla, &both, dina, at(6)).unwrap());
    drop(register.remove_operator(ottar, tekla, at(7)).unwrap());
    let alone = register.remove_operator(dina, tekla, at(8));
    assert_eq!(error(alone), OperatorError::LastApprover);
    // A house that never had two is not held to it, but keeps what it has.
    let (mut small, ids) = self::house(&[("ottar", &[Role::OperationsManager])]);
    let last = small.register.remove_operator(ids[1], ids[0], at(5));
    assert_eq!(error(last), OperatorError::LastApprover);
}
