//! What a line does when nothing is wrong.

use reader_bus::{
    BusError, BusEvent, Feedback, Levels, ReaderIndex, ReaderState, Security, Uptime,
};

use crate::rig::{CARD, Rig};

const FIRST: ReaderIndex = ReaderIndex::new(0);

#[test]
fn readers_come_online_in_secure_channel() {
    let rig = Rig::keyed(8, 115_200);
    for at in 0..8 {
        let reader = ReaderIndex::new(at);
        assert_eq!(
            rig.count(&BusEvent::Online {
                reader,
                secure: true
            }),
            1,
            "{:?}",
            rig.events
        );
        assert_eq!(rig.bus.stats(reader).unwrap().state, ReaderState::Online);
        assert_eq!(rig.bus.stats(reader).unwrap().sessions, 1);
    }
    assert_eq!(rig.bus.line_stats().stray_frames, 0);
}

#[test]
fn a_reader_in_clear_is_served_in_clear_when_that_is_spelt_out() {
    let mut rig = Rig::new(vec![Security::Clear], 9_600);
    rig.run_ms(1_000);
    assert_eq!(
        rig.count(&BusEvent::Online {
            reader: FIRST,
            secure: false
        }),
        1
    );
    rig.show(0);
    rig.run_ms(100);
    assert_eq!(rig.cards().len(), 1);
}

#[test]
fn a_reader_whose_key_is_not_there_serves_nobody() {
    let mut rig = Rig::new(vec![Security::NoKey], 9_600);
    rig.show(0);
    rig.run_ms(5_000);
    assert_eq!(rig.bus.stats(FIRST).unwrap().state, ReaderState::NoKey);
    assert!(rig.cards().is_empty());
    assert_eq!(
        rig.unlock(0, 1),
        Err(BusError::NotInService { reader: FIRST })
    );
    rig.bus.set_key(FIRST, crate::rig::key(0)).unwrap();
    rig.run_ms(2_000);
    assert_eq!(
        rig.count(&BusEvent::Online {
            reader: FIRST,
            secure: true
        }),
        1,
        "{:?}",
        rig.events
    );
}

#[test]
fn a_card_is_told_with_its_bits_and_the_unlock_is_the_very_next_frame() {
    let mut rig = Rig::keyed(4, 115_200);
    rig.show(2);
    while rig.cards().is_empty() {
        rig.run_ms(1);
    }
    let told = rig.events.iter().find_map(|(_, event)| {
        if let BusEvent::Card {
            reader,
            bits,
            bit_count,
            live: true,
        } = event
        {
            Some((reader.get(), bits.as_slice().to_vec(), *bit_count))
        } else {
            None
        }
    });
    assert_eq!(told, Some((2, CARD.to_vec(), 26)));
    let frames = rig.sent.len();
    rig.unlock(2, 7).unwrap();
    rig.run_ms(20);
    assert_eq!(rig.outs.len(), 1);
    assert_eq!(
        rig.sent[frames].0, rig.outs[0].0,
        "nothing was asked between the card and the unlock"
    );
    assert_eq!(rig.count(&BusEvent::UnlockSent { ticket: 7 }), 1);
    assert_eq!(rig.count(&BusEvent::UnlockAcked { ticket: 7 }), 1);
}

#[test]
fn unlocks_without_end_leave_no_other_reader_unheard() {
    let mut rig = Rig::keyed(3, 9_600);
    rig.turnaround = 150_000;
    for ticket in 0..100 {
        // More than the line can take: what waits for too long is dropped.
        rig.unlock(0, ticket).unwrap();
        if ticket == 50 {
            rig.show(1);
            rig.show(2);
        }
        rig.run_ms(100);
    }
    let told = |wanted| {
        let card = |(_, event): &(u64, BusEvent)| matches!(event, BusEvent::Card { reader, live: true, .. } if reader.get() == wanted);
        rig.events.iter().filter(|told| card(told)).count()
    };
    assert_eq!([told(1), told(2)], [1, 1], "{:?}", rig.cards());
    let shown_at = rig.up - 50 * 100_000;
    let last = rig.cards().last().unwrap().0;
    assert!(
        last < shown_at + 2_000_000,
        "{last} µs, shown at {shown_at}"
    );
    assert!(rig.outs.len() > 30, "{} unlocks", rig.outs.len());
}

#[test]
fn the_line_waits_for_the_unlock_and_not_after_a_release() {
    let mut rig = Rig::keyed(4, 921_600);
    rig.turnaround = 100;
    let silence_after_card = |rig: &mut Rig, release: bool| {
        let before = rig.cards().len();
        rig.show(1);
        while rig.cards().len() == before {
            rig.up += 50;
            rig.bus.handle_timeout(rig.now());
            rig.run_ms(0);
        }
        if release {
            rig.bus.release(ReaderIndex::new(1));
        }
        let (frames, card_at) = (rig.sent.len(), rig.cards()[before].0);
        rig.run_ms(20);
        rig.sent[frames].0 - card_at
    };
    let held = silence_after_card(&mut rig, false);
    assert!((5_000..6_000).contains(&held), "{held}");
    let released = silence_after_card(&mut rig, true);
    assert!(released < 1_000, "{released}");
}

#[test]
fn a_secure_exchange_at_9600_takes_its_time_even_on_a_port_that_takes_none() {
    let mut rig = Rig::keyed(1, 9_600);
    rig.turnaround = 0;
    let before = rig.sent.len();
    rig.run_ms(1_000);
    let exchanges = rig.sent.len() - before;
    // POLL and ACK are 15 octets each, and 2 of silence: 33.3 ms.
    assert!((28..=30).contains(&exchanges), "{exchanges}");
}

