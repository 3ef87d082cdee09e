//! A strike that is locked before its time is over.

use std::time::Duration;

use firmware_protocol::command::OutputAction;
use reader_bus::{BusEvent, DropCause, Lock, ReaderIndex, Unlock};

use crate::rig::Rig;

fn lock(rig: &mut Rig, reader: u8, ticket: u64, inverted: bool) {
    let order = Lock {
        ticket,
        output: 0,
        inverted,
        expires: rig.now() + Duration::from_secs(1),
    };
    rig.bus.lock(ReaderIndex::new(reader), order).unwrap();
}

fn unlock(rig: &mut Rig, reader: u8, ticket: u64, inverted: bool) {
    let order = Unlock {
        ticket,
        output: 0,
        inverted,
        time_100ms: 50,
        expires: rig.now() + Duration::from_secs(1),
    };
    rig.bus.unlock(ReaderIndex::new(reader), order).unwrap();
}

#[test]
fn a_lock_breaks_off_what_was_still_running() {
    let mut rig = Rig::keyed(1, 9_600);
    unlock(&mut rig, 0, 1, false);
    rig.run_ms(100);
    lock(&mut rig, 0, 2, false);
    rig.run_ms(100);
    let thrown = [
        (0, OutputAction::TimedOn),
        (0, OutputAction::PermanentOffAbort),
    ];
    assert_eq!(rig.thrown, thrown);
    assert_eq!(rig.count(&BusEvent::UnlockAcked { ticket: 2 }), 1);
}

#[test]
fn a_lock_takes_back_the_unlocks_of_its_strike_and_goes_before_all_others() {
    let mut rig = Rig::keyed(3, 9_600);
    unlock(&mut rig, 0, 1, false);
    unlock(&mut rig, 1, 2, false);
    lock(&mut rig, 1, 3, false);
    lock(&mut rig, 2, 4, false);
    rig.run_ms(300);
    let withdrawn = BusEvent::UnlockDropped {
        ticket: 2,
        why: DropCause::Withdrawn,
    };
    assert_eq!(rig.count(&withdrawn), 1, "{:?}", rig.events);
    let order: Vec<u8> = rig.outs.iter().map(|(_, reader)| *reader).collect();
    assert_eq!(order, [1, 2, 0], "locks in their order, then the unlock");
}

#[test]
fn a_strike_that_is_released_by_no_current_is_told_the_other_way_round() {
    let mut rig = Rig::keyed(1, 9_600);
    lock(&mut rig, 0, 1, true);
    rig.run_ms(100);
    unlock(&mut rig, 0, 2, true);
    rig.run_ms(100);
    let thrown = [
        (0, OutputAction::PermanentOnAbort),
        (0, OutputAction::TimedOff),
    ];
    assert_eq!(rig.thrown, thrown);
}

#[test]
fn sixteen_strikes_are_locked_within_a_fifth_of_a_second() {
    let mut rig = Rig::keyed(16, 115_200);
    let before = rig.up;
    (0..16).for_each(|reader| lock(&mut rig, reader, u64::from(reader), false));
    rig.run_ms(1_000);
    assert_eq!(rig.outs.len(), 16);
    let last = rig.outs.iter().map(|(at, _)| *at - before).max().unwrap();
    assert!(last <= 200_000, "{last} µs");
}
