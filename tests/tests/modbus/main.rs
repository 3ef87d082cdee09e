//! A Modbus line with converters and relay boards at its far end, on simulated time.

mod rig;

use std::time::Duration;

use building_sim::Switched;
use proptest::prelude::*;
use reader_bus::{BusError, BusEvent, Levels, Lock};
use rig::{AT_BOARD, AT_CONVERTER, BOARD, CARD, CONVERTER, Rig};

#[test]
fn a_reading_is_one_card_however_often_it_is_polled() {
    let mut rig = Rig::new();
    assert_eq!(
        rig.cards(),
        [],
        "what was there before it was asked is no card"
    );
    rig.units.present(CONVERTER, &CARD, 26);
    rig.run_ms(1_000);
    assert_eq!(rig.cards(), [true]);
    rig.units.present(CONVERTER, &CARD, 26);
    rig.run_ms(1_000);
    assert_eq!(rig.cards(), [true, true], "shown again it is another card");
}

#[test]
fn a_reading_kept_while_the_unit_was_not_heard_is_not_live() {
    let mut rig = Rig::new();
    rig.units.set_plugged(CONVERTER, false);
    rig.run_ms(10_000);
    assert_eq!(
        rig.told(&BusEvent::Offline {
            reader: AT_CONVERTER
        }),
        1
    );
    rig.units.present(CONVERTER, &CARD, 26);
    rig.units.set_plugged(CONVERTER, true);
    rig.run_ms(3_000);
    assert_eq!(rig.cards(), [false]);
    rig.units.present(CONVERTER, &CARD, 26);
    rig.run_ms(500);
    assert_eq!(rig.cards(), [false, true]);
}

#[test]
fn a_lost_answer_loses_no_card_and_tells_it_once() {
    let mut rig = Rig::new();
    rig.units.present(CONVERTER, &CARD, 26);
    rig.lost = 2;
    rig.run_ms(2_000);
    assert_eq!(rig.cards(), [true]);
}

#[test]
fn inputs_are_told_as_levels_when_they_change() {
    let mut rig = Rig::new();
    let inputs = |levels| BusEvent::Inputs {
        reader: AT_CONVERTER,
        levels: Levels::new(levels),
    };
    assert_eq!(rig.told(&inputs([false, false])), 1);
    rig.units.set_input(CONVERTER, 1, true);
    rig.run_ms(500);
    assert_eq!(rig.told(&inputs([false, true])), 1);
}

#[test]
fn every_relay_is_switched_off_before_anything_else() {
    let rig = Rig::new();
    let off = |coil| Switched {
        address: BOARD,
        coil,
        on: false,
        time_100ms: None,
    };
    let told: Vec<Switched> = rig.switched.iter().map(|(_, switched)| *switched).collect();
    assert_eq!(told, [off(0), off(1)]);
}

#[test]
fn a_timed_relay_is_flashed_and_the_other_is_switched_off_in_time() {
    let mut rig = Rig::new();
    rig.switched.clear();
    rig.unlock(AT_BOARD, 0, 1).unwrap();
    rig.unlock(AT_BOARD, 1, 2).unwrap();
    rig.run_ms(1_000);
    for ticket in [1, 2] {
        assert_eq!(rig.told(&BusEvent::UnlockSent { ticket }), 1);
        assert_eq!(rig.told(&BusEvent::UnlockAcked { ticket }), 1);
    }
    let flashed = Switched {
        address: BOARD,
        coil: 0,
        on: true,
        time_100ms: Some(20),
    };
    assert_eq!(rig.switched[0].1, flashed);
    assert!(rig.units.is_on(BOARD, 1));
    rig.units.set_relay(BOARD, 0, false);
    rig.run_ms(1_500);
    assert!(!rig.units.is_on(BOARD, 1), "two seconds are over");
    assert_eq!(
        rig.switched.len(),
        3,
        "the timed one went off by itself: {:?}",
        rig.switched
    );
}

#[test]
fn beside_unlocks_without_end_a_relay_goes_off_in_time_and_a_card_is_heard() {
    let mut rig = Rig::new();
    rig.unlock(AT_BOARD, 1, 0).unwrap();
    rig.run_ms(100);
    for ticket in 1..300 {
        // More than the line can take.
        match rig.unlock(AT_BOARD, 0, ticket) {
            Ok(()) | Err(BusError::TooManyUnlocks) => {}
            Err(error) => panic!("{error}"),
        }
        if ticket == 50 {
            rig.units.present(CONVERTER, &CARD, 26);
        }
        rig.run_ms(10);
    }
    assert_eq!(rig.cards(), [true]);
    assert!(!rig.units.is_on(BOARD, 1), "two seconds are over");
}

