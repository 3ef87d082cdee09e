//! Lost replies, turned bits, dead readers, noise.

use proptest::prelude::*;
use reader_bus::{BusError, BusEvent, DropCause, ReaderIndex, ReaderState};

use crate::rig::{Fate, Rig};

const FIRST: ReaderIndex = ReaderIndex::new(0);

#[test]
fn a_lost_reply_is_asked_for_again_with_the_same_octets_and_told_once() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.show(0);
    rig.fate = [Fate::Lost].into();
    let from = rig.sent.len();
    rig.run_ms(1_000);
    assert_eq!(rig.cards().len(), 1, "one card, told once");
    assert!(rig.cards()[0].1, "and it is live");
    let frames: Vec<&Vec<u8>> = rig.sent[from..].iter().map(|(_, frame)| frame).collect();
    assert!(
        frames.windows(2).any(|pair| pair[0] == pair[1]),
        "the same octets"
    );
    assert_eq!(
        rig.bus.stats(FIRST).unwrap().sessions,
        1,
        "in the same session"
    );
}

#[test]
fn a_turned_bit_costs_less_than_a_second() {
    let mut rig = Rig::keyed(1, 9_600);
    for at in 0..20 {
        rig.fate = [Fate::Flipped(at)].into();
        rig.run_ms(30);
        rig.show(0);
        let (shown, before) = (rig.up, rig.cards().len());
        rig.run_ms(1_000);
        assert_eq!(rig.cards().len(), before + 1, "octet {at}");
        assert!(rig.cards()[before].1, "octet {at}");
        assert!(rig.cards()[before].0 - shown < 1_000_000);
    }
}

#[test]
fn a_silent_reader_is_offline_after_eight_seconds_and_comes_back() {
    let mut rig = Rig::keyed(2, 115_200);
    rig.seat(0).plugged = false;
    let gone = rig.up;
    rig.run_ms(12_000);
    let offline = rig
        .events
        .iter()
        .find(|(_, event)| *event == BusEvent::Offline { reader: FIRST })
        .unwrap()
        .0;
    assert!(
        (8_000_000..10_000_000).contains(&(offline - gone)),
        "{}",
        offline - gone
    );
    assert_eq!(
        rig.unlock(0, 1),
        Err(BusError::NotInService { reader: FIRST })
    );
    rig.seat(0).plugged = true;
    rig.run_ms(2_000);
    assert_eq!(
        rig.count(&BusEvent::Online {
            reader: FIRST,
            secure: true
        }),
        2
    );
}

#[test]
fn cards_kept_by_a_reader_that_was_offline_are_told_but_not_live() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.seat(0).plugged = false;
    rig.run_ms(5_000);
    rig.show(0);
    rig.show(0);
    rig.run_ms(7_000);
    rig.seat(0).plugged = true;
    rig.run_ms(3_000);
    rig.show(0);
    rig.run_ms(200);
    let live: Vec<bool> = rig.cards().iter().map(|(_, live)| *live).collect();
    assert_eq!(live, [false, false, true]);
}

#[test]
fn a_reader_that_restarts_is_back_within_a_second() {
    let mut rig = Rig::keyed(1, 9_600);
    rig.seat(0).pd.handle_silence();
    rig.show(0);
    let shown = rig.up;
    rig.run_ms(1_000);
    let cards = rig.cards();
    assert_eq!(cards.len(), 1);
    assert!(cards[0].0 - shown < 1_000_000 && cards[0].1, "{cards:?}");
    assert_eq!(rig.count(&BusEvent::Offline { reader: FIRST }), 0);
}

#[test]
fn an_unlock_for_a_reader_that_does_not_answer_ends_with_its_time() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.seat(0).plugged = false;
    rig.unlock(0, 9).unwrap();
    rig.run_ms(1_200);
    let ends = |(_, event): &&(u64, BusEvent)| {
        matches!(
            event,
            BusEvent::UnlockFailed { ticket: 9, .. } | BusEvent::UnlockDropped { ticket: 9, .. }
        )
    };
    assert_eq!(
        rig.events.iter().filter(ends).count(),
        1,
        "{:?}",
        rig.events
    );
    rig.seat(0).plugged = true;
    rig.run_ms(5_000);
    assert!(rig.outs.is_empty(), "never sent late");
}

#[test]
fn an_unlock_that_waits_too_long_is_dropped() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.seat(0).plugged = false;
    rig.run_ms(700);
    rig.unlock(0, 9).unwrap();
    rig.run_ms(1_100);
    let dropped = BusEvent::UnlockDropped {
        ticket: 9,
        why: DropCause::Expired,
    };
    assert_eq!(rig.count(&dropped), 1, "{:?}", rig.events);
}

