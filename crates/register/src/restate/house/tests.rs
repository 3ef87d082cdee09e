//! Tests: what is no person's is said anew once, and how.

use access::schedule::{SpecialDay, SpecialKind};
use access::{DoorMode, ModeBySchedule, ModeOrder};

use super::*;
use crate::NewPin;
use crate::fixture::{House, at, text};

/// One of everything, said by a second operator.
fn furnished() -> (House, OperatorId) {
    let mut house = House::settled();
    let second = crate::NewOperator {
        user: "per".into(),
        uid: 1002,
        roles: crate::Roles::new(&[access::role::Role::Technician], None).unwrap(),
        trained_until: None,
    };
    let (by, _) = house
        .register
        .add_operator(&second, Some(house.operator), at(1))
        .unwrap();
    let (doors, schedule) = (house.doors.clone(), house.schedule("office"));
    let register = &mut house.register;
    let (tenant, _) = register.add_tenant(&text("Staten"), by, at(1)).unwrap();
    let left = house.contact.contact;
    drop(register.contact_left(left, by, at(1)).unwrap());
    let day = SpecialDay {
        when: "12-25".parse().unwrap(),
        kind: SpecialKind::new(1).unwrap(),
    };
    drop(register.set_special_day(day, by, at(1)).unwrap());
    let hours = ModeBySchedule {
        schedule,
        mode: DoorMode::Unlocked,
        after_first_card: true,
    };
    drop(
        register
            .set_door_hours(&doors[..1], &[hours; 2], by, at(1))
            .unwrap(),
    );
    for (door, until) in [(1, None), (2, Some(at(2)))] {
        let order = ModeOrder {
            mode: DoorMode::Locked,
            until,
        };
        drop(
            register
                .order_mode(&doors[door..=door], order, by, at(1))
                .unwrap(),
        );
    }
    drop(register.lock_down(&doors[2..], by, at(1)).unwrap());
    assert_eq!(tenant, crate::TenantId(2));
    house.settle();
    (house, by)
}

/// What is said anew of the house, apart from operators.
fn said(house: &mut House, before: i64, limit: u32, now: i64) -> Vec<(OperatorId, String)> {
    let change = house.register.restate(at(before), limit, at(now)).unwrap();
    assert!(!change.new_hours && change.allowlist.is_empty());
    let of_house = change.records.into_iter().map(|(_, audit)| audit);
    of_house
        .filter(|audit| audit.holder.is_none() && !audit.operator_text.contains("roles="))
        .inspect(|audit| assert_eq!(audit.verb, AuditVerb::RegisterRestated))
        .map(|audit| (audit.operator, audit.operator_text))
        .collect()
}

#[test]
fn what_is_no_persons_is_said_anew_once_in_the_name_of_who_said_it_last() {
    let (mut house, by) = furnished();
    let first = house.operator;
    let all = said(&mut house, 3, 10, 9);
    let unmarked = |said| str::split(said, " sealed=").next().unwrap();
    let words = all.iter().map(|(by, said)| (*by, unmarked(said.as_str())));
    let words: Vec<(OperatorId, &str)> = words.collect();
    assert_eq!(
        words,
        [
            (by, "tenant=1 responsible=- name=Kommunen"),
            (by, "tenant=2 responsible=- name=Staten"),
            (by, "tenant=1 contact=1 active=0 leaves=-"),
            (
                first,
                "schedule=1 name=office zone=Europe/Oslo windows=mon-fri 08:00-16:00"
            ),
            (by, "day=12-25 kind=holiday"),
            (by, "door=1 hours=1:unlocked+,1:unlocked+"),
            (by, "door=2 mode=locked until=-"),
            (by, "doors=3 locked-down=1"),
        ]
    );
    assert_eq!(said(&mut house, 3, 10, 10), []);
    assert_eq!(said(&mut house, 10, 10, 11).len(), all.len());
}

#[test]
fn a_page_at_a_time_comes_to_an_end() {
    let (mut house, _) = furnished();
    let page = |house: &mut House| said(house, 3, 1, 9).len();
    let pages = [page(&mut house), page(&mut house), page(&mut house)];
    assert_eq!(pages, [7, 1, 0], "there are two tenants");
}

#[test]
fn what_was_said_again_meanwhile_is_not_due() {
    let (mut house, by) = furnished();
    let doors = house.doors.clone();
    drop(house.register.lock_down(&doors[2..], by, at(4)).unwrap());
    house.settle();
    let all = said(&mut house, 1, 10, 9);
    assert_eq!(all, [], "the tenant's contact left since");
    let all = said(&mut house, 4, 10, 9);
    assert!(!all.iter().any(|(_, said)| said.contains("locked-down")));
}

#[test]
fn a_pin_is_told_to_be_there_and_no_more() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari", 7);
    let pin = NewPin {
        digits: access::PinDigits::chosen("159268").unwrap(),
        duress: None,
    };
    let by = house.operator;
    let (number, _) = house.register.set_pin(id, &pin, by, at(3)).unwrap();
    house.settle();
    let change = house.register.restate(at(4), 10, at(5)).unwrap();
    let told = change.records.iter().find(|(_, it)| it.holder.is_some());
    let told = &told.unwrap().1;
    assert!(told.holder_text.contains(" pin=1 duress=0 "));
    let told = told.holder_text.clone() + &told.operator_text;
    assert!(!told.contains("159268") && !told.contains(&number.to_string()));
}
