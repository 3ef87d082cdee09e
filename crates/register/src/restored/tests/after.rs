//! What ended after the backup.

use super::*;

#[test]
fn m19_what_was_returned_lost_or_changed_after_the_backup_opens_nothing() {
    let mut house = House::settled();
    let by = house.operator;
    let [returned, lost, narrower, rebound, same] =
        [1, 2, 3, 4, 5].map(|card| house.active_supplier("Kari", card));
    house.settle();
    let backup = Backup::of(&house);
    let end = Amendment {
        until: Some(crate::NewEnd::At(at(1_800))),
        ..Amendment::default()
    };
    let card = Amendment {
        plastic: Some(house.shown(99)),
        ..Amendment::default()
    };
    let mobile = Amendment {
        mobile: Some(text("90000000")),
        ..Amendment::default()
    };
    let register = &mut house.register;
    drop(register.return_card(returned, true, by, at(20)).unwrap());
    drop(register.lose(lost, FEE, by, at(20)).unwrap());
    for (id, wish) in [(narrower, &end), (rebound, &card), (same, &mobile)] {
        let amended = register.amend(id, (wish, Reach::Beyond), by, at(20));
        drop(amended.unwrap());
    }
    house.settle();
    drop(house.register.finish_return(returned, at(21)).unwrap());
    let later = house.active_supplier("Per", 6);
    let (dir, keys, mut register, begun) = backup.begun(Some(&standings(&house)));
    assert_eq!(
        (begun.gone, begun.lost, begun.blocked, begun.cards),
        (1, 1, 2, 4)
    );
    assert!(matches!(
        register.find(returned),
        Err(RegisterError::Forgotten)
    ));
    assert!(matches!(
        register.find(later),
        Err(RegisterError::NoSuchIssuance)
    ));
    let stand: Vec<_> = (1..=6)
        .map(|card| standing(&register, &house, card))
        .collect();
    let (blocked, active) = (Some(Standing::Blocked), Some(Standing::Active));
    assert_eq!(
        stand,
        [None, Some(Standing::Lost), blocked, blocked, active, None]
    );
    assert!(keys.find(Owner::Issuance(returned.get())).is_none());
    assert!(
        !holds(dir.path(), house.tag(1).as_bytes().as_slice()),
        "in no page of before"
    );
    assert!(holds(dir.path(), house.tag(5).as_bytes().as_slice()));
    assert_is_the_fold_of_what_is_said(&mut register, at(101));
}

#[test]
fn without_a_word_of_who_was_still_there_visitors_wait_and_employees_go_on() {
    let mut house = House::settled();
    house.active_supplier("Kari", 1);
    house.active_employee("Per", 2);
    house.settle();
    let (_dir, _, mut register, begun) = Backup::of(&house).begun(None);
    assert_eq!((begun.gone, begun.blocked, begun.cards), (0, 1, 2));
    assert_eq!(standing(&register, &house, 1), Some(Standing::Blocked));
    assert_eq!(standing(&register, &house, 2), Some(Standing::Active));
    assert_is_the_fold_of_what_is_said(&mut register, at(101));
}

#[test]
fn m30_who_left_after_the_backup_has_no_role_and_who_had_fewer_has_no_more() {
    let mut house = House::settled();
    let by = house.operator;
    let new = |user: &str, uid| NewOperator {
        user: user.into(),
        uid,
        roles: Roles::new(&[Role::Receptionist, Role::Technician], None).unwrap(),
        trained_until: Some(at(9_000)),
    };
    let register = &mut house.register;
    let (rita, _) = register
        .add_operator(&new("rita", 1002), Some(by), at(1))
        .unwrap();
    let (per, _) = register
        .add_operator(&new("per", 1003), Some(by), at(1))
        .unwrap();
    house.settle();
    let backup = Backup::of(&house);
    drop(
        house
            .register
            .operator_left((rita, &[]), by, at(20))
            .unwrap(),
    );
    let fewer = crate::RoleChange {
        remove: vec![Role::Technician],
        ..Default::default()
    };
    drop(
        house
            .register
            .change_roles(per, &fewer, by, at(20))
            .unwrap(),
    );
    let door = house.doors[2];
    drop(house.register.lock_down(&[door], by, at(20)).unwrap());
    house.settle();
    let (_dir, _, mut register, begun) = backup.begun(Some(&standings(&house)));
    assert_eq!(begun.operators, 2);
    assert_eq!(register.operator_by(1002, "rita").unwrap(), None);
    let per = register.operator_by(1003, "per").unwrap().unwrap();
    assert_eq!(
        (per.roles.held(), per.trained_until),
        ([Role::Receptionist].as_slice(), None)
    );
    let tekla = register.operator_by(1001, "tekla").unwrap().unwrap();
    assert_eq!(tekla.roles.held(), [Role::Technician]);
    assert_eq!(register.locked_down().unwrap(), [door]);
    assert_is_the_fold_of_what_is_said(&mut register, at(101));
}
