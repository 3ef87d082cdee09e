//! PINs behind cards, and instead of them.

use std::time::Duration;

use access::{
    CardEntry, DoorMode, Persons, Pin, PinDigits, PinNumber, ReaderId, UtcMicros, Validity,
};

use crate::rig::{MAIN, MIDNIGHT, Rig, TEN, pin_key, plan};

const AT_MAIN: ReaderId = ReaderId::new(1);

/// A door of this mode, long after its controller started.
fn rig(mode: DoorMode) -> Rig {
    let mut plan = plan();
    plan.doors[0].rules.mode = mode;
    let mut rig = Rig::with(plan);
    rig.leap_s(300);
    rig
}

/// The PIN 2580, or 1593 under duress, by the number 000042.
fn with_pin(card: &mut CardEntry) {
    let of = card.holder.issuance;
    let hash = |digits| pin_key().hash(of, &PinDigits::chosen(digits).unwrap());
    card.pin = Some(Pin {
        number: PinNumber::new(42).unwrap(),
        hash: hash("2580"),
        duress: Some(hash("1593")),
    });
}

const GRANTED: &str = "access-granted door 1 reader 1 ok";

#[test]
fn a_card_waits_for_its_pin_and_has_one_record() {
    let mut rig = rig(DoorMode::CardAndPin);
    rig.issue(1, with_pin);
    rig.show(AT_MAIN, 1);
    assert!(rig.passages().is_empty(), "{:?}", rig.passages());
    rig.press(AT_MAIN, b"2580#");
    assert_eq!(rig.passages(), [GRANTED]);
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
}

#[test]
fn without_its_pin_it_is_refused_after_a_while_or_with_the_next_card() {
    let mut rig = rig(DoorMode::CardAndPin);
    rig.issue(1, with_pin);
    rig.show(AT_MAIN, 1);
    rig.run_ms(14_000);
    assert!(rig.passages().is_empty());
    rig.run_ms(1_000);
    let needed = "access-denied door 1 reader 1 pin-needed".to_owned();
    assert_eq!(rig.passages(), std::slice::from_ref(&needed));
    rig.show(AT_MAIN, 1);
    rig.show(AT_MAIN, 77);
    let unknown = "access-denied door 1 reader 1 unknown-card".to_owned();
    assert_eq!(rig.passages(), [needed.clone(), needed, unknown]);
    rig.press(AT_MAIN, b"2580#");
    assert!(rig.outs.is_empty());
}

#[test]
fn wrong_pins_lock_the_pin_and_the_right_one_is_of_no_use_then() {
    let mut rig = rig(DoorMode::CardAndPin);
    rig.issue(1, with_pin);
    let attempt = |rig: &mut Rig, pin: &[u8]| {
        rig.show(AT_MAIN, 1);
        rig.press(AT_MAIN, pin);
    };
    (0..5).for_each(|_| attempt(&mut rig, b"1111#"));
    assert_eq!(rig.at_doors(), ["pin-locked door 1"]);
    rig.show(AT_MAIN, 1);
    let mut told = vec!["access-denied door 1 reader 1 pin-wrong"; 5];
    told.push("access-denied door 1 reader 1 pin-locked");
    assert_eq!(rig.passages(), told);
    rig.leap_s(300);
    attempt(&mut rig, b"2580#");
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
    // The right one has wiped the slate.
    attempt(&mut rig, b"1111#");
    attempt(&mut rig, b"2580#");
    assert_eq!(rig.passages().last().unwrap(), GRANTED);
}

#[test]
fn under_duress_the_door_opens_and_an_alarm_says_so() {
    let mut rig = rig(DoorMode::CardAndPin);
    rig.issue(1, with_pin);
    rig.show(AT_MAIN, 1);
    rig.press(AT_MAIN, b"1593#");
    assert_eq!(rig.passages(), [GRANTED]);
    assert_eq!(rig.at_doors(), ["duress door 1"]);
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
}

#[test]
fn number_and_pin_stand_for_a_card_only_where_the_door_allows_it() {
    for (mode, told) in [
        (DoorMode::CardOrPin, GRANTED),
        (
            DoorMode::CardAndPin,
            "access-denied door 1 reader 1 card-needed",
        ),
        (DoorMode::Card, "access-denied door 1 reader 1 card-needed"),
    ] {
        let mut rig = rig(mode);
        rig.issue(1, with_pin);
        rig.press(AT_MAIN, b"0000422580#");
        assert_eq!(rig.passages(), [told], "{mode:?}");
    }
}

#[test]
fn a_pad_where_numbers_are_tried_out_takes_none_for_a_while_and_cards_go_on() {
    let mut rig = rig(DoorMode::CardOrPin);
    rig.issue(1, with_pin);
    for number in 0..5 {
        rig.press(AT_MAIN, format!("99999{number}2580#").as_bytes());
    }
    rig.press(AT_MAIN, b"0000422580#");
    let mut told = vec!["access-denied door 1 reader 1 unknown-card"; 5];
    told.push("access-denied door 1 reader 1 pin-locked");
    assert_eq!(rig.passages(), told);
    rig.show(AT_MAIN, 1);
    assert_eq!(rig.passages().last().unwrap(), GRANTED);
}

#[test]
fn a_right_pin_helps_no_card_that_has_ended() {
    let mut rig = rig(DoorMode::CardAndPin);
    rig.issue(1, |card| {
        with_pin(card);
        let until = UtcMicros::from_micros(TEN.micros() + 311_000_000);
        card.valid = Validity::new(MIDNIGHT, Some(until)).unwrap();
    });
    rig.show(AT_MAIN, 1);
    rig.run_ms(5_000);
    rig.press(AT_MAIN, b"2580#");
    assert_eq!(rig.passages(), ["access-denied door 1 reader 1 expired"]);
}

#[test]
fn a_stop_refuses_the_card_that_waits() {
    let mut rig = rig(DoorMode::CardAndPin);
    rig.issue(1, with_pin);
    rig.show(AT_MAIN, 1);
    let now = rig.now();
    rig.site.withdraw_all(now);
    rig.run_ms(100);
    assert_eq!(rig.passages(), ["access-denied door 1 reader 1 pin-needed"]);
    assert_eq!(rig.site.door_state(MAIN).unwrap().open, None);
}

#[test]
fn right_after_a_start_one_wrong_pin_is_enough() {
    let mut plan = plan();
    plan.doors[0].rules.mode = DoorMode::CardAndPin;
    let mut rig = Rig::with(plan);
    rig.issue(1, with_pin);
    rig.show(AT_MAIN, 1);
    rig.press(AT_MAIN, b"1111#");
    assert_eq!(rig.at_doors(), ["pin-locked door 1"]);
}

/// Whoever is forced is heard also where the door waits for a second person.
#[test]
fn duress_is_told_whether_or_not_the_door_opens() {
    let mut plan = plan();
    plan.doors[0].rules.mode = DoorMode::CardAndPin;
    plan.doors[0].rules.persons = Some(Persons {
        count: 2,
        within: Duration::from_secs(20),
    });
    let mut rig = Rig::with(plan);
    rig.issue(1, with_pin);
    rig.show(AT_MAIN, 1);
    rig.press(AT_MAIN, b"1593#");
    let needed = "access-denied door 1 reader 1 second-person-needed";
    assert_eq!(rig.passages(), [needed]);
    assert_eq!(rig.at_doors(), ["duress door 1"]);
}
