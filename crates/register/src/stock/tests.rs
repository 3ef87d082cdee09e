//! Stories of the house's own cards.

use access::{Reason, Standing};

use super::*;
use crate::Fee;
use crate::fixture::{House, at, number};

const FEE: Fee = Fee {
    ore: 40_000,
    year: 2026,
};

fn stocked(house: &mut House, card: u64) -> StockId {
    let (tag, by) = (house.tag(card), house.operator);
    let added = house.register.add_stock((&number(card), tag), by, at(1));
    let (id, change) = added.unwrap();
    assert!(change.new_hours);
    id
}

fn row(house: &House, id: StockId) -> StockRow {
    let rows = house.register.stock().unwrap();
    *rows.iter().find(|row| row.id == id).unwrap()
}

/// What the doors say of a card.
fn said(house: &House, card: u64) -> Result<Standing, Reason> {
    let (list, tag) = (house.register.allowlist().unwrap(), house.tag(card));
    let found = list.find(&tag).map(|card| card.standing);
    found.ok_or_else(|| list.unheld(&tag))
}

fn forget(house: &mut House, id: IssuanceId) {
    let by = house.operator;
    drop(house.register.return_card(id, true, by, at(8)).unwrap());
    house.settle();
    drop(house.register.finish_return(id, at(9)).unwrap());
}

#[test]
fn m32_the_houses_card_outlives_its_holder_and_keeps_nothing_of_them() {
    let mut house = House::settled();
    let id = stocked(&mut house, 7);
    assert_eq!(said(&house, 7), Err(Reason::Returned));
    let first = house.active_supplier("Kari Nordmann", 7);
    assert_eq!(row(&house, id).lent_to, Some(first));
    assert_eq!(house.register.find(first).unwrap().stock, Some(id));
    let visitor = house.active_supplier("Per", 8);
    for holder in [first, visitor] {
        forget(&mut house, holder);
    }
    assert_eq!(said(&house, 7), Err(Reason::Returned));
    assert_eq!(said(&house, 8), Err(Reason::UnknownCard), "their own card");
    assert_eq!(row(&house, id).lent_to, None);
    let second = house.active_supplier("Siv", 7);
    assert_ne!(first, second);
    assert_eq!(said(&house, 7), Ok(Standing::Active));
    assert_eq!(house.register.stock_number(id).unwrap(), number(7));
}

#[test]
fn m34_a_blocked_card_opens_for_nobody_who_holds_it_and_is_given_to_nobody() {
    let mut house = House::settled();
    let (id, by) = (stocked(&mut house, 7), house.operator);
    let holder = house.active_supplier("Kari", 7);
    let change = house.register.block_stock(id, by, at(3)).unwrap();
    assert!(
        matches!(&change.allowlist[..], [access::Change::Put(entry)] if entry.standing == Standing::Blocked)
    );
    assert_eq!(said(&house, 7), Ok(Standing::Blocked));
    let found = house.register.find(holder).unwrap();
    assert_eq!((found.blocked, found.is_stock_blocked), (None, true));
    assert_eq!(row(&house, id).blocked_by, Some(by));
    let again = house.register.block_stock(id, by, at(3)).unwrap_err();
    assert!(matches!(
        again,
        RegisterError::Stock(StockError::AlreadyBlocked)
    ));
    forget(&mut house, holder);
    let new = house.supplier("Per");
    let (other, _) = house.register.issue(&new, by, at(10)).unwrap();
    let shown = house.shown(7);
    let refused = house
        .register
        .activate(other, &shown, by, at(10))
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "S-001 is blocked; card stock unblock S-001"
    );
    drop(house.register.unblock_stock(id, by, at(11)).unwrap());
    drop(house.register.activate(other, &shown, by, at(12)).unwrap());
    assert_eq!(said(&house, 7), Ok(Standing::Active));
}

#[test]
fn m32_a_lost_card_of_the_house_stays_lost_when_its_holder_is_forgotten() {
    let mut house = House::settled();
    let (id, by) = (stocked(&mut house, 7), house.operator);
    let holder = house.active_supplier("Kari", 7);
    let _lost = house.register.lose(holder, FEE, by, at(3)).unwrap();
    assert!(row(&house, id).is_lost);
    let early = house.register.stock_found(id, by, at(3)).unwrap_err();
    assert!(matches!(early, RegisterError::Stock(StockError::NotLost)));
    forget(&mut house, holder);
    assert_eq!(said(&house, 7), Err(Reason::Lost));
    let new = house.supplier("Per");
    let (other, _) = house.register.issue(&new, by, at(10)).unwrap();
    let shown = house.shown(7);
    assert!(house.register.activate(other, &shown, by, at(10)).is_err());
    let change = house.register.stock_found(id, by, at(11)).unwrap();
    assert_eq!(change.records[0].1.verb, AuditVerb::CardFound);
    assert_eq!(said(&house, 7), Err(Reason::Returned));
    drop(house.register.activate(other, &shown, by, at(12)).unwrap());
}

#[test]
fn a_record_of_the_stock_says_its_number_and_no_more() {
    let mut house = House::settled();
    let by = house.operator;
    stocked(&mut house, 54_321);
    let pending = house.register.outbox_pending(99).unwrap();
    let told = &pending.last().unwrap().1;
    assert_eq!(told.verb, AuditVerb::StockAdded);
    let words = told.operator_text.clone();
    assert!(
        words.starts_with("stock=S-001 blocked=0 lost=0 blocked-by=- sealed="),
        "{words}"
    );
    assert_eq!(
        words.len(),
        "stock=S-001 blocked=0 lost=0 blocked-by=- sealed=".len() + 16
    );
    assert_eq!((told.holder, told.holder_text.as_str()), (None, ""));
    let tag = house.tag(54_321);
    let twice = house.register.add_stock((&number(54_321), tag), by, at(2));
    assert!(twice.unwrap_err().to_string().ends_with("as S-001"));
    let restated = house.register.restate(at(9), 9, at(9)).unwrap();
    let said = restated.records.iter().map(|(_, it)| &it.operator_text);
    let said = said.filter(|text| text.starts_with("stock="));
    assert_eq!(said.collect::<Vec<_>>(), [&words]);
}
