//! Pairing: a reader in install mode gets its first key inside its window, and nothing at all outside.

use std::time::Duration;

use reader_bus::{
    Alarm, BusError, BusEvent, DropCause, FailCause, Order, OrderOutcome, ReaderIndex, ReaderState,
    Scbk, Security,
};

use crate::rig::{Fate, Rig, code_of, key};

const FIRST: ReaderIndex = ReaderIndex::new(0);
const TICKET: u64 = 9;
const WINDOW: Duration = Duration::from_secs(20);

#[test]
fn a_reader_in_install_mode_gets_its_key_in_the_window_and_then_serves() {
    let mut rig = in_install_mode();
    rig.run_ms(2_000);
    assert!(
        challenges(&rig).is_empty(),
        "outside the window it is not even challenged"
    );
    pair(&mut rig, false).unwrap();
    assert_eq!(rig.bus.stats(FIRST).unwrap().state, ReaderState::Pairing);
    rig.run_ms(2_000);
    assert_eq!(ends(&rig), [OrderOutcome::Done]);
    assert_eq!(rig.keysets(), [true], "once, and encrypted");
    assert_eq!(
        challenges(&rig),
        [0, 1],
        "under SCBK-D, then under its own key"
    );
    rig.assert_nothing_in_clear();
    assert_serves(&mut rig);
}

#[test]
fn whichever_reply_is_lost_in_the_window_the_reader_is_paired_all_the_same() {
    for lost in 0..12 {
        let mut rig = in_install_mode();
        rig.run_ms(500);
        rig.fate = vec![Fate::Arrives; lost].into();
        rig.fate.push_back(Fate::Lost);
        pair(&mut rig, false).unwrap();
        rig.run_ms(15_000);
        assert_eq!(ends(&rig), [OrderOutcome::Done], "{lost}");
        assert!(rig.keysets().iter().all(|encrypted| *encrypted));
        assert_serves(&mut rig);
    }
}

#[test]
fn the_window_closes_by_its_time_and_then_the_reader_gets_nothing() {
    let mut rig = Rig::with_keys(vec![Security::NoKey], vec![Some(key(9))], 115_200);
    pair(&mut rig, false).unwrap();
    rig.run_ms(WINDOW.as_millis().try_into().unwrap());
    assert_eq!(ends(&rig), [OrderOutcome::Dropped(DropCause::Expired)]);
    let asked = challenges(&rig).len();
    assert!(asked > 0);
    // Only now is there a reader that would take a key.
    rig.replace(0, Some(Scbk::DEFAULT));
    rig.run_ms(10_000);
    assert_eq!(challenges(&rig).len(), asked);
    assert!(rig.keysets().is_empty());
}

#[test]
fn a_window_closes_on_time_also_while_nobody_answers() {
    let mut rig = in_install_mode();
    rig.seat(0).plugged = false;
    rig.run_ms(1_000);
    pair(&mut rig, false).unwrap();
    let opened = rig.up;
    rig.run_ms(30_000);
    let mut events = rig.events.iter();
    let closed = events.find(|(_, event)| matches!(event, BusEvent::OrderEnded { .. }));
    assert_eq!(closed.unwrap().0, opened + 20_000_000);
}

#[test]
fn a_reader_with_a_key_is_paired_only_if_that_is_spelt_out() {
    let mut rig = Rig::keyed(1, 115_200);
    assert_eq!(
        pair(&mut rig, false),
        Err(BusError::HasKey { reader: FIRST })
    );
    // Its key is still the one it proves; a window over it ends without another.
    pair(&mut rig, true).unwrap();
    rig.run_ms(25_000);
    assert_eq!(ends(&rig), [OrderOutcome::Dropped(DropCause::Expired)]);
    assert!(rig.keysets().is_empty());
    assert_serves(&mut rig);
    // Another reader has come in its place, fresh from its maker.
    rig.swap(0, Scbk::DEFAULT, 70);
    pair(&mut rig, true).unwrap();
    rig.run_ms(5_000);
    assert_eq!(ends(&rig).last(), Some(&OrderOutcome::Done));
    assert_serves(&mut rig);
}

