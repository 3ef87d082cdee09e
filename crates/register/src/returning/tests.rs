//! A return, from the last reading to the last trace.

use rusqlite::types::ValueRef;

use super::*;
use crate::fixture::{House, at, number};

/// Everything stored in any table, as one text.
fn stored(house: &House) -> String {
    let connection = &house.register.connection;
    let mut tables = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .unwrap();
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut all = String::new();
    for table in tables {
        let mut rows = connection
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                match row.get_ref(column).unwrap() {
                    ValueRef::Null => {}
                    ValueRef::Integer(value) => all += &format!("{table}={value} "),
                    ValueRef::Real(value) => all += &format!("{value} "),
                    ValueRef::Text(text) => all += std::str::from_utf8(text).unwrap(),
                    ValueRef::Blob(blob) => all += &format!("{blob:02x?} "),
                }
            }
        }
    }
    all
}

#[test]
fn m19_after_the_return_nothing_opens_and_no_row_links() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari Nordmann", 7);
    let slot = house.register.entry(id).unwrap().unwrap().holder.slot;
    let sealed: Vec<u8> = house
        .register
        .connection
        .query_row(
            "SELECT holder FROM issuance WHERE id = ?1",
            [id.get()],
            |row| row.get(0),
        )
        .unwrap();
    let change = house
        .register
        .return_card(id, true, house.operator, at(5))
        .unwrap();
    assert_eq!(change.allowlist, [access::Change::Remove(house.tag(7))]);
    assert!(house.register.allowlist().unwrap().is_empty());
    assert_eq!(house.register.find_by_tag(&house.tag(7)).unwrap(), None);
    let early = house.register.finish_return(id, at(6)).unwrap_err();
    assert!(matches!(early, RegisterError::RecordsPending { count: 3 }));
    house.settle();
    assert_eq!(house.register.unfinished_returns(at(9)).unwrap(), [id]);
    let done = house.register.finish_return(id, at(6)).unwrap();
    let record = &done.records[0].1;
    assert_eq!(
        (record.verb, record.operator, record.holder),
        (AuditVerb::ShredDone, house.operator, None)
    );
    assert!(house.keys.key(slot.get()).is_err());
    assert_eq!(house.register.unfinished_returns(at(9)).unwrap(), []);
    assert!(matches!(
        house.register.show(id).unwrap_err(),
        RegisterError::Forgotten
    ));
    house.settle();
    let stored = stored(&house);
    assert!(!stored.contains(&format!("{:02x?}", house.tag(7).as_bytes())));
    assert_eq!(
        stored.matches(&format!("={} ", id.get())).count(),
        stored.matches(&format!("tombstone={} ", id.get())).count()
    );
    let path = house.path();
    drop(house.register);
    let octets = std::fs::read(path).unwrap();
    assert!(!octets.windows(28).any(|window| window == &sealed[..28]));
}

#[test]
fn m19_the_return_is_finished_after_a_crash_anywhere_and_only_once() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari", 7);
    drop(
        house
            .register
            .return_card(id, true, house.operator, at(5))
            .unwrap(),
    );
    let mut house = house.restart();
    assert_eq!(house.register.outbox_pending(9).unwrap().len(), 3);
    house.settle();
    // As if the crash came between the key and the row.
    house
        .keys
        .destroy(Issuance::load(&house.register.connection, id).unwrap().slot)
        .unwrap();
    let mut house = house.restart();
    assert_eq!(house.register.unfinished_returns(at(9)).unwrap(), [id]);
    assert!(house.register.show(id).is_err());
    assert_eq!(
        house
            .register
            .finish_return(id, at(6))
            .unwrap()
            .records
            .len(),
        1
    );
    assert_eq!(
        house
            .register
            .finish_return(id, at(7))
            .unwrap()
            .records
            .len(),
        0
    );
    assert_eq!(house.restart().register.outbox_pending(9).unwrap().len(), 1);
}

#[test]
fn a_slot_given_to_somebody_else_meanwhile_is_not_touched() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari", 7);
    drop(
        house
            .register
            .return_card(id, true, house.operator, at(5))
            .unwrap(),
    );
    house.settle();
    // A crash between the key and the row; then a new owner in the same place.
    let slot = Issuance::load(&house.register.connection, id).unwrap().slot;
    house.keys.destroy(slot).unwrap();
    let next = house.active_supplier("Per", 8);
    assert_eq!(
        Issuance::load(&house.register.connection, next)
            .unwrap()
            .slot
            .index,
        slot.index
    );
    assert!(matches!(
        house.register.show(id).unwrap_err(),
        RegisterError::Keys(_)
    ));
    drop(house.register.finish_return(id, at(6)).unwrap());
    assert_eq!(
        house.register.show(next).unwrap().holder,
        Some(House::holder("Per"))
    );
}

#[test]
fn what_was_not_returned_is_not_forgotten_and_a_return_comes_once() {
    let mut house = House::settled();
    let by = house.operator;
    let id = house.active_supplier("Kari", 7);
    house.settle();
    assert!(matches!(
        house.register.finish_return(id, at(3)).unwrap_err(),
        RegisterError::NotReturned
    ));
    drop(house.register.return_card(id, true, by, at(4)).unwrap());
    assert!(matches!(
        house.register.return_card(id, true, by, at(5)).unwrap_err(),
        RegisterError::Transition(_)
    ));
    house.settle();
    drop(house.register.finish_return(id, at(6)).unwrap());
    assert!(matches!(
        house.register.return_card(id, true, by, at(7)).unwrap_err(),
        RegisterError::Forgotten
    ));
}

#[test]
fn m32_a_card_given_out_again_inherits_nothing() {
    let mut house = House::settled();
    let first = house.active_supplier("Kari", 7);
    let slot = Issuance::load(&house.register.connection, first)
        .unwrap()
        .slot;
    drop(
        house
            .register
            .return_card(first, true, house.operator, at(4))
            .unwrap(),
    );
    house.settle();
    drop(house.register.finish_return(first, at(5)).unwrap());
    let second = house.active_supplier("Per", 7);
    assert_ne!(first, second);
    assert_ne!(
        Issuance::load(&house.register.connection, second)
            .unwrap()
            .slot,
        slot
    );
    let shown = house.register.show(second).unwrap();
    assert_eq!(
        (shown.holder, shown.number),
        (Some(House::holder("Per")), Some(number(7)))
    );
}

#[test]
fn what_was_issued_by_mistake_is_withdrawn_without_a_paper_form() {
    let mut house = House::settled();
    let by = house.operator;
    let new = house.supplier("Kari");
    let (id, _) = house.register.issue(&new, by, at(1)).unwrap();
    let change = house.register.withdraw(id, by, at(2)).unwrap();
    let told = &change.records[0].1;
    assert_eq!(told.verb, AuditVerb::CardReturned);
    assert!(told.operator_text.ends_with(" withdrawn=1"));
    house.settle();
    drop(house.register.finish_return(id, at(3)).unwrap());
    let gone = house.register.find(id).unwrap_err();
    assert!(matches!(gone, RegisterError::Forgotten));
    let live = house.active_supplier("Per", 7);
    let refused = house.register.withdraw(live, by, at(4)).unwrap_err();
    assert!(refused.to_string().contains("cannot be withdrawn"));
}
