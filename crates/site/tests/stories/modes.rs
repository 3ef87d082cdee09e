//! Doors that let people in another way by the hour, by order, and after a first card.

use access::{DoorMode, ModeBySchedule, ModeOrder, ModePlan, ReaderId, UtcMicros};
use firmware_protocol::command::OutputAction;

use crate::rig::{HOURS, LATER, MAIN, Mood, Rig, TEN, small};

const AT_MAIN: ReaderId = ReaderId::new(1);
const MINUTE: u64 = 60;

fn by_schedule(mode: DoorMode, after_first_card: bool) -> ModePlan {
    ModePlan {
        order: None,
        by_schedule: vec![ModeBySchedule {
            schedule: HOURS,
            mode,
            after_first_card,
        }],
    }
}

fn mode(rig: &Rig) -> DoorMode {
    rig.site.door_state(MAIN).unwrap().mode
}

#[test]
fn a_door_stands_unlocked_in_its_hours_and_is_locked_as_they_end() {
    let mut rig = Rig::with(small());
    let plan = by_schedule(DoorMode::Unlocked, false);
    rig.hours(&["daily 10:02-10:04"], vec![(MAIN, plan)]);
    rig.leap_s(MINUTE);
    assert_eq!(mode(&rig), DoorMode::Card);
    rig.leap_s(MINUTE);
    assert_eq!(mode(&rig), DoorMode::Unlocked);
    assert_eq!(rig.at_doors(), ["door-unlocked door 1"]);
    assert_eq!(rig.thrown(AT_MAIN), [OutputAction::TimedOn]);
    rig.leap_s(100);
    rig.run_ms(20_000);
    assert_eq!(mode(&rig), DoorMode::Card);
    let told = ["door-unlocked door 1", "door-mode-changed door 1"];
    assert_eq!(rig.at_doors(), told);
    assert_eq!(
        rig.thrown(AT_MAIN).last(),
        Some(&OutputAction::PermanentOffAbort),
        "not only when the last unlock runs out"
    );
}

#[test]
fn hours_that_wait_for_a_first_card_begin_with_it_and_wait_again_the_next_time() {
    let mut rig = Rig::with(small());
    rig.issue(1, |_| {});
    rig.issue(2, |card| card.visitor = true);
    let plan = by_schedule(DoorMode::Unlocked, true);
    let windows = ["daily 10:00-10:10", "daily 10:20-10:30"];
    rig.hours(&windows, vec![(MAIN, plan)]);
    assert_eq!(mode(&rig), DoorMode::Card);
    rig.show(AT_MAIN, 2);
    assert_eq!(
        mode(&rig),
        DoorMode::Card,
        "a visitor is nobody of the house"
    );
    rig.show(AT_MAIN, 1);
    assert_eq!(mode(&rig), DoorMode::Unlocked);
    rig.leap_s(11 * MINUTE);
    assert_eq!(mode(&rig), DoorMode::Card);
    rig.leap_s(10 * MINUTE);
    assert_eq!(mode(&rig), DoorMode::Card, "nobody came yet this time");
    rig.show(AT_MAIN, 1);
    assert_eq!(mode(&rig), DoorMode::Unlocked);
}

#[test]
fn an_order_beats_the_schedule_until_its_end_to_the_second() {
    let mut rig = Rig::with(small());
    rig.issue(1, |_| {});
    let until = UtcMicros::from_micros(TEN.micros() + 90_500_000);
    let plan = ModePlan {
        order: Some(ModeOrder {
            mode: DoorMode::Locked,
            until: Some(until),
        }),
        ..by_schedule(DoorMode::Unlocked, false)
    };
    rig.hours(&["daily 00:00-24:00"], vec![(MAIN, plan)]);
    assert_eq!(mode(&rig), DoorMode::Locked);
    rig.show(AT_MAIN, 1);
    assert_eq!(
        rig.passages(),
        ["access-denied door 1 reader 1 door-locked"]
    );
    let before = 90_400 - rig.now().up.micros() / 1_000;
    rig.run_ms(before);
    assert_eq!(mode(&rig), DoorMode::Locked);
    rig.run_ms(101);
    assert_eq!(mode(&rig), DoorMode::Unlocked);
}

#[test]
fn a_door_stands_unlocked_only_on_the_strength_of_a_record() {
    let mut rig = Rig::with(small());
    rig.archive.mood = Mood::Slow;
    let plan = by_schedule(DoorMode::Unlocked, false);
    rig.hours(&["daily 00:00-24:00"], vec![(MAIN, plan)]);
    rig.run_ms(500);
    assert!(rig.outs.is_empty());
    rig.archive.mood = Mood::Well;
    rig.run_ms(20_000);
    assert!(!rig.outs.is_empty());
}

#[test]
fn a_leaf_left_open_at_the_end_of_the_hours_is_held_after_its_time() {
    let mut rig = Rig::with(small());
    let plan = by_schedule(DoorMode::Unlocked, false);
    rig.hours(&["daily 10:00-10:02"], vec![(MAIN, plan)]);
    rig.inputs(AT_MAIN, &[false, false]);
    rig.inputs(AT_MAIN, &[true, false]);
    rig.leap_s(2 * MINUTE);
    assert!(!rig.at_doors().contains(&"door-held door 1".to_owned()));
    rig.leap_s(31);
    assert!(rig.at_doors().contains(&"door-held door 1".to_owned()));
}

#[test]
fn a_held_clock_keeps_a_door_locked_that_only_one_of_both_times_unlocks() {
    let mut rig = Rig::with(small());
    let plan = by_schedule(DoorMode::Unlocked, false);
    rig.hours(&["daily 12:00-13:00"], vec![(MAIN, plan)]);
    rig.clock_off = 2 * 3_600_000_000;
    rig.leap_s(MINUTE);
    assert_eq!(mode(&rig), DoorMode::Card);
    assert!(rig.told().iter().any(|told| told.starts_with("clock-held")));
    assert!(rig.site.confirm_clock(rig.now()));
    rig.run_ms(500);
    assert_eq!(mode(&rig), DoorMode::Unlocked);
    assert!(rig.told().contains(&"clock-confirmed ".to_owned()));
}

#[test]
fn hours_that_follow_upon_hours_wait_for_a_first_card_of_their_own() {
    let mut rig = Rig::with(small());
    rig.issue(1, |_| {});
    let after = |schedule| ModeBySchedule {
        schedule,
        mode: DoorMode::Unlocked,
        after_first_card: true,
    };
    let plan = ModePlan {
        order: None,
        by_schedule: vec![after(HOURS), after(LATER)],
    };
    rig.hours(&["daily 10:00-10:10"], vec![(MAIN, plan)]);
    rig.show(AT_MAIN, 1);
    assert_eq!(mode(&rig), DoorMode::Unlocked);
    rig.leap_s(11 * MINUTE);
    assert_eq!(mode(&rig), DoorMode::Card);
    rig.show(AT_MAIN, 1);
    assert_eq!(mode(&rig), DoorMode::Unlocked);
}