#[test]
fn in_the_session_under_the_default_key_a_reader_is_told_its_key_and_nothing_else() {
    let mut rig = in_install_mode();
    rig.run_ms(1_000);
    pair(&mut rig, false).unwrap();
    rig.bus
        .signal(FIRST, &reader_bus::Feedback::default().granted);
    let unlocked = rig.unlock(0, 3);
    assert_eq!(unlocked, Err(BusError::NotInService { reader: FIRST }));
    rig.run_ms(2_000);
    let mut frames = rig.sent.iter().map(|(_, frame)| frame);
    let challenged = frames.find(|frame| code_of(frame) == 0x76).unwrap();
    assert_eq!(challenged[8], 0);
    let inside: Vec<u8> = frames.map(|frame| code_of(frame)).take(3).collect();
    assert_eq!(
        inside,
        [0x77, 0x75, 0x76],
        "SCRYPT, KEYSET, the next challenge"
    );
    assert!(rig.outs.is_empty());
}

#[test]
fn a_key_that_may_have_been_taken_is_tried_on_after_the_window() {
    let mut rig = in_install_mode();
    pair(&mut rig, false).unwrap();
    while rig.keysets().is_empty() {
        rig.run_ms(1);
    }
    rig.seat(0).plugged = false;
    rig.run_ms(25_000);
    assert_eq!(ends(&rig), [OrderOutcome::Failed(FailCause::NoReply)]);
    rig.seat(0).plugged = true;
    rig.run_ms(5_000);
    let settled = BusEvent::KeySettled {
        reader: FIRST,
        taken: true,
    };
    assert_eq!(rig.count(&settled), 1);
    assert_serves(&mut rig);
}

#[test]
fn a_line_that_goes_down_closes_the_window() {
    let mut rig = in_install_mode();
    pair(&mut rig, false).unwrap();
    rig.bus.line_down(rig.now());
    rig.bus.line_up(rig.now());
    rig.run_ms(5_000);
    assert_eq!(ends(&rig), [OrderOutcome::Dropped(DropCause::LineDown)]);
    assert_eq!(rig.bus.stats(FIRST).unwrap().state, ReaderState::NoKey);
    assert!(challenges(&rig).is_empty());
}

#[test]
fn a_window_taken_back_is_closed_at_once() {
    let mut rig = Rig::with_keys(vec![Security::NoKey], vec![Some(key(9))], 115_200);
    pair(&mut rig, false).unwrap();
    rig.run_ms(500);
    rig.bus.withdraw(FIRST, TICKET + 1);
    assert!(ends(&rig).is_empty());
    rig.bus.withdraw(FIRST, TICKET);
    rig.replace(0, Some(Scbk::DEFAULT));
    rig.run_ms(5_000);
    assert_eq!(ends(&rig), [OrderOutcome::Dropped(DropCause::Withdrawn)]);
    assert!(rig.keysets().is_empty());
}

fn in_install_mode() -> Rig {
    Rig::with_keys(vec![Security::NoKey], vec![Some(Scbk::DEFAULT)], 115_200)
}

fn pair(rig: &mut Rig, replace: bool) -> Result<(), BusError> {
    let order = Order::Pair {
        key: key(40),
        until: rig.now() + WINDOW,
        replace,
    };
    rig.bus.order(FIRST, TICKET, order)
}

/// Under which kind of key it was challenged, each time: 0 SCBK-D, 1 one of its own.
fn challenges(rig: &Rig) -> Vec<u8> {
    let challenge = |(_, frame): &(u64, Vec<u8>)| (code_of(frame) == 0x76).then(|| frame[8]);
    rig.sent.iter().filter_map(challenge).collect()
}

fn ends(rig: &Rig) -> Vec<OrderOutcome> {
    let end = |(_, event): &(u64, BusEvent)| {
        if let BusEvent::OrderEnded {
            ticket: TICKET,
            outcome,
            ..
        } = event
        {
            Some(*outcome)
        } else {
            None
        }
    };
    rig.events.iter().filter_map(end).collect()
}

fn assert_serves(rig: &mut Rig) {
    rig.run_ms(3_000);
    let before = rig.cards().len();
    rig.show(0);
    rig.run_ms(500);
    assert_eq!(rig.cards().len(), before + 1);
    let alarmed = BusEvent::SecurityAlarm {
        reader: FIRST,
        what: Alarm::DefaultKey,
    };
    assert_eq!(rig.count(&alarmed), 0);
}
