//! Changes that wait: what is kept, what is destroyed, and what happens together.

use access::Standing;

use super::*;
use crate::NewOperator;
use crate::fixture::{House, at, text};

/// A house with somebody who asks, a card, and what they ask for.
fn asking() -> (House, OperatorId, IssuanceId) {
    let mut house = House::settled();
    let second = NewOperator {
        user: "rita".into(),
        uid: 1002,
        roles: crate::Roles::new(&[access::role::Role::ReceptionStaff], None).unwrap(),
        trained_until: None,
    };
    let by = Some(house.operator);
    let (rita, _) = house.register.add_operator(&second, by, at(1)).unwrap();
    let id = house.active_supplier("Kari Nordmann", 7);
    house.settle();
    (house, rita, id)
}

fn wish(issuance: Option<IssuanceId>) -> NewWaiting {
    NewWaiting {
        act: Act::DoubtfulChange,
        verb: "card-block",
        issuance,
        request: Zeroizing::new(b"{\"name\":\"Kari Nordmann\"}".to_vec()),
        doubt: Some(text("she looks unwell")),
    }
}

fn day(number: u32) -> UtcMicros {
    at(10).saturating_add(Duration::from_secs(86_400) * number)
}

#[test]
fn m04_what_waits_changes_nothing_and_is_told_without_a_name() {
    let (mut house, rita, id) = asking();
    let kept = house.register.keep_change(&wish(Some(id)), rita, at(10));
    let (number, change) = kept.unwrap();
    assert_eq!(number.to_string(), "A-1");
    assert!(change.allowlist.is_empty());
    let (_, told) = &change.records[0];
    assert_eq!(told.verb, AuditVerb::ChangePending);
    let words = "approval=A-1 verb=card-block act=doubtful-change until=2026-11-29T12:00:10.000000Z \
                 asked-by=2 asked=2026-11-22T12:00:10.000000Z key=3.1 sealed=";
    let mark = told.operator_text.strip_prefix(words);
    assert_eq!(mark.unwrap().len(), 16, "{}", told.operator_text);
    assert!(told.holder_text.ends_with("doubt=she looks unwell"));
    assert_eq!(house.standing(7), Some(Standing::Active));
    let waiting = house.register.waiting_changes(at(11)).unwrap();
    assert_eq!((waiting[0].id, waiting[0].requester), (number, rita));
    let asked = house.register.waiting_request(&waiting[0]).unwrap();
    assert_eq!(asked.as_slice(), b"{\"name\":\"Kari Nordmann\"}");
}

#[test]
fn m04_approval_and_change_are_one_transaction_and_both_persons_are_told() {
    let (mut house, rita, id) = asking();
    let (number, _) = house
        .register
        .keep_change(&wish(Some(id)), rita, at(10))
        .unwrap();
    house.settle();
    let slot = house.register.waiting_change(number, at(11)).unwrap().slot;
    let approved = Approved {
        change: number,
        by: house.operator,
    };
    assert_eq!(house.register.carry_out(Some(approved)), None);
    let reason = text("lost");
    let change = house.register.block(id, &reason, rita, at(12)).unwrap();
    let told: Vec<_> = change
        .records
        .iter()
        .map(|(_, told)| (told.verb, told.operator))
        .collect();
    assert_eq!(
        told,
        [
            (AuditVerb::ChangeApproved, house.operator),
            (AuditVerb::CardBlocked, rita)
        ]
    );
    assert_eq!(
        change.records[0].1.operator_text,
        format!("approval=A-1 verb=card-block asked-by={rita}")
    );
    assert_eq!(house.register.carry_out(None), None, "it is carried out");
    assert_eq!(house.register.waiting_changes(at(12)).unwrap(), []);
    assert!(house.keys.key(slot.index).is_err(), "its key is destroyed");
    assert_eq!(house.standing(7), Some(Standing::Blocked));
}

#[test]
fn what_is_approved_and_fails_goes_on_waiting() {
    let (mut house, rita, id) = asking();
    let (number, _) = house
        .register
        .keep_change(&wish(Some(id)), rita, at(10))
        .unwrap();
    let (by, reason) = (house.operator, text("lost"));
    drop(house.register.block(id, &reason, by, at(11)).unwrap());
    house.settle();
    let approved = Approved { change: number, by };
    house.register.carry_out(Some(approved));
    let refused = house.register.block(id, &reason, rita, at(12));
    assert!(matches!(
        refused.unwrap_err(),
        RegisterError::AlreadyBlocked
    ));
    assert_eq!(house.register.carry_out(None), Some(approved));
    assert_eq!(house.register.outbox_pending(9).unwrap(), []);
    assert!(house.register.waiting_change(number, at(12)).is_ok());
}

