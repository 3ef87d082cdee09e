//! Tests of a door: what its levels and time alone bring about.

use access::{DoorId, DoorRules, ReaderId};

use super::*;
use crate::plan::{DoorClass, InputAt, Strike};

fn at(ms: u64) -> Uptime {
    Uptime::from_micros(ms * 1_000)
}

fn door(mode: DoorMode) -> Door {
    let reader = ReaderId::new(1);
    Door::new(DoorPlan {
        id: DoorId::new(1),
        entry: vec![reader],
        strike: Strike::active(reader, 0),
        open_for: Duration::from_secs(5),
        contact: Some(InputAt::active(reader, 0)),
        exit_button: Some(InputAt::active(reader, 1)),
        held_after: Duration::from_secs(30),
        warn_before_held: None,
        relock_on_close: false,
        debounce: Duration::ZERO,
        class: DoorClass::Standard,
        rules: DoorRules::of_mode(mode),
        groups: Vec::new(),
    })
}

fn shut() -> Door {
    let mut door = door(DoorMode::Card);
    assert_eq!(door.contact(false, at(0)), None);
    door
}

#[test]
fn a_leaf_opened_without_leave_is_forced() {
    let mut door = shut();
    assert_eq!(door.contact(true, at(10)), Some(Incident::Forced));
    assert_eq!(
        door.contact(true, at(20)),
        None,
        "the same level again is no news"
    );
    assert_eq!(door.contact(false, at(30)), Some(Incident::Closed));
}

#[test]
fn a_released_leaf_may_open_until_the_strike_falls() {
    let released = |opens_ms| {
        let mut door = shut();
        door.released(Duration::from_secs(5), true, at(0));
        door.contact(true, at(opens_ms))
    };
    assert_eq!(released(4_999), None);
    assert_eq!(released(5_999), None, "the contact is polled");
    assert_eq!(released(6_000), Some(Incident::Forced));
}

#[test]
fn a_leaf_that_stands_open_is_held_once() {
    let mut door = shut();
    door.released(Duration::from_secs(5), true, at(0));
    assert_eq!(door.contact(true, at(1_000)), None);
    assert_eq!(door.due(), Some(at(31_000)));
    assert_eq!(door.tick(at(30_999)), None);
    assert_eq!(door.tick(at(31_000)), Some(Incident::Held));
    assert_eq!((door.tick(at(99_000)), door.due()), (None, None));
    assert_eq!(door.contact(false, at(99_001)), Some(Incident::Closed));
}

#[test]
fn a_release_nobody_used_is_no_entry() {
    let mut door = shut();
    door.released(Duration::from_secs(5), true, at(0));
    assert_eq!(door.due(), Some(at(6_000)));
    assert_eq!(door.tick(at(6_000)), Some(Incident::NoEntry));
    assert_eq!(door.tick(at(6_000)), None);
}

#[test]
fn without_a_contact_nobody_is_missed() {
    let mut door = door(DoorMode::Card);
    door.released(Duration::from_secs(5), true, at(0));
    assert_eq!((door.due(), door.is_open()), (None, None));
}

#[test]
fn a_missed_closing_is_seen_with_the_next_level() {
    let mut door = shut();
    door.released(Duration::from_secs(1), true, at(0));
    door.contact(true, at(500));
    // Closed and opened again between two polls: still open, still one opening.
    assert_eq!(door.contact(true, at(20_000)), None);
    assert_eq!(door.contact(false, at(21_000)), None);
    assert_eq!(door.contact(true, at(22_000)), Some(Incident::Forced));
}

#[test]
fn a_leaf_found_open_at_the_start_is_not_forced_but_may_be_held() {
    let mut door = door(DoorMode::Card);
    assert_eq!(door.contact(true, at(0)), None);
    assert_eq!(door.tick(at(30_000)), Some(Incident::Held));
}

#[test]
fn the_exit_button_counts_once_a_press_and_excuses_an_opening() {
    let mut door = shut();
    assert_eq!(door.button(true, at(0)), Some(Incident::ExitPressed));
    assert_eq!(door.button(true, at(0)), None);
    assert_eq!(door.contact(true, at(10)), None);
    assert_eq!(door.button(false, at(20)), None);
    assert_eq!(door.button(true, at(0)), Some(Incident::ExitPressed));
}

#[test]
fn a_door_that_stands_unlocked_is_neither_forced_nor_held() {
    let mut door = door(DoorMode::Unlocked);
    door.contact(false, at(0));
    assert_eq!(door.contact(true, at(10)), None);
    assert_eq!(door.due(), None);
}

/// Locked before the leaf moved, as by a lockdown: who was let in is not waited for until somebody else comes.
#[test]
fn whoever_was_let_in_does_not_come_in_with_a_forced_leaf_nor_after_it() {
    let mut door = shut();
    let guest = Guest {
        card: access::IssuanceId::from_random(1),
        reader: ReaderId::new(1),
        visitor: false,
        ticket: 7,
    };
    door.guests_mut().announce([guest]);
    assert_eq!(door.admit(7), (vec![guest], vec![]));
    door.released(Duration::from_secs(5), true, at(10));
    door.locked(at(300));
    assert_eq!(door.contact(true, at(2_000)), Some(Incident::Forced));
    assert_eq!(door.contact(false, at(3_000)), Some(Incident::Closed));
    assert_eq!(door.button(true, at(60_000)), Some(Incident::ExitPressed));
    assert_eq!(door.contact(true, at(60_100)), None);
}
