//! Doors that are locked down: nobody comes in, whatever was decided before; whoever is inside comes out.

use access::{DoorMode, KeySlot, OperatorId, ReaderId};
use event_log::Operator;
use firmware_protocol::command::OutputAction;
use site::SiteError;

use crate::rig::{DESK, MAIN, Mood, Rig, SIDE, plan, small};

const AT_MAIN: ReaderId = ReaderId::new(1);

fn lock_down(rig: &mut Rig) -> usize {
    let now = rig.now();
    rig.site.lock_down(&[MAIN, SIDE], now)
}

#[test]
fn no_card_is_let_in_from_that_moment_on() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    assert_eq!(lock_down(&mut rig), 2);
    assert_eq!(lock_down(&mut rig), 0, "and twice is no news");
    rig.show(AT_MAIN, 1);
    assert_eq!(rig.passages(), ["access-denied door 1 reader 1 lockdown"]);
    assert!(rig.site.door_state(MAIN).unwrap().locked_down);
    assert!(rig.told().contains(&"locked-down 2 doors".to_owned()));
    let now = rig.now();
    assert_eq!(rig.site.release_lockdown(&[MAIN], now), 1);
    rig.show(AT_MAIN, 1);
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
}

#[test]
fn a_grant_whose_record_is_still_on_its_way_opens_nothing() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.archive.mood = Mood::Slow;
    rig.show_briefly(AT_MAIN, 1);
    lock_down(&mut rig);
    rig.archive.mood = Mood::Well;
    rig.run_ms(500);
    assert!(rig.opened(AT_MAIN).is_empty(), "{:?}", rig.outs);
    assert!(rig.at_doors().contains(&"unlock-dropped door 1".to_owned()));
}

#[test]
fn a_strike_that_is_released_is_locked_at_once() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.show(AT_MAIN, 1);
    lock_down(&mut rig);
    rig.run_ms(100);
    let thrown = [OutputAction::TimedOn, OutputAction::PermanentOffAbort];
    assert_eq!(rig.thrown(AT_MAIN), thrown);
}

#[test]
fn a_door_that_stands_unlocked_is_locked_and_stays_so_until_its_release() {
    let mut plan = small();
    plan.doors[0].rules.mode = DoorMode::Unlocked;
    let mut rig = Rig::with(plan);
    lock_down(&mut rig);
    rig.run_ms(60_000);
    let thrown = rig.thrown(AT_MAIN);
    assert_eq!(thrown.last(), Some(&OutputAction::PermanentOffAbort));
    let now = rig.now();
    rig.site.release_lockdown(&[MAIN], now);
    rig.run_ms(500);
    assert_eq!(rig.thrown(AT_MAIN).last(), Some(&OutputAction::TimedOn));
}

#[test]
fn the_exit_button_goes_on_letting_people_out() {
    let mut rig = Rig::new();
    lock_down(&mut rig);
    rig.inputs(AT_MAIN, &[false, true]);
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
    // Whoever is on the way out is not locked in by a second lockdown either.
    let now = rig.now();
    rig.site.release_lockdown(&[MAIN], now);
    lock_down(&mut rig);
    rig.run_ms(500);
    assert_eq!(rig.thrown(AT_MAIN).last(), Some(&OutputAction::TimedOn));
}

/// A lock takes back what waits for the reader, and whoever leaves is let out behind it; but not after the second that it may wait.
#[test]
fn whoever_leaves_is_not_let_out_late_by_the_locks_before() {
    let mut plan = plan();
    let button = plan.doors[0].exit_button.as_mut().unwrap();
    button.reader = DESK;
    let mut rig = Rig::with(plan);
    rig.plug(AT_MAIN, false);
    rig.run_ms(300);
    rig.inputs(DESK, &[false, true]);
    let pressed_by = rig.now().up;
    assert_eq!(rig.at_doors(), ["exit-button door 1"]);
    rig.run_ms(700);
    assert!(rig.opened(AT_MAIN).is_empty(), "it is not heard");
    lock_down(&mut rig);
    rig.run_ms(400);
    rig.plug(AT_MAIN, true);
    rig.run_ms(1_500);
    let late = pressed_by + std::time::Duration::from_secs(1);
    let opened = rig.opened(AT_MAIN);
    assert!(opened.iter().all(|at| *at < late), "{opened:?}, {late:?}");
    assert!(rig.at_doors().contains(&"unlock-dropped door 1".to_owned()));
}

