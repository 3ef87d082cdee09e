//! What comes back, how soon, and in which order.

use reader_bus::{Alarm, BusError, BusEvent, ReaderIndex, ReaderState, Scbk, Security};

use crate::rig::{Fate, Rig, key};

const FIRST: ReaderIndex = ReaderIndex::new(0);
const ID: u8 = 0x61;
const LSTAT: u8 = 0x64;
const RSTAT: u8 = 0x67;
const OUT: u8 = 0x68;

#[test]
fn a_reader_replaced_by_one_that_knows_only_the_default_key_goes_offline_and_opens_nothing() {
    for (theirs, alarm) in [
        (Some(Scbk::DEFAULT), Alarm::ChallengeRefused),
        (Some(key(7)), Alarm::WrongKey),
        (None, Alarm::ChallengeRefused),
    ] {
        let mut rig = Rig::keyed(2, 115_200);
        rig.replace(0, theirs);
        rig.show(0);
        rig.run_ms(12_000);
        assert_eq!(
            rig.count(&BusEvent::Offline { reader: FIRST }),
            1,
            "{:?}",
            rig.events
        );
        let told = BusEvent::SecurityAlarm {
            reader: FIRST,
            what: alarm,
        };
        assert_eq!(rig.count(&told), 1, "{:?}", rig.events);
        assert!(rig.cards().is_empty() && rig.outs.is_empty());
        let refused = Err(BusError::NotInService { reader: FIRST });
        assert_eq!(rig.unlock(0, 1), refused);
        rig.assert_nothing_in_clear();
        rig.replace(0, Some(key(0)));
        rig.run_ms(2_000);
        let back = BusEvent::Online {
            reader: FIRST,
            secure: true,
        };
        assert_eq!(rig.count(&back), 2, "the right one is taken back");
    }
}

#[test]
fn an_unlock_behind_a_lost_answer_is_the_next_frame_after_the_retry() {
    let mut rig = Rig::keyed(8, 9_600);
    // The question at hand is answered; the one after it is not.
    while rig.last_asked() == 3 {
        rig.run_ms(1);
    }
    rig.seat(3).plugged = false;
    while rig.last_asked() != 3 {
        rig.run_ms(1);
    }
    rig.seat(3).plugged = true;
    let lost = rig.sent.len() - 1;
    rig.unlock(3, 9).unwrap();
    rig.run_ms(400);
    let frames = &rig.sent[lost..];
    assert_eq!(frames[0].1, frames[1].1, "the retry, before anybody else");
    assert_eq!((frames[2].1[2], frames[2].1[8]), (3, OUT));
    assert_eq!(rig.count(&BusEvent::UnlockAcked { ticket: 9 }), 1);
}

#[test]
fn on_a_long_slow_line_a_lost_answer_does_not_wait_for_the_whole_round() {
    let mut rig = Rig::keyed(32, 9_600);
    rig.run_ms(20_000);
    rig.fate = [Fate::Lost].into();
    let from = rig.sent.len();
    rig.run_ms(400);
    let frames: Vec<&Vec<u8>> = rig.sent[from..].iter().map(|(_, frame)| frame).collect();
    let again = frames[1..].iter().position(|frame| *frame == frames[0]);
    assert!(again.is_some_and(|place| place <= 1), "{again:?}");
}

#[test]
fn on_the_slowest_line_a_card_is_still_live() {
    let mut rig = Rig::keyed(10, 1_200);
    rig.run_ms(40_000);
    rig.show(4);
    rig.run_ms(6_000);
    assert!(matches!(rig.cards()[..], [(_, true)]), "{:?}", rig.cards());
    assert!(
        rig.events
            .iter()
            .all(|(_, event)| !matches!(event, BusEvent::Offline { .. }))
    );
}

#[test]
fn a_line_cut_for_twelve_seconds_is_back_within_two_and_a_handshake_a_reader() {
    let mut rig = Rig::keyed(8, 9_600);
    (0..8).for_each(|at| rig.seat(at).plugged = false);
    rig.run_ms(12_000);
    (0..8).for_each(|at| {
        rig.seat(at).plugged = true;
        rig.seat(at).pd.handle_silence();
    });
    let repaired = rig.up;
    rig.run_ms(8_000);
    for at in 0..8 {
        let reader = ReaderIndex::new(at);
        let online = BusEvent::Online {
            reader,
            secure: true,
        };
        let back = rig.events.iter().rev().find(|(_, event)| *event == online);
        let took = back.unwrap().0 - repaired;
        assert!(took < 2_000_000 + 8 * 300_000, "reader {at}: {took} µs");
    }
}

#[test]
fn a_reader_is_online_only_when_tamper_and_heads_have_been_asked_for() {
    let mut rig = Rig::new(vec![Security::Clear], 9_600);
    while rig.events.iter().all(|(_, event)| {
        *event
            != BusEvent::Online {
                reader: FIRST,
                secure: false,
            }
    }) {
        rig.run_ms(1);
    }
    let codes: Vec<u8> = rig.sent.iter().map(|(_, frame)| frame[6]).collect();
    assert_eq!(codes[0], ID);
    assert!(
        codes.contains(&LSTAT) && codes.contains(&RSTAT),
        "{codes:02x?}"
    );
}

#[test]
fn a_repeated_answer_is_one_card() {
    let mut rig = Rig::keyed(2, 115_200);
    rig.show(0);
    while rig.cards().is_empty() {
        rig.run_ms(1);
    }
    let answer = rig.replies.last().unwrap().clone();
    for _ in 0..5 {
        rig.inject(&answer);
        rig.run_ms(1);
    }
    rig.run_ms(500);
    assert_eq!(rig.cards().len(), 1);
}

#[test]
fn a_dead_line_lets_the_machine_sleep() {
    let mut rig = Rig::keyed(8, 115_200);
    (0..8).for_each(|at| rig.seat(at).plugged = false);
    rig.run_ms(10_000);
    let before = rig.wakes;
    rig.run_ms(10_000);
    let wakes = rig.wakes - before;
    // Eight readers, one probe a second each: a wake to send it and one to give it up.
    assert!(wakes < 8 * 10 * 4, "{wakes} wakes in 10 s");
    assert_eq!(rig.bus.stats(FIRST).unwrap().state, ReaderState::Offline);
}

#[test]
fn a_new_key_ends_the_session_and_begins_another() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.replace(0, Some(key(3)));
    rig.bus.set_key(FIRST, key(3)).unwrap();
    rig.run_ms(2_000);
    assert_eq!(
        rig.bus.stats(FIRST).unwrap().sessions,
        2,
        "{:?}",
        rig.events
    );
    rig.show(0);
    rig.run_ms(200);
    assert_eq!(rig.cards().len(), 1);
    rig.assert_nothing_in_clear();
}

#[test]
fn asking_for_inputs_makes_no_card_wait_for_another_round() {
    let mut rig = Rig::keyed(32, 9_600);
    rig.turnaround = 0;
    rig.run_ms(20_000);
    for turn in 0..60_u64 {
        rig.run_ms(137 + turn * 7 % 311);
        let reader = usize::try_from(turn % 32).unwrap();
        rig.show(reader);
        let (shown, before) = (rig.up, rig.cards().len());
        rig.run_ms(1_300);
        assert_eq!(rig.cards().len(), before + 1, "shown at {shown}");
    }
}
