//! Swaps: a reader is known by what it says in its session; another one that knows its key serves nobody.

use reader_bus::{
    BusError, BusEvent, DropCause, Identity, Order, OrderOutcome, ReaderIndex, ReaderState, Scbk,
};

use crate::attacks;
use crate::rig::{Rig, code_of, key};

const FIRST: ReaderIndex = ReaderIndex::new(0);
const STRANGER: u32 = 77;

#[test]
fn another_reader_with_the_same_key_is_out_of_service() {
    let mut rig = Rig::keyed(1, 115_200);
    let known = BusEvent::Pinned {
        reader: FIRST,
        identity: identity(0),
    };
    assert_eq!(rig.count(&known), 1);
    rig.swap(0, key(0), STRANGER);
    rig.run_ms(12_000);
    assert_eq!(rig.bus.stats(FIRST).unwrap().state, ReaderState::Swapped);
    assert_eq!(rig.count(&BusEvent::Offline { reader: FIRST }), 1);
    rig.show(0);
    assert_eq!(
        rig.unlock(0, 3),
        Err(BusError::NotInService { reader: FIRST })
    );
    rig.run_ms(20_000);
    assert!(rig.cards().is_empty() && rig.outs.is_empty());
    assert_eq!(rig.count(&swapped()), 1, "told once");
    rig.assert_nothing_in_clear();
}

#[test]
fn a_reader_that_comes_back_in_its_own_place_serves_again() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.swap(0, key(0), STRANGER);
    rig.run_ms(5_000);
    rig.swap(0, key(0), 0);
    rig.run_ms(5_000);
    assert_eq!(rig.count(&swapped()), 1);
    assert_serves(&mut rig);
    rig.swap(0, key(0), STRANGER);
    rig.run_ms(5_000);
    assert_eq!(rig.count(&swapped()), 2, "that it came again is news");
}

#[test]
fn an_accepted_reader_serves_and_what_it_kept_as_a_stranger_is_no_news() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.swap(0, key(0), STRANGER);
    rig.run_ms(5_000);
    rig.show(0);
    rig.bus.pin(FIRST, identity(STRANGER));
    rig.run_ms(5_000);
    let kept = rig.cards();
    assert!(matches!(kept[..], [(_, false)]), "{kept:?}");
    assert_serves(&mut rig);
}

#[test]
fn an_order_for_a_reader_that_was_swapped_ends_and_is_not_carried_out_by_the_other() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.swap(0, key(0), STRANGER);
    // Still in service, between two sessions.
    while code_of(&rig.sent.last().unwrap().1) != 0x76 {
        rig.run_ms(1);
    }
    let order = Order::SetKey(key(40));
    rig.bus.order(FIRST, 5, order).unwrap();
    rig.run_ms(5_000);
    let ended = BusEvent::OrderEnded {
        reader: FIRST,
        ticket: 5,
        outcome: OrderOutcome::Dropped(DropCause::ReaderOffline),
    };
    assert_eq!(rig.count(&ended), 1);
    rig.bus.pin(FIRST, identity(STRANGER));
    rig.run_ms(5_000);
    assert!(rig.keysets().is_empty(), "not put later either");
    assert_serves(&mut rig);
}

#[test]
fn a_stranger_that_comes_again_after_another_was_paired_is_told_again() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.swap(0, key(0), STRANGER);
    rig.run_ms(5_000);
    assert_eq!(rig.count(&swapped()), 1);
    rig.swap(0, Scbk::DEFAULT, 5);
    let order = Order::Pair {
        key: key(40),
        until: rig.now() + std::time::Duration::from_secs(20),
        replace: true,
    };
    rig.bus.order(FIRST, 5, order).unwrap();
    rig.run_ms(5_000);
    assert_serves(&mut rig);
    rig.swap(0, key(40), STRANGER);
    rig.run_ms(5_000);
    let again = BusEvent::Swapped {
        reader: FIRST,
        expected: identity(5),
        said: Some(identity(STRANGER)),
    };
    assert_eq!(rig.count(&again), 1);
}

#[test]
fn other_firmware_is_noted_and_puts_no_reader_out_of_service() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.update(0, key(0), [1, 2, 0]);
    rig.run_ms(5_000);
    let changed = BusEvent::FirmwareChanged {
        reader: FIRST,
        from: [1, 0, 0],
        to: [1, 2, 0],
    };
    assert_eq!(rig.count(&changed), 1);
    assert_eq!(rig.count(&BusEvent::Offline { reader: FIRST }), 0);
    assert_serves(&mut rig);
}

#[test]
fn a_reader_pinned_from_the_start_is_held_to_it() {
    let mut rig = Rig::with_keys(
        vec![reader_bus::Security::Keyed(key(0))],
        vec![Some(key(0))],
        115_200,
    );
    rig.bus.pin(FIRST, identity(STRANGER));
    rig.run_ms(5_000);
    assert_eq!(rig.bus.stats(FIRST).unwrap().state, ReaderState::Swapped);
    let online = BusEvent::Online {
        reader: FIRST,
        secure: true,
    };
    assert_eq!(rig.count(&online), 0);
}

#[test]
fn an_identity_forged_in_clear_puts_nobody_out_of_service() {
    let mut rig = Rig::keyed(1, 115_200);
    // The reader is lost for a moment and asked in clear who it is; somebody else answers.
    rig.seat(0).plugged = false;
    while code_of(&rig.sent.last().unwrap().1) != 0x61 {
        rig.run_ms(1);
    }
    rig.inject(&attacks::frame(0, 0, 0x45, &[9; 12]));
    rig.seat(0).plugged = true;
    rig.run_ms(5_000);
    let forged = |(_, event): &(u64, BusEvent)| matches!(event, BusEvent::Pd { id, .. } if id.vendor == [9; 3]);
    assert!(rig.events.iter().any(forged), "it was heard");
    let swapped = |(_, event): &(u64, BusEvent)| matches!(event, BusEvent::Swapped { .. });
    assert!(!rig.events.iter().any(swapped), "{:?}", rig.events);
    assert_serves(&mut rig);
}

fn identity(serial: u32) -> Identity {
    Identity {
        vendor: [2, 0, 0],
        model: 1,
        serial,
    }
}

fn swapped() -> BusEvent {
    BusEvent::Swapped {
        reader: FIRST,
        expected: identity(0),
        said: Some(identity(STRANGER)),
    }
}

fn assert_serves(rig: &mut Rig) {
    rig.run_ms(3_000);
    let before = rig.cards().len();
    rig.show(0);
    rig.run_ms(500);
    let cards = rig.cards();
    assert_eq!(cards.len(), before + 1);
    assert!(cards.last().unwrap().1, "and it is live");
}
