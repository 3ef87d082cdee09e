//! Orders: what an operator has one reader do, on a line that may lose any of it.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::prelude::*;
use reader_bus::{
    BusError, BusEvent, DropCause, FailCause, Order, OrderOutcome, ReaderIndex, Scbk, Security,
};

use crate::rig::{Fate, Rig, code_of, key};

const FIRST: ReaderIndex = ReaderIndex::new(0);
const TICKET: u64 = 77;
const ID: u8 = 0x61;
const KEYSET: u8 = 0x75;
const CHLNG: u8 = 0x76;

#[test]
fn a_key_is_changed_in_a_session_and_the_order_ends_once_the_new_one_is_proved() {
    let mut rig = Rig::keyed(1, 115_200);
    order(&mut rig, key(40)).unwrap();
    rig.run_ms(1_000);
    assert_eq!(ends(&rig), [OrderOutcome::Done]);
    assert_eq!(settled(&rig), [true]);
    rig.assert_nothing_in_clear();
    assert_eq!(rig.count(&BusEvent::Offline { reader: FIRST }), 0);
    assert_serves(&mut rig);
    // Only who knows the new key comes back.
    rig.replace(0, Some(key(40)));
    rig.run_ms(2_000);
    assert_serves(&mut rig);
}

#[test]
fn whichever_reply_is_lost_the_reader_is_reached_with_one_of_its_keys() {
    for lost in 0..14 {
        let mut rig = Rig::keyed(1, 115_200);
        rig.fate = fates(lost, Fate::Lost);
        order(&mut rig, key(40)).unwrap();
        rig.run_ms(12_000);
        assert_eq!(ends(&rig).len(), 1, "{lost}");
        assert!(
            rig.count(&BusEvent::Offline { reader: FIRST }) == 0,
            "{lost}"
        );
        rig.assert_nothing_in_clear();
        assert_serves(&mut rig);
    }
}

#[test]
fn a_reader_that_confirms_and_forgets_the_key_is_reached_with_the_old_one() {
    let mut rig = Rig::keyed(1, 115_200);
    order(&mut rig, key(40)).unwrap();
    while code(&rig) != KEYSET {
        rig.run_ms(1);
    }
    // It has confirmed; then its power fails before the key is kept.
    rig.replace(0, Some(key(0)));
    rig.run_ms(12_000);
    assert_eq!(ends(&rig), [OrderOutcome::KeyKept]);
    assert_eq!(settled(&rig), [false]);
    assert_serves(&mut rig);
}

#[test]
fn a_controller_that_stopped_between_two_keys_finds_out_which_one_the_reader_has() {
    for (has, taken) in [(key(40), true), (key(0), false)] {
        let between = Security::Between {
            new: key(40),
            old: Some(key(0)),
        };
        let mut rig = Rig::with_keys(vec![between], vec![Some(has)], 115_200);
        rig.run_ms(2_000);
        assert_eq!(settled(&rig), [taken]);
        let alarm = |(_, event): &(u64, BusEvent)| matches!(event, BusEvent::SecurityAlarm { .. });
        assert!(!rig.events.iter().any(alarm), "{:?}", rig.events);
        assert_serves(&mut rig);
    }
}

#[test]
fn a_reader_between_two_keys_that_has_neither_is_not_served() {
    let between = Security::Between {
        new: key(40),
        old: Some(key(0)),
    };
    let mut rig = Rig::with_keys(vec![between], vec![Some(key(9))], 115_200);
    rig.run_ms(5_000);
    assert!(settled(&rig).is_empty());
    assert_eq!(
        order(&mut rig, key(41)),
        Err(BusError::NotInService { reader: FIRST })
    );
}

#[test]
fn a_reader_carries_out_one_order_at_a_time_and_is_asked_once() {
    let mut rig = Rig::keyed(1, 115_200);
    let sessions = rig.bus.stats(FIRST).unwrap().sessions;
    order(&mut rig, key(40)).unwrap();
    assert_eq!(
        order(&mut rig, key(41)),
        Err(BusError::OrderUnderWay { reader: FIRST })
    );
    rig.run_ms(2_000);
    assert_eq!(ends(&rig), [OrderOutcome::Done]);
    assert_eq!(rig.bus.stats(FIRST).unwrap().sessions, sessions + 1);
    assert_eq!(rig.keysets(), [true]);
}

#[test]
fn an_order_that_waits_for_a_session_brings_no_challenge_under_the_default_key() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.seat(0).plugged = false;
    while code(&rig) != ID {
        rig.run_ms(1);
    }
    order(&mut rig, key(40)).unwrap();
    rig.seat(0).plugged = true;
    rig.run_ms(5_000);
    assert_eq!(ends(&rig), [OrderOutcome::Done]);
    let mut challenges = rig.sent.iter().filter(|(_, frame)| code_of(frame) == CHLNG);
    assert!(
        challenges.all(|(_, frame)| frame[8] == 1),
        "1: a key of its own"
    );
    assert_eq!(rig.keysets(), [true]);
}

