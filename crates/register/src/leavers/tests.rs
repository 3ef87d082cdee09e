//! Whom a list of leavers means, and what becomes of them.

use access::{IssuanceId, Standing};

use super::*;
use crate::fixture::{House, at, text};
use crate::holder::ContactPerson;
use crate::{Change, HolderFields, NewIssuance, RegisterError};

/// A supplier with a live card.
fn supplier(house: &mut House, name: &str, mobile: &str, card: u64) -> IssuanceId {
    let by = house.operator;
    let new = NewIssuance {
        holder: HolderFields {
            mobile: text(mobile),
            ..House::holder(name)
        },
        ..house.supplier(name)
    };
    let (id, _) = house.register.issue(&new, by, at(1)).unwrap();
    let shown = house.shown(card);
    drop(house.register.activate(id, &shown, by, at(2)).unwrap());
    id
}

fn row(line: u64, name: &str) -> Leaver<'_> {
    Leaver {
        line,
        name,
        mobile: None,
        firm: None,
        ends: None,
    }
}

fn plan(house: &House, rows: &[Leaver<'_>]) -> LeaversPlan {
    let rows = rows.iter().cloned();
    house
        .register
        .leavers_plan("Kommunen", rows, &mut |_| {})
        .unwrap()
}

fn meant(house: &House, rows: &[Leaver<'_>]) -> Vec<Meant> {
    let plan = plan(house, rows);
    plan.found().iter().map(|row| row.meant.clone()).collect()
}

fn one(issuances: &[IssuanceId]) -> Meant {
    Meant::One {
        issuances: issuances.to_vec(),
        contact: None,
    }
}

fn carried_out(
    house: &mut House,
    rows: &[Leaver<'_>],
    now: i64,
) -> Result<(LeaversDone, Change), RegisterError> {
    let plan = plan(house, rows);
    let by = house.operator;
    house.register.leavers(&plan, by, at(now), &mut |_| {})
}

#[test]
fn m25_a_row_means_everything_one_person_holds_and_nobody_elses() {
    let mut house = House::settled();
    let first = supplier(&mut house, "Kari Nordmann", "912 34 567", 1);
    let second = supplier(&mut house, "KARI NORDMANN", "91234567", 2);
    let mut both = [first, second];
    both.sort();
    supplier(&mut house, "Kari Nordmann Berg", "912 34 567", 3);
    let elsewhere = house.contact_elsewhere("Staten");
    let new = NewIssuance {
        contact: elsewhere,
        ..house.supplier("Siv Vik")
    };
    let by = house.operator;
    drop(house.register.issue(&new, by, at(1)).unwrap());
    let found = meant(&house, &[row(2, " kari nordmann "), row(3, "Siv Vik")]);
    assert_eq!(found, [one(&both), Meant::Nobody]);
}

#[test]
fn m25_namesakes_are_told_apart_by_mobile_and_firm_or_not_at_all() {
    let mut house = House::settled();
    let first = supplier(&mut house, "Per Li", "+47 900 00 001", 1);
    supplier(&mut house, "Per Li", "+47 900 00 002", 2);
    let by_mobile = |line, mobile| Leaver {
        mobile: Some(mobile),
        ..row(line, "Per Li")
    };
    let by_firm = |line, firm| Leaver {
        firm: Some(firm),
        ..row(line, "Per Li")
    };
    let found = meant(
        &house,
        &[
            row(2, "Per Li"),
            by_mobile(3, "004790000001"),
            by_mobile(4, "90000001"),
            by_firm(5, "rør og varme as"),
            by_firm(6, "Another AS"),
        ],
    );
    let several = || Meant::Several;
    assert_eq!(
        found,
        [
            several(),
            one(&[first]),
            Meant::Nobody,
            several(),
            Meant::Nobody
        ]
    );
}

#[test]
fn m25_a_contact_person_of_another_mobile_is_not_the_holder_of_the_same_name() {
    let mut house = House::settled();
    let same = supplier(&mut house, "Ola Kontakt", "9000 0001", 1);
    let contact = Some(house.contact.contact);
    let issuances = vec![same];
    assert_eq!(
        meant(&house, &[row(2, "Ola Kontakt")]),
        [Meant::One { issuances, contact }]
    );
    supplier(&mut house, "Ola Kontakt", "90000002", 2);
    assert_eq!(meant(&house, &[row(2, "Ola Kontakt")]), [Meant::Several]);
    let by = house.operator;
    let person = ContactPerson {
        name: text("Eva"),
        mobile: text("3"),
    };
    for _ in 0..2 {
        let tenant = house.contact.tenant;
        drop(house.register.add_contact(tenant, &person, by, at(1)));
    }
    assert_eq!(meant(&house, &[row(2, "Eva")]), [Meant::Several]);
}

#[test]
fn m25_what_cannot_be_taken_is_told_by_line_and_column_and_nothing_is_done() {
    let mut house = House::settled();
    supplier(&mut house, "Kari", "1", 1);
    let long = "x".repeat(300);
    let rows = [
        row(2, " "),
        Leaver {
            mobile: Some(&long),
            ..row(3, "Per")
        },
        row(4, "Kari"),
        Leaver {
            mobile: Some("1"),
            ..row(5, "kari")
        },
    ];
    let found = plan(&house, &rows);
    let (count, problems) = found.problems();
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        (count, said.as_slice()),
        (
            3,
            [
                "line 2, name: must not be empty",
                "line 3, mobile: 300 octets, at most 256",
                "line 5, name: line 4 means the same person",
            ]
            .map(str::to_owned)
            .as_slice()
        )
    );
    let refused = carried_out(&mut house, &rows, 3).unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::ImportProblems { count: 3 }
    ));
    assert_eq!(house.standing(1), Some(Standing::Active));
}