#[test]
fn a_relay_found_on_out_of_its_time_is_switched_off() {
    let mut rig = Rig::new();
    rig.units.set_relay(BOARD, 0, true);
    rig.units.set_relay(BOARD, 1, true);
    rig.run_ms(2_000);
    assert!(!rig.units.is_on(BOARD, 0) && !rig.units.is_on(BOARD, 1));
}

#[test]
fn a_relay_goes_off_even_when_its_answers_are_lost() {
    let mut rig = Rig::new();
    rig.unlock(AT_BOARD, 1, 1).unwrap();
    rig.run_ms(1_900);
    rig.lost = 4;
    rig.run_ms(3_000);
    assert!(!rig.units.is_on(BOARD, 1));
}

#[test]
fn an_unlock_that_was_lost_does_not_overtake_the_lock_of_its_strike() {
    for (output, times) in [(0, 1), (1, 2)] {
        let mut rig = Rig::new();
        rig.unlock(AT_BOARD, 0, 1).unwrap();
        while rig.told(&BusEvent::UnlockSent { ticket: 1 }) == 0 {
            rig.run_ms(1);
        }
        rig.wire.clear();
        let lock = Lock {
            ticket: 2,
            output,
            inverted: false,
            expires: rig.now() + Duration::from_secs(1),
        };
        rig.line.lock(AT_BOARD, lock).unwrap();
        rig.run_ms(900);
        let on = rig.switched.iter().filter(|told| told.1.on).count();
        let acked = [1, 2].map(|ticket| rig.told(&BusEvent::UnlockAcked { ticket }));
        assert_eq!((on, acked), (times, [times - 1, 1]));
    }
}

#[test]
fn an_unlock_without_an_answer_fails_and_is_not_sent_after_its_life() {
    let mut rig = Rig::new();
    rig.switched.clear();
    rig.lost = usize::MAX;
    rig.unlock(AT_BOARD, 0, 7).unwrap();
    rig.run_ms(1_500);
    let failed =
        |(_, event): &&(u64, BusEvent)| matches!(event, BusEvent::UnlockFailed { ticket: 7, .. });
    assert_eq!(rig.events.iter().filter(failed).count(), 1);
    let last = rig
        .switched
        .iter()
        .rev()
        .find(|(_, switched)| switched.on)
        .unwrap()
        .0;
    assert!(last < rig.switched[0].0 + 1_000_000, "{:?}", rig.switched);
}

#[test]
fn what_is_not_there_opens_nothing() {
    let mut rig = Rig::new();
    let refused = Err(BusError::Unsupported { reader: AT_BOARD });
    assert_eq!(rig.unlock(AT_BOARD, 5, 1), refused);
    let refused = Err(BusError::Unsupported {
        reader: AT_CONVERTER,
    });
    assert_eq!(rig.unlock(AT_CONVERTER, 0, 1), refused);
    rig.units.set_plugged(BOARD, false);
    rig.run_ms(10_000);
    let refused = Err(BusError::NotInService { reader: AT_BOARD });
    assert_eq!(rig.unlock(AT_BOARD, 0, 1), refused);
}

#[test]
fn a_dead_unit_delays_nobody_for_long() {
    let mut rig = Rig::new();
    rig.units.set_plugged(BOARD, false);
    rig.run_ms(40_000);
    for _ in 0..20 {
        rig.run_ms(137);
        let (before, shown) = (rig.cards().len(), rig.up);
        rig.units.present(CONVERTER, &CARD, 26);
        while rig.cards().len() == before {
            rig.run_ms(1);
        }
        assert!(rig.up - shown < 300_000, "{} µs", rig.up - shown);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn noise_is_survived_and_the_next_card_is_told(
        noise in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..80), 1..30))
    {
        let mut rig = Rig::new();
        for octets in noise {
            let now = rig.now();
            rig.line.handle_bytes(&octets, now);
            rig.run_ms(7);
        }
        rig.run_ms(2_000);
        let before = rig.cards().len();
        rig.units.present(CONVERTER, &CARD, 26);
        rig.run_ms(1_000);
        prop_assert_eq!(rig.cards().len(), before + 1);
        prop_assert_eq!(rig.cards().pop(), Some(true));
    }
}