#[test]
fn an_unlock_goes_before_an_order() {
    let mut rig = Rig::keyed(1, 9_600);
    order(&mut rig, key(40)).unwrap();
    rig.unlock(0, 5).unwrap();
    rig.run_ms(3_000);
    let at = |wanted: &BusEvent| {
        let mut events = rig.events.iter();
        events.position(|(_, event)| event == wanted)
    };
    let acked = at(&BusEvent::UnlockAcked { ticket: 5 });
    let ended = at(&BusEvent::OrderEnded {
        reader: FIRST,
        ticket: TICKET,
        outcome: OrderOutcome::Done,
    });
    assert!(acked.is_some() && acked < ended, "{:?}", rig.events);
}

#[test]
fn an_order_to_a_reader_that_goes_or_whose_line_goes_ends_all_the_same() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.seat(0).plugged = false;
    rig.run_ms(100);
    order(&mut rig, key(40)).unwrap();
    rig.run_ms(12_000);
    assert_eq!(ends(&rig).len(), 1);
    let mut rig = Rig::keyed(1, 115_200);
    order(&mut rig, key(40)).unwrap();
    rig.bus.line_down(rig.now());
    rig.run_ms(1);
    assert!(
        matches!(
            ends(&rig)[..],
            [OrderOutcome::Dropped(DropCause::LineDown)
                | OrderOutcome::Failed(FailCause::LineDown)]
        ),
        "{:?}",
        ends(&rig)
    );
    assert_eq!(order(&mut rig, key(40)), Err(BusError::LineDown));
}

#[test]
fn guessable_keys_and_readers_in_clear_are_refused() {
    let mut rig = Rig::keyed(1, 115_200);
    assert!(matches!(
        order(&mut rig, Scbk::DEFAULT),
        Err(BusError::WeakKey { .. })
    ));
    let mut rig = Rig::new(vec![Security::Clear], 115_200);
    rig.run_ms(1_000);
    assert_eq!(
        order(&mut rig, key(40)),
        Err(BusError::Unsupported { reader: FIRST })
    );
    assert!(ends(&rig).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_becomes_of_replies_a_key_is_changed_or_kept_and_never_lost(
        fates in proptest::collection::vec(0_usize..60, 1..60),
        pairs in any::<bool>(),
    ) {
        let (security, has) = if pairs {
            (Security::NoKey, Scbk::DEFAULT)
        } else {
            (Security::Keyed(key(0)), key(0))
        };
        let mut rig = Rig::with_keys(vec![security], vec![Some(has)], 115_200);
        rig.run_ms(1_000);
        rig.fate = fates.iter().map(|fate| match fate {
            0..15 => Fate::Lost,
            15..40 => Fate::Flipped(*fate),
            _ => Fate::Arrives,
        }).collect();
        let asked = if pairs {
            Order::Pair { key: key(40), until: rig.now() + Duration::from_secs(100), replace: false }
        } else {
            Order::SetKey(key(40))
        };
        rig.bus.order(FIRST, TICKET, asked).unwrap();
        while !rig.fate.is_empty() {
            rig.run_ms(1_000);
        }
        rig.run_ms(5_000);
        let ends = ends(&rig);
        prop_assert_eq!(ends.len(), 1, "{:?}", ends);
        prop_assert!(!pairs || ends[0] == OrderOutcome::Done, "{:?}", ends);
        prop_assert!(rig.keysets().into_iter().all(|encrypted| encrypted));
        rig.assert_nothing_in_clear();
        let before = rig.cards().len();
        rig.show(0);
        rig.run_ms(500);
        prop_assert_eq!(rig.cards().len(), before + 1, "under whichever key: it serves");
    }
}

fn order(rig: &mut Rig, key: Scbk) -> Result<(), BusError> {
    rig.bus.order(FIRST, TICKET, Order::SetKey(key))
}

fn code(rig: &Rig) -> u8 {
    rig.sent.last().map_or(0, |(_, frame)| code_of(frame))
}

fn fates(arrive: usize, then: Fate) -> VecDeque<Fate> {
    let mut fates: VecDeque<Fate> = vec![Fate::Arrives; arrive].into();
    fates.push_back(then);
    fates
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

fn settled(rig: &Rig) -> Vec<bool> {
    let settled = |(_, event): &(u64, BusEvent)| {
        if let BusEvent::KeySettled { taken, .. } = event {
            Some(*taken)
        } else {
            None
        }
    };
    rig.events.iter().filter_map(settled).collect()
}

fn assert_serves(rig: &mut Rig) {
    rig.run_ms(1_500);
    let before = rig.cards().len();
    rig.show(0);
    rig.run_ms(500);
    assert_eq!(rig.cards().len(), before + 1);
}
