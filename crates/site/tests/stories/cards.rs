//! Cards at doors.

use std::sync::Arc;

use access::{
    ByNumber, CardBits, DoorId, Generation, IssuanceId, ReaderId, Right, Standing, UnknownTag,
    UtcMicros, Validity,
};
use event_log::{Event, What, Who};
use reader_bus::Uptime;

use crate::rig::{DESK, HALL, MAIN, MIDNIGHT, Mood, Rig, TEN, VAULT, WIEGAND, card, house_key};

const AT_MAIN: ReaderId = ReaderId::new(1);
const AT_VAULT: ReaderId = ReaderId::new(2);
const AT_SIDE: ReaderId = ReaderId::new(3);

#[test]
fn a_card_opens_its_door_only_after_the_record_is_durable() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.archive.mood = Mood::Slow;
    rig.show(AT_MAIN, 1);
    rig.run_ms(200);
    assert!(rig.opened(AT_MAIN).is_empty(), "nothing is durable yet");
    rig.archive.mood = Mood::Well;
    rig.run_ms(100);
    assert_eq!(rig.passages(), ["access-granted door 1 reader 1 ok"]);
    let recorded = rig
        .archive
        .durable
        .iter()
        .find(|(_, event)| matches!(event.what, What::Passage(_)))
        .unwrap()
        .0;
    let opened = rig.opened(AT_MAIN);
    assert_eq!(opened.len(), 1);
    assert!(
        recorded <= opened[0],
        "recorded {recorded:?}, opened {opened:?}"
    );
    assert_eq!(rig.outs[0].control.time_100ms, 50);
    assert_eq!(rig.outs[0].control.output, 0);
}

#[test]
fn an_expired_card_stays_out() {
    let mut rig = Rig::new();
    let until = UtcMicros::from_micros(TEN.micros() + 5_000_000);
    rig.issue(1, |card| {
        card.valid = Validity::new(MIDNIGHT, Some(until)).unwrap()
    });
    rig.show(AT_MAIN, 1);
    rig.run_ms(3_000);
    rig.show(AT_MAIN, 1);
    assert_eq!(
        rig.passages(),
        [
            "access-granted door 1 reader 1 ok",
            "access-denied door 1 reader 1 expired"
        ]
    );
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
}

#[test]
fn a_card_that_is_not_valid_yet_stays_out() {
    let mut rig = Rig::new();
    rig.issue(1, |card| {
        card.valid = Validity::new(UtcMicros::from_micros(TEN.micros() + 60_000_000), None).unwrap()
    });
    rig.show(AT_MAIN, 1);
    assert_eq!(
        rig.passages(),
        ["access-denied door 1 reader 1 not-yet-valid"]
    );
    assert!(rig.outs.is_empty());
}

#[test]
fn a_revoked_card_stays_out() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.show(AT_MAIN, 1);
    let holder = rig.issue(1, |card| card.standing = Standing::Returned);
    rig.show(AT_MAIN, 1);
    assert_eq!(
        rig.passages(),
        [
            "access-granted door 1 reader 1 ok",
            "access-denied door 1 reader 1 returned"
        ]
    );
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
    let What::Passage(denied) = &rig.archive.durable.last().unwrap().1.what else {
        panic!("no passage")
    };
    assert_eq!(
        (&denied.who, denied.generation.get()),
        (&Who::Holder(holder), 2)
    );
}

#[test]
fn an_unknown_card_is_recorded_by_a_day_tag_only() {
    let mut rig = Rig::new();
    rig.show(AT_MAIN, 99);
    rig.show(AT_MAIN, 99);
    assert_eq!(
        rig.passages(),
        ["access-denied door 1 reader 1 unknown-card"; 2]
    );
    assert!(rig.outs.is_empty());
    let number = access::card::formats::H10301.read(&card(99)).unwrap();
    let tag = access::TagKey::new([0xDA; 32]).unknown_tag(&number);
    for who in who(&rig) {
        assert_eq!(who, Who::Unknown { tag, bit_count: 26 });
    }
    assert_ne!(
        &house_key().tag(&number).as_bytes()[..8],
        tag.as_bytes(),
        "the house's tag never enters the log"
    );
}

#[test]
fn a_card_without_a_right_on_the_door_stays_out() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.show(AT_VAULT, 1);
    assert_eq!(rig.passages(), ["access-denied door 2 reader 2 no-right"]);
    assert!(rig.outs.is_empty());
}

#[test]
fn a_card_in_a_wrong_format_or_with_wrong_parity_stays_out_and_is_recorded() {
    let mut rig = Rig::new();
    rig.show_bits(AT_MAIN, &CardBits::new(&[0xAA; 5], 37).unwrap());
    rig.run_ms(90);
    let mut flipped = card(1).bits().to_vec();
    flipped[1] ^= 0x10;
    rig.show_bits(AT_MAIN, &CardBits::new(&flipped, 26).unwrap());
    rig.run_ms(90);
    assert_eq!(
        rig.passages(),
        [
            "access-denied door 1 reader 1 wrong-format",
            "access-denied door 1 reader 1 parity"
        ]
    );
    let counts: Vec<u16> = who(&rig).iter().map(bit_count).collect();
    assert_eq!(counts, [37, 26]);
    assert!(rig.outs.is_empty());
}