/// Whoever leaves by the button gives nobody else a way in.
#[test]
fn a_door_that_stands_unlocked_is_locked_also_behind_somebody_who_leaves() {
    let mut plan = small();
    plan.doors[0].rules.mode = DoorMode::Unlocked;
    let mut rig = Rig::with(plan);
    rig.inputs(AT_MAIN, &[false, true]);
    rig.inputs(AT_MAIN, &[false, false]);
    assert_eq!(
        rig.outs.last().unwrap().control.time_100ms,
        300,
        "one who leaves takes nothing from a door that stands unlocked"
    );
    lock_down(&mut rig);
    rig.run_ms(100);
    assert_eq!(rig.thrown(AT_MAIN).last(), Some(&OutputAction::TimedOn));
    rig.run_ms(6_500);
    let thrown = rig.thrown(AT_MAIN);
    assert_eq!(thrown.last(), Some(&OutputAction::PermanentOffAbort));
}

/// What an earlier run of the controller released nobody knows.
#[test]
fn a_lockdown_right_after_a_start_locks_every_strike() {
    let mut rig = Rig::new();
    assert!(rig.outs.is_empty());
    lock_down(&mut rig);
    rig.run_ms(200);
    assert_eq!(rig.thrown(AT_MAIN), [OutputAction::PermanentOffAbort]);
}

/// A lock that was not confirmed does not lock out whoever is let in after it.
#[test]
fn a_lock_is_insisted_on_only_until_the_door_is_rightly_opened_again() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.show(AT_MAIN, 1);
    rig.plug(AT_MAIN, false);
    lock_down(&mut rig);
    rig.run_ms(300);
    let now = rig.now();
    rig.site.release_lockdown(&[MAIN, SIDE], now);
    rig.plug(AT_MAIN, true);
    rig.run_ms(3_000);
    rig.show(AT_MAIN, 1);
    rig.run_ms(3_000);
    assert_eq!(rig.thrown(AT_MAIN).last(), Some(&OutputAction::TimedOn));
}

#[test]
fn an_operator_is_refused_until_the_release() {
    let mut rig = Rig::new();
    lock_down(&mut rig);
    let operator = Operator {
        id: OperatorId::new(1),
        slot: KeySlot::new(rig.archive.slot(9)),
    };
    let refused = rig.site.open_door(MAIN, operator, "a parcel", rig.now());
    assert!(matches!(refused, Err(SiteError::LockedDown { .. })));
}

#[test]
fn a_lock_that_no_reader_confirms_is_recorded_once_and_tried_again() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.show(AT_MAIN, 1);
    rig.plug(AT_MAIN, false);
    lock_down(&mut rig);
    rig.run_ms(4_000);
    let failed = rig
        .at_doors()
        .iter()
        .filter(|told| *told == "lock-failed door 1")
        .count();
    assert_eq!(failed, 1, "{:?}", rig.at_doors());
}

#[test]
fn what_was_kept_of_a_lockdown_is_in_force_and_nothing_else() {
    let mut rig = Rig::new();
    let now = rig.now();
    rig.site.lock_down(&[MAIN], now);
    rig.site.keep_lockdown(&[SIDE], now);
    let down = |door| rig.site.door_state(door).unwrap().locked_down;
    assert_eq!([MAIN, SIDE].map(down), [false, true]);
}
