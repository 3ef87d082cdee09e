//! A tenant's cards between issue and approval.

use access::Standing;

use super::*;
use crate::fixture::{House, at, text};
use crate::import::fixture::{Sheet, terms};
use crate::{ByNumber, ImportTerms, NewOperator, Shown};

/// A house whose tenant's personnel office approves, and who sits there.
fn governed() -> (House, OperatorId) {
    let mut house = House::settled();
    let hanne = NewOperator {
        user: "hanne".into(),
        uid: 1002,
        roles: crate::Roles::new(&[access::role::Role::Auditor], None).unwrap(),
        trained_until: None,
    };
    let by = house.operator;
    let (hanne, _) = house
        .register
        .add_operator(&hanne, Some(by), at(1))
        .unwrap();
    let tenant = house.contact.tenant;
    let set = house.register.set_cards_by_hr(tenant, true, by, at(1));
    let (_, told) = &set.unwrap().records[0];
    assert_eq!(told.operator_text, "tenant=1 cards-by-hr=1");
    house.settle();
    (house, hanne)
}

fn import(house: &mut House, people: &[(&str, u64)]) {
    let sheet = Sheet::new(people);
    let plan = house
        .register
        .import_plan(sheet.rows(house), terms(), at(2))
        .unwrap();
    let by = house.operator;
    let done = house.register.import(&plan, by, at(2), &mut |_| {});
    assert!(done.is_ok());
    house.settle();
}

#[test]
fn m16_an_issued_employee_card_is_not_made_live_before_its_tenant_approved_it() {
    let (mut house, hanne) = governed();
    let by = house.operator;
    let (id, issued) = house
        .register
        .issue(&house.employee("Kari"), by, at(2))
        .unwrap();
    assert!(issued.records[0].1.holder_text.contains(" waits=hr"));
    drop(house.register.arrived(id, by, at(2)).unwrap());
    drop(house.register.notify(id, by, at(2)).unwrap());
    let shown = house.shown(7);
    let refused = house.register.activate(id, &shown, by, at(3)).unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Approval(ApprovalError::AwaitsTenant)
    ));
    let awaiting = house.register.awaiting_cards().unwrap();
    assert_eq!(awaiting[0].which, CardsAwaiting::Card(id));
    assert_eq!((awaiting[0].asked_by, awaiting[0].cards), (by, 1));
    let refused = house
        .register
        .approve_card(id, (by, None), at(3))
        .unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Approval(ApprovalError::Own)
    ));
    let approved = house
        .register
        .approve_card(id, (hanne, None), at(3))
        .unwrap();
    let (_, told) = &approved.records[0];
    assert_eq!((told.verb, told.operator), (AuditVerb::CardApproved, hanne));
    assert!(!told.holder_text.contains("waits="));
    assert!(!told.operator_text.contains("Kari"));
    drop(house.register.activate(id, &shown, by, at(4)).unwrap());
    assert_eq!(house.standing(7), Some(Standing::Active));
    assert_eq!(house.register.awaiting_cards().unwrap(), []);
}

#[test]
fn m16_imported_cards_arrive_pending_and_one_word_approves_the_batch() {
    let (mut house, hanne) = governed();
    import(&mut house, &[("Kari", 1), ("Per", 2)]);
    import(&mut house, &[("Ola", 3)]);
    assert_eq!(house.standing(1), Some(Standing::Pending));
    let awaiting = house.register.awaiting_cards().unwrap();
    let named: Vec<_> = awaiting.iter().map(|row| (row.which, row.cards)).collect();
    assert_eq!(
        named,
        [(CardsAwaiting::Batch(1), 2), (CardsAwaiting::Batch(2), 1)]
    );
    let by = house.operator;
    assert!(house.register.approve_batch(1, (by, None), at(3)).is_err());
    let (count, change) = house
        .register
        .approve_batch(1, (hanne, None), at(3))
        .unwrap();
    assert_eq!((count, change.records.len()), (2, 0));
    assert_eq!(house.register.outbox_pending(9).unwrap().len(), 2);
    assert_eq!(house.standing(1), Some(Standing::Active));
    assert_eq!(house.standing(3), Some(Standing::Pending));
    assert!(
        house
            .register
            .approve_batch(1, (hanne, None), at(4))
            .is_err()
    );
    assert!(
        house
            .register
            .approve_batch(0, (hanne, None), at(4))
            .is_err()
    );
}

#[test]
fn m16_visitors_and_other_tenants_do_not_wait() {
    let (mut house, _) = governed();
    house.active_supplier("Kari", 1);
    assert_eq!(house.standing(1), Some(Standing::Active));
    let contact = house.contact_elsewhere("Staten");
    let new = crate::NewIssuance {
        contact,
        ..house.employee("Per")
    };
    drop(house.register.issue(&new, house.operator, at(2)).unwrap());
    assert_eq!(house.register.awaiting_cards().unwrap(), []);
}