#[test]
fn nobody_approves_their_own_and_no_approval_carries_another_persons_change() {
    let (mut house, rita, id) = asking();
    let (number, _) = house
        .register
        .keep_change(&wish(Some(id)), rita, at(10))
        .unwrap();
    let reason = text("lost");
    for (by, asks, wrong) in [
        (rita, rita, ApprovalError::Own),
        (
            house.operator,
            house.operator,
            ApprovalError::OtherRequester,
        ),
    ] {
        let approved = Approved { change: number, by };
        house.register.carry_out(Some(approved));
        let refused = house.register.block(id, &reason, asks, at(12)).unwrap_err();
        assert!(matches!(refused, RegisterError::Approval(found) if found == wrong));
    }
    house.register.carry_out(None);
    assert_eq!(house.standing(7), Some(Standing::Active));
}

#[test]
fn m04_nothing_is_approved_after_seven_days_and_the_round_says_so() {
    let (mut house, rita, id) = asking();
    let (number, _) = house
        .register
        .keep_change(&wish(Some(id)), rita, day(0))
        .unwrap();
    house.settle();
    let none = house.register.expire_changes(day(6)).unwrap();
    assert_eq!(none.records, []);
    let slot = house.register.waiting_change(number, day(6)).unwrap().slot;
    let approved = Approved {
        change: number,
        by: house.operator,
    };
    house.register.carry_out(Some(approved));
    let refused = house
        .register
        .block(id, &text("lost"), rita, day(7))
        .unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Approval(ApprovalError::Expired)
    ));
    house.register.carry_out(None);
    assert!(house.register.waiting_change(number, day(7)).is_err());
    assert_eq!(house.register.waiting_changes(day(7)).unwrap(), []);
    let expired = house.register.expire_changes(day(7)).unwrap();
    let (_, told) = &expired.records[0];
    assert_eq!((told.verb, told.operator), (AuditVerb::ChangeExpired, rita));
    assert!(house.keys.key(slot.index).is_err());
}

#[test]
fn a_reason_is_kept_only_where_a_holders_key_keeps_it() {
    let (mut house, rita, id) = asking();
    for (about, of_holder) in [(Some(id), true), (None, false)] {
        let (number, _) = house
            .register
            .keep_change(&wish(about), rita, at(10))
            .unwrap();
        let why = text("Kari Nordmann is well known");
        let by = house.operator;
        let refused = house.register.refuse_change(number, &why, by, at(11));
        let refused = refused.unwrap();
        let (_, told) = &refused.records[0];
        assert_eq!(told.verb, AuditVerb::ChangeRefused);
        assert!(!told.operator_text.contains("Kari"));
        assert!(told.operator_text.ends_with("withdrawn=0"));
        assert_eq!(told.holder_text.contains("reason=Kari"), of_holder);
        assert!(house.register.waiting_change(number, at(11)).is_err());
    }
}

#[test]
fn so_many_wait_and_so_long_a_request_and_no_more() {
    let (mut house, rita, _) = asking();
    let long = NewWaiting {
        request: Zeroizing::new(vec![b'x'; WAITING_LEN_MAX + 1]),
        ..wish(None)
    };
    assert!(house.register.keep_change(&long, rita, at(10)).is_err());
    for _ in 0..WAITING_MAX {
        drop(
            house
                .register
                .keep_change(&wish(None), rita, at(10))
                .unwrap(),
        );
    }
    let living = house.keys.live().len();
    let refused = house.register.keep_change(&wish(None), rita, at(10));
    assert!(matches!(
        refused.unwrap_err(),
        RegisterError::Approval(ApprovalError::TooMany { max: WAITING_MAX })
    ));
    assert_eq!(house.keys.live().len(), living);
}

#[test]
fn a_key_whose_row_is_gone_is_reclaimed_and_one_that_is_needed_is_not() {
    let (mut house, rita, _) = asking();
    let (number, _) = house
        .register
        .keep_change(&wish(None), rita, at(10))
        .unwrap();
    assert_eq!(house.register.orphaned_keys().unwrap(), []);
    house
        .register
        .connection
        .execute("DELETE FROM waiting_change WHERE id = ?1", [number.0])
        .unwrap();
    let orphans = house.register.orphaned_keys().unwrap();
    assert_eq!(house.register.destroy_orphaned_keys(&orphans).unwrap(), 1);
}

#[test]
fn a_rehearsal_keeps_nothing_and_refuses_nothing() {
    let (mut house, rita, _) = asking();
    let living = house.keys.live().len();
    let rehearsed = house
        .register
        .rehearse(|register| register.keep_change(&wish(None), rita, at(10)));
    drop(rehearsed.unwrap());
    assert_eq!(house.keys.live().len(), living);
    let (number, _) = house
        .register
        .keep_change(&wish(None), rita, at(10))
        .unwrap();
    let by = house.operator;
    let refused = house
        .register
        .rehearse(|register| register.refuse_change(number, &text("no"), by, at(11)));
    drop(refused.unwrap());
    let waiting = house.register.waiting_change(number, at(11)).unwrap();
    assert!(house.register.waiting_request(&waiting).is_ok());
}