#[test]
fn a_lost_acknowledgement_opens_once() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.run_ms(7);
    rig.fate = [Fate::Arrives, Fate::Lost, Fate::Lost].into();
    rig.unlock(0, 5).unwrap();
    rig.run_ms(900);
    assert_eq!(rig.outs.len(), 1, "the reader knows the repeated octets");
    let acked = rig.count(&BusEvent::UnlockAcked { ticket: 5 });
    assert_eq!(acked, 1, "{:?}", rig.events);
}

#[test]
fn dead_readers_hold_up_nobody() {
    let mut rig = Rig::keyed(8, 115_200);
    for dead in 1..8 {
        rig.seat(dead).plugged = false;
    }
    rig.run_ms(40_000);
    let mut slowest = 0;
    for _ in 0..50 {
        rig.run_ms(173);
        rig.show(0);
        let (shown, before) = (rig.up, rig.cards().len());
        while rig.cards().len() == before {
            rig.run_ms(1);
        }
        slowest = slowest.max(rig.up - shown);
        rig.bus.release(FIRST);
    }
    // Once every 30 s a dead reader is given its 200 ms; for the rest a short probe is all that comes between.
    assert!(slowest < 300_000, "{slowest} µs");
    assert_eq!(
        rig.bus.stats(ReaderIndex::new(3)).unwrap().state,
        ReaderState::Offline
    );
}

#[test]
fn an_adapter_that_hears_itself_is_not_answered() {
    let mut rig = Rig::keyed(2, 115_200);
    rig.echo = true;
    rig.run_ms(3_000);
    rig.show(1);
    rig.run_ms(500);
    assert_eq!(rig.cards().len(), 1);
    assert!(rig.bus.line_stats().stray_frames > 0);
}

#[test]
fn a_reply_in_two_pieces_is_one_reply() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.fate = [Fate::Lost].into();
    rig.run_ms(10);
    let reply = rig.replies.last().unwrap().clone();
    for cut in 1..reply.len() {
        rig.inject(&reply[..cut]);
        rig.inject(&reply[cut..]);
    }
    rig.run_ms(2_000);
    rig.show(0);
    rig.run_ms(200);
    assert_eq!(rig.cards().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever is on the wire, and however it is cut: no panic, and two seconds after it ends the reader is served.
    #[test]
    fn noise_is_survived(noise in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..80), 1..40)) {
        let mut rig = Rig::keyed(1, 115_200);
        for bytes in &noise {
            rig.inject(bytes);
            rig.run_ms(3);
        }
        rig.run_ms(2_000);
        let before = rig.cards().len();
        rig.show(0);
        rig.run_ms(300);
        prop_assert_eq!(rig.cards().len(), before + 1);
        prop_assert!(rig.outs.is_empty());
        rig.assert_nothing_in_clear();
    }

    #[test]
    fn every_fate_of_replies_is_survived(fates in proptest::collection::vec(0_usize..60, 1..60)) {
        let mut rig = Rig::keyed(2, 115_200);
        rig.fate = fates.iter().map(|fate| match fate {
            0..15 => Fate::Lost,
            15..40 => Fate::Flipped(*fate),
            _ => Fate::Arrives,
        }).collect();
        rig.show(0);
        while !rig.fate.is_empty() {
            rig.run_ms(1_000);
        }
        rig.run_ms(2_500);
        rig.assert_nothing_in_clear();
        let first = rig.cards().len();
        prop_assert!(first <= 1, "never told twice; lost only where the reader believes that it was heard");
        rig.show(1);
        rig.run_ms(500);
        prop_assert_eq!(rig.cards().len(), first + 1);
    }
}

#[test]
fn no_reply_code_of_all_wedges_a_line() {
    for secured in [true, false] {
        let mut rig = if secured {
            Rig::keyed(1, 115_200)
        } else {
            let mut rig = Rig::new(vec![reader_bus::Security::Clear], 115_200);
            rig.run_ms(1_000);
            rig
        };
        for code in 0..=u8::MAX {
            for data in [&[][..], &[6, 9, 9], &[1; 20]] {
                let (_, last) = rig.sent.last().unwrap().clone();
                for number in 0..4 {
                    let forged = crate::attacks::frame(last[2], number, code, data);
                    rig.inject(&forged);
                }
                rig.run_ms(9);
            }
        }
        rig.run_ms(3_000);
        let before = rig.cards().len();
        rig.show(0);
        rig.run_ms(1_000);
        assert_eq!(rig.cards().len(), before + 1, "secured: {secured}");
    }
}
