//! A strict door with a Wiegand reader, whose cards anybody at its wires can play back: no card alone opens it, whatever is tried.

use std::time::Duration;

use access::{
    DoorMode, Level, LineId, ModeBySchedule, ModeOrder, ModePlan, Persons, Pin, PinDigits,
    PinNumber, Place, ReaderId,
};
use site::{DoorClass, SitePlan};

use crate::rig::{HALL, HOURS, Rig, pin_key, plan};

const AT_MAIN: ReaderId = ReaderId::new(1);
const WEST: LineId = LineId::new(3);
/// Facility 1, number 12345, as a converter pushes it.
const CARD: &[u8] = b"013039\r";
const GRANTED: &str = "access-granted door 5 reader 5 ok";
const PIN_NEEDED: &str = "access-denied door 5 reader 5 pin-needed";
const OTHER_CARD: &[u8] = b"01303A\r";

/// The usual house with a strict hall, in this mode of its own.
fn strict_hall(mode: DoorMode) -> SitePlan {
    let mut plan = plan();
    // The hall, and the reader that has its strike.
    plan.lines.remove(1);
    plan.lines[0].readers.truncate(1);
    plan.doors.retain(|door| door.id == HALL);
    let hall = plan.doors.last_mut().unwrap();
    hall.class = DoorClass::Strict;
    hall.rules.level = Level::Limited;
    hall.rules.mode = mode;
    plan
}

/// With two cards of the house that may enter, both with the PIN 2580.
fn rig_of(plan: SitePlan) -> Rig {
    let mut rig = Rig::with(plan);
    for (card, number) in [(12_345, 42), (12_346, 43)] {
        rig.issue(card, |card| {
            card.rights[0].place = Place::Door(HALL);
            let digits = PinDigits::chosen("2580").unwrap();
            card.pin = Some(Pin {
                number: PinNumber::new(number).unwrap(),
                hash: pin_key().hash(card.holder.issuance, &digits),
                duress: None,
            });
        });
    }
    rig
}

/// Plays a card back at the wires.
fn play(rig: &mut Rig, card: &[u8]) {
    rig.inject(WEST, card);
    // The converter repeats what is held to it; a second later it is another card.
    rig.run_ms(1_100);
}

fn press(rig: &mut Rig, keys: &str) {
    for key in keys.bytes() {
        rig.inject(WEST, &[key]);
        rig.run_ms(300);
    }
}

fn must_be_shut(rig: &Rig, when: &str) {
    let granted = rig.passages().iter().any(|told| told == GRANTED);
    assert!(!granted && rig.outs.is_empty(), "{when}: {:?}", rig.told());
}

/// Every way in which something else than the configuration gives a mode.
fn ways(mode: DoorMode) -> [(&'static str, ModePlan); 3] {
    let by_schedule = |after_first_card| {
        vec![ModeBySchedule {
            schedule: HOURS,
            mode,
            after_first_card,
        }]
    };
    let order = ModeOrder { mode, until: None };
    [
        (
            "by order",
            ModePlan {
                order: Some(order),
                by_schedule: Vec::new(),
            },
        ),
        (
            "by schedule",
            ModePlan {
                order: None,
                by_schedule: by_schedule(false),
            },
        ),
        (
            "after a first card",
            ModePlan {
                order: None,
                by_schedule: by_schedule(true),
            },
        ),
    ]
}

#[test]
fn no_card_alone_opens_a_strict_door_on_wiegand_in_any_mode_however_it_came_about() {
    for mode in DoorMode::ALL {
        for (way, modes) in ways(mode) {
            let mut rig = rig_of(strict_hall(DoorMode::Card));
            rig.hours(&["daily 00:00-24:00"], vec![(HALL, modes)]);
            rig.run_ms(1_000);
            let when = format!("{} {way}", mode.as_str());
            must_be_shut(&rig, &when);
            for card in [CARD, OTHER_CARD] {
                play(&mut rig, card);
                must_be_shut(&rig, &when);
            }
            // Number and PIN, as if no card were wanted.
            press(&mut rig, "0000422580#");
            rig.leap_s(15);
            must_be_shut(&rig, &when);
            let state = rig.site.door_state(HALL).unwrap();
            assert_ne!(state.mode, DoorMode::Unlocked, "{when}");
        }
    }
}

#[test]
fn m34_card_and_pin_open_it_once_and_leave_it_shut_behind() {
    let mut rig = rig_of(strict_hall(DoorMode::Card));
    let [_, _, (_, waits)] = ways(DoorMode::Unlocked);
    rig.hours(&["daily 00:00-24:00"], vec![(HALL, waits)]);
    play(&mut rig, CARD);
    press(&mut rig, "2580#");
    assert_eq!(rig.passages(), [GRANTED]);
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
    // Somebody of the house came, and the hours that waited for that still unlock nothing.
    rig.leap_s(60);
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
    play(&mut rig, OTHER_CARD);
    rig.leap_s(15);
    assert_eq!(rig.passages(), [GRANTED, PIN_NEEDED]);
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
}

#[test]
fn where_two_must_come_each_of_them_types_a_pin() {
    let mut plan = strict_hall(DoorMode::Card);
    plan.doors.last_mut().unwrap().rules.persons = Some(Persons {
        count: 2,
        within: Duration::from_secs(60),
    });
    let mut rig = rig_of(plan);
    play(&mut rig, CARD);
    press(&mut rig, "2580#");
    play(&mut rig, OTHER_CARD);
    rig.leap_s(15);
    must_be_shut(&rig, "the second typed none");
    play(&mut rig, OTHER_CARD);
    press(&mut rig, "2580#");
    assert_eq!(rig.passages().last().unwrap(), GRANTED);
}

/// `card+pin` is a mode, which an order replaces; `exclusion` lets nobody in there, so it is refused where it is written.
#[test]
fn a_plan_that_does_not_want_each_pin_is_refused() {
    for level in [Level::Controlled, Level::Limited, Level::Exclusion] {
        for mode in DoorMode::ALL {
            let mut plan = strict_hall(mode);
            plan.doors.last_mut().unwrap().rules.level = level;
            let taken = level == Level::Limited && mode != DoorMode::Unlocked;
            if taken {
                Rig::with(plan);
            } else {
                let refused = Rig::refused(plan).to_string();
                assert!(refused.contains("without a PIN"), "{level:?} {mode:?}");
            }
        }
    }
}