#[test]
fn m16_a_card_that_is_taken_back_waits_no_more_and_leaves_no_holder() {
    let (mut house, hanne) = governed();
    import(&mut house, &[("Kari Nordmann", 1), ("Per", 2)]);
    let ids = house.register.cards_of_batch(1, None, 9).unwrap();
    let returned = house.register.return_card(ids[0], false, hanne, at(3));
    drop(returned.unwrap());
    let left = house.register.cards_of_batch(1, None, 9).unwrap();
    assert_eq!(left, ids[1..]);
    house.settle();
    drop(house.register.finish_return(ids[0], at(4)).unwrap());
    let which = CardsAwaiting::Card(ids[0]);
    assert!(house.register.awaiting(which).is_err());
    let one = house
        .register
        .awaiting(CardsAwaiting::Card(ids[1]))
        .unwrap();
    assert_eq!((one.cards, one.tenant_name.as_str()), (1, "Kommunen"));
}

#[test]
fn m16_no_import_moves_a_live_card_past_another_tenants_personnel_office() {
    let (mut house, _) = governed();
    let id = house.active_supplier("visitor", 9);
    let by = house.operator;
    let tenant = house.contact.tenant;
    drop(
        house
            .register
            .set_cards_by_hr(tenant, false, by, at(2))
            .unwrap(),
    );
    house.settle();
    import(&mut house, &[("Kari", 1)]);
    assert_eq!(house.standing(1), Some(Standing::Active));
    let elsewhere = house.contact_elsewhere("Staten");
    let set = house
        .register
        .set_cards_by_hr(elsewhere.tenant, true, by, at(2));
    drop(set.unwrap());
    house.settle();
    let sheet = Sheet::new(&[("Kari", 1)])
        .with_tenant(0, "Staten")
        .with_contact(0, "Eva Kontakt");
    let plan = house
        .register
        .import_plan(sheet.rows(&house), terms(), at(3))
        .unwrap();
    let done = house.register.import(&plan, by, at(3), &mut |_| {});
    assert!(done.is_ok());
    assert_eq!(house.standing(1), Some(Standing::Pending));
    assert!(house.register.find(id).is_ok_and(|row| !row.awaits_hr));
}

#[test]
fn by_number_or_in_person_makes_no_difference_to_a_card_that_waits() {
    let (mut house, _) = governed();
    let by = house.operator;
    let (id, _) = house
        .register
        .issue(&house.employee("Kari"), by, at(2))
        .unwrap();
    drop(house.register.arrived(id, by, at(2)).unwrap());
    drop(house.register.notify(id, by, at(2)).unwrap());
    let typed = crate::Activation {
        shown: Shown::ByNumber(ByNumber::VisitorsToo),
        ..house.shown(7)
    };
    assert!(house.register.activate(id, &typed, by, at(3)).is_err());
    assert_eq!(house.standing(7), None);
    let said = text("lost");
    drop(house.register.block(id, &said, by, at(3)).unwrap());
}

#[test]
fn the_rule_is_said_anew_before_its_record_leaves() {
    let (mut house, _) = governed();
    let change = house.register.restate(at(9), 9, at(10)).unwrap();
    let told = change.records.iter().map(|(_, told)| &told.operator_text);
    let told: Vec<&String> = told.filter(|told| told.starts_with("tenant=")).collect();
    assert!(
        told.contains(&&"tenant=1 responsible=1 cards-by-hr=1 name=Kommunen".to_owned()),
        "{told:?}"
    );
}

#[test]
fn m18_an_imported_employee_card_is_charged_once_it_is_live_and_never_twice() {
    let fee = Some(Fee {
        ore: 15_000,
        year: 2026,
    });
    let charges = |house: &House| {
        let counted = "SELECT count(*) FROM charge WHERE kind = 'employee-card'";
        let read = house
            .register
            .connection
            .query_row(counted, [], |row| row.get(0));
        read.unwrap_or(0_u32)
    };
    let taken = |house: &mut House, sheet: &Sheet| {
        let terms = ImportTerms { fee, ..terms() };
        let plan = house.register.import_plan(sheet.rows(house), terms, at(2));
        let (plan, by) = (plan.unwrap(), house.operator);
        let done = house.register.import(&plan, by, at(2), &mut |_| {});
        assert!(done.is_ok());
        house.settle();
    };
    let sheet = Sheet::new(&[("Kari", 1), ("Per", 2)]).with_kind(1, "supplier");
    let mut free = House::settled();
    taken(&mut free, &sheet);
    assert_eq!(charges(&free), 1, "a visitor's is free");
    taken(&mut free, &sheet.with_doors(0, &["store"]));
    assert_eq!(charges(&free), 1, "the same card again is no new one");

    let (mut house, hanne) = governed();
    taken(&mut house, &Sheet::new(&[("Kari", 1), ("Per", 2)]));
    assert_eq!(charges(&house), 0, "nobody approved them yet");
    let (_, change) = house
        .register
        .approve_batch(1, (hanne, fee), at(3))
        .unwrap();
    assert_eq!((charges(&house), change.records.len()), (2, 0));
    let pending = house.register.outbox_pending(9).unwrap();
    let told = pending
        .iter()
        .filter(|(_, it)| it.verb == AuditVerb::ChargeMade);
    let told: Vec<&str> = told.map(|(_, it)| it.operator_text.as_str()).collect();
    assert_eq!(told.len(), 2);
    assert!(
        told[0].contains("charge=employee-card ore=15000"),
        "{told:?}"
    );
}