#[test]
fn a_card_at_a_reader_without_a_door_opens_nothing_and_is_recorded() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.show(DESK, 1);
    rig.show(DESK, 2);
    assert_eq!(
        rig.passages(),
        [
            "access-denied door - reader 4 no-right",
            "access-denied door - reader 4 unknown-card"
        ]
    );
    assert!(rig.outs.is_empty());
}

#[test]
fn a_buffered_card_is_logged_but_never_granted() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.plug(AT_MAIN, false);
    rig.show_bits(AT_MAIN, &card(1));
    rig.run_ms(12_000);
    rig.plug(AT_MAIN, true);
    rig.run_ms(5_000);
    assert_eq!(rig.passages(), ["access-buffered door 1 reader 1 buffered"]);
    assert!(rig.outs.is_empty());
    rig.show(AT_MAIN, 1);
    assert_eq!(
        rig.opened(AT_MAIN).len(),
        1,
        "shown again it is a card like any other"
    );
}

#[test]
fn a_card_on_one_line_never_opens_a_door_bound_to_another() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    // Reader 3 has the same address on its line as the main reader has on its own.
    rig.show(AT_SIDE, 1);
    assert_eq!(rig.passages(), ["access-denied door 3 reader 3 no-right"]);
    assert!(rig.outs.is_empty());
}

#[test]
fn a_wiegand_reader_opens_its_door_through_a_strike_on_another_line() {
    let mut rig = Rig::new();
    let hall = HALL;
    rig.issue(12_345, |card| {
        card.rights = vec![Right::on(hall, card.valid)]
    });
    // Facility 1, number 12345, parity stripped, as a converter pushes it.
    rig.inject(access::LineId::new(3), b"013039\r");
    rig.run_ms(200);
    assert_eq!(rig.passages(), ["access-granted door 5 reader 5 ok"]);
    assert_eq!(
        rig.outs
            .iter()
            .map(|out| (out.reader, out.control.output))
            .collect::<Vec<_>>(),
        [(AT_MAIN, 1)]
    );
    assert_eq!(rig.opened(WIEGAND), Vec::<Uptime>::new());
}

#[test]
fn why_says_what_the_door_would_say() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    let tag = house_key().tag(&access::card::formats::H10301.read(&card(1)).unwrap());
    let reason = |door| {
        rig.site
            .explain((tag, door), TEN, &ByNumber)
            .unwrap()
            .reason
            .as_str()
    };
    assert_eq!((reason(MAIN), reason(VAULT)), ("ok", "no-right"));
    assert!(
        rig.site
            .explain((tag, DoorId::new(77)), TEN, &ByNumber)
            .is_err()
    );
}

fn who(rig: &Rig) -> Vec<Who> {
    let who = |event: &Event| {
        if let What::Passage(passage) = &event.what {
            Some(passage.who)
        } else {
            None
        }
    };
    rig.archive
        .durable
        .iter()
        .filter_map(|(_, event)| who(event))
        .collect()
}

fn bit_count(who: &Who) -> u16 {
    match who {
        Who::Unknown { tag, bit_count } => {
            assert_ne!(*tag, UnknownTag::new([0; 8]));
            *bit_count
        }
        Who::Holder(holder) => panic!("not an unknown card: {holder:?}"),
    }
}

#[test]
fn keys_told_as_four_bits_are_no_card_and_kept_ones_are_recorded_without_saying_which() {
    let mut rig = Rig::new();
    let key = CardBits::new(&[0x70], 4).unwrap();
    rig.show_bits(AT_MAIN, &key);
    rig.run_ms(500);
    assert!(rig.passages().is_empty(), "no door asks for a PIN");
    rig.plug(AT_MAIN, false);
    rig.run_ms(9_000);
    rig.show_bits(AT_MAIN, &key);
    rig.plug(AT_MAIN, true);
    rig.run_ms(3_000);
    assert!(rig.passages().is_empty());
    let kept = |told: &String| told.starts_with("reader-keys-buffered reader 1");
    assert_eq!(rig.told().iter().filter(|told| kept(told)).count(), 1);
    assert!(
        !rig.told().iter().any(|told| told.contains('7')),
        "{:?}",
        rig.told()
    );
}

#[test]
fn the_last_reading_is_kept_for_a_minute_and_in_no_record() {
    let mut rig = Rig::new();
    rig.show(AT_MAIN, 99);
    let up = rig.now().up;
    let read = rig.site.last_read(AT_MAIN, up).unwrap();
    assert_eq!((&read.bits, read.live), (&card(99), true));
    assert!(rig.site.last_read(AT_VAULT, up).is_none());
    rig.run_ms(60_000);
    assert!(rig.site.last_read(AT_MAIN, rig.now().up).is_none());
}

#[test]
fn a_past_generation_is_known_until_eight_others_came_and_a_list_packed_anew_is_none() {
    let mut rig = Rig::new();
    let known = |rig: &Rig, number| rig.site.generation(Generation::new(number)).is_some();
    rig.issue(1, |_| {});
    let again = rig.site.generation(Generation::new(1)).unwrap();
    for _ in 0..20 {
        let packed = Arc::new(again.packed().unwrap());
        assert!(rig.site.swap_allowlist(packed).is_some());
    }
    assert!(known(&rig, 0) && known(&rig, 1));
    (2..9).for_each(|number| {
        rig.issue(number, |_| {});
    });
    assert!(known(&rig, 0));
    rig.issue(9, |_| {});
    assert!(!known(&rig, 0) && known(&rig, 1));
    rig.site.forget(IssuanceId::from_random(1));
    assert!(!known(&rig, 1) && known(&rig, 9));
}