#[test]
fn inputs_tamper_and_power_are_told_when_they_change() {
    let mut rig = Rig::keyed(1, 115_200);
    let reader = FIRST;
    rig.seat(0).pd.set_inputs(&[true, false]).unwrap();
    rig.seat(0).pd.set_tamper(true);
    rig.run_ms(200);
    assert_eq!(
        rig.count(&BusEvent::Inputs {
            reader,
            levels: Levels::new([true, false])
        }),
        1
    );
    assert_eq!(rig.count(&BusEvent::Tamper { reader, on: true }), 1);
    rig.seat(0).pd.set_tamper(false);
    rig.run_ms(35_000);
    assert_eq!(
        rig.count(&BusEvent::Inputs {
            reader,
            levels: Levels::new([true, false])
        }),
        1,
        "asked again, not told again"
    );
    assert_eq!(rig.count(&BusEvent::Tamper { reader, on: false }), 1);
}

#[test]
fn a_signal_delays_no_unlock() {
    let mut rig = Rig::keyed(1, 9_600);
    rig.bus.signal(FIRST, &Feedback::default().granted);
    rig.unlock(0, 1).unwrap();
    let ordered = rig.up;
    rig.run_ms(200);
    // At worst one exchange is under way: 15 + 15 octets and what the reader thinks.
    assert!(rig.outs[0].0 - ordered < 60_000, "{:?}", rig.outs);
}

#[test]
fn nobody_is_starved_by_a_reader_that_always_has_something_to_say() {
    let mut rig = Rig::keyed(4, 115_200);
    let polls = |rig: &Rig| -> Vec<u64> {
        (0..4)
            .map(|at| rig.bus.stats(ReaderIndex::new(at)).unwrap().polls)
            .collect()
    };
    let before = polls(&rig);
    for _ in 0..200 {
        let _full = rig.seat(0).pd.present_card(&CARD, 26);
        rig.run_ms(5);
    }
    let asked: Vec<u64> = polls(&rig)
        .iter()
        .zip(before)
        .map(|(now, before)| now - before)
        .collect();
    assert!(
        asked[1..].iter().all(|count| *count * 8 > asked[0]),
        "{asked:?}"
    );
}

#[test]
fn a_line_that_is_down_says_nothing_and_forgets_everything() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.bus.line_down(rig.now());
    rig.run_ms(100);
    assert_eq!(rig.count(&BusEvent::Offline { reader: FIRST }), 1);
    assert_eq!(
        (rig.bus.poll_timeout(), rig.unlock(0, 1)),
        (None, Err(BusError::LineDown))
    );
    rig.bus.line_up(rig.now());
    rig.run_ms(2_000);
    assert_eq!(
        rig.count(&BusEvent::Online {
            reader: FIRST,
            secure: true
        }),
        2
    );
    assert!(rig.now() > Uptime::START);
}

/// The codes of commands sent to a reader since `from`; from the session's sealed frames the code is in clear.
fn codes(rig: &Rig, from: usize) -> Vec<u8> {
    let frames = rig.sent[from..].iter();
    frames
        .map(|(_, frame)| {
            let is_secured = frame[5] & 8 != 0;
            let block = if is_secured { usize::from(frame[6]) } else { 0 };
            frame[6 + block]
        })
        .filter(|code| *code != 0x60)
        .collect()
}

#[test]
fn light_and_tone_are_told_and_a_text_only_where_there_is_a_display() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.run_ms(500);
    let from = rig.sent.len();
    let mut signal = Feedback::default().granted;
    signal.text = reader_bus::Caption::new("Welcome", 3);
    rig.bus.signal(FIRST, &signal);
    rig.run_ms(300);
    assert_eq!(codes(&rig, from), [0x69, 0x6A], "LED and BUZ, no TEXT");
}

#[test]
fn a_standing_light_is_told_again_after_the_reader_was_away() {
    let mut rig = Rig::keyed(1, 115_200);
    let lockdown = Feedback::default().lockdown.light;
    let from = rig.sent.len();
    rig.bus.stand(FIRST, lockdown);
    // What comes for a moment takes its turn together with it, not in its place.
    rig.bus.signal(FIRST, &Feedback::default().wait);
    rig.run_ms(300);
    assert_eq!(codes(&rig, from), [0x69]);
    rig.seat(0).plugged = false;
    rig.run_ms(10_000);
    rig.seat(0).plugged = true;
    let from = rig.sent.len();
    rig.run_ms(4_000);
    let told = codes(&rig, from).into_iter().filter(|code| *code == 0x69);
    assert_eq!(told.count(), 1);
    let from = rig.sent.len();
    rig.bus.stand(FIRST, None);
    rig.run_ms(300);
    assert_eq!(codes(&rig, from), [0x69], "put out");
}

#[test]
fn feedback_of_one_reader_lets_the_others_be_polled_in_between() {
    let mut rig = Rig::keyed(4, 9_600);
    rig.run_ms(500);
    let from = rig.sent.len();
    rig.bus.signal(FIRST, &Feedback::default().denied);
    rig.run_ms(600);
    let asked: Vec<u8> = rig.sent[from..].iter().map(|(_, frame)| frame[2]).collect();
    // Light, tone, and its own turn in the round: never a third time running, and nobody misses a round for it.
    assert!(
        !asked.windows(3).any(|three| three == [0, 0, 0]),
        "{asked:?}"
    );
    let round = asked.windows(8);
    assert!(
        round
            .clone()
            .all(|round| (1..4).all(|other| round.contains(&other))),
        "{asked:?}"
    );
}