#[test]
fn m25_more_rows_of_one_name_than_a_house_has_namesakes_are_refused() {
    let house = House::settled();
    let rows: Vec<Leaver<'_>> = (0..70).map(|line| row(line, "Kari")).collect();
    let plan = plan(&house, &rows);
    assert_eq!((plan.problems().0, plan.found().len()), (6, 0));
}

#[test]
fn m25_those_who_were_found_end_with_their_last_day_and_the_others_stay() {
    let mut house = House::settled();
    let kari = supplier(&mut house, "Kari", "1", 1);
    let per = supplier(&mut house, "Per", "2", 2);
    let siv = supplier(&mut house, "Siv", "3", 3);
    house.settle();
    let rows = [
        row(2, "Kari"),
        Leaver {
            ends: Some(at(60)),
            ..row(3, "Per")
        },
        row(4, "Nobody Here"),
    ];
    let (done, change) = carried_out(&mut house, &rows, 5).unwrap();
    assert_eq!(done.left_alone, None);
    let ends = |id| house.register.find(id).unwrap().valid.until();
    assert_eq!(
        [kari, per, siv].map(ends),
        [Some(at(5)), Some(at(60)), Some(at(3_600))]
    );
    let last = &change.records.last().unwrap().1;
    assert_eq!(last.operator_text, "tenant=1 rows=3 cards=2 contacts=0");
    assert_eq!((change.allowlist.len(), change.records.len()), (2, 3));
}

#[test]
fn m25_a_contact_person_on_the_list_leaves_now_or_when_the_last_day_is_over() {
    let mut house = House::settled();
    let by = house.operator;
    supplier(&mut house, "Kari", "1", 1);
    let later = Leaver {
        ends: Some(at(60)),
        ..row(2, "Ola Kontakt")
    };
    drop(carried_out(&mut house, &[later], 5).unwrap());
    let due = |house: &House, now| house.register.contacts_to_leave(9, at(now)).unwrap();
    assert_eq!(due(&house, 59), []);
    assert_eq!(due(&house, 60), [(house.contact.contact, by)]);
    assert_eq!(house.standing(1), Some(Standing::Active));
    let (done, _) = carried_out(&mut house, &[row(2, "Ola Kontakt")], 10).unwrap();
    assert_eq!(done.left_alone.as_deref(), Some("Kommunen"));
    assert_eq!(house.standing(1), Some(Standing::Blocked));
    assert_eq!(due(&house, 60), []);
}

#[test]
fn a_list_is_carried_out_only_as_long_as_the_register_is_as_it_was() {
    let mut house = House::settled();
    supplier(&mut house, "Kari", "1", 1);
    let by = house.operator;
    let stale = plan(&house, &[row(2, "Kari")]);
    supplier(&mut house, "Kari", "2", 2);
    let refused = house.register.leavers(&stale, by, at(5), &mut |_| {});
    assert!(matches!(refused.unwrap_err(), RegisterError::PlanStale));
}
