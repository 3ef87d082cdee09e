//! Inputs and strikes that are wired the other way round, that flap, and that are watched until the leaf is shut.

use std::time::Duration;

use access::ReaderId;
use firmware_protocol::command::OutputAction;
use site::{InputAt, SitePlan};

use crate::rig::{Rig, plan, small};

const AT_MAIN: ReaderId = ReaderId::new(1);

fn rig(change: impl FnOnce(&mut SitePlan)) -> Rig {
    let mut plan = small();
    change(&mut plan);
    let mut rig = Rig::with(plan);
    rig.issue(1, |_| {});
    rig
}

#[test]
fn a_contact_that_is_closed_while_the_leaf_is_tells_by_opening() {
    let mut rig = rig(|plan| {
        plan.doors[0].contact.as_mut().unwrap().inverted = true;
    });
    rig.inputs(AT_MAIN, &[true, false]);
    rig.inputs(AT_MAIN, &[false, false]);
    assert_eq!(rig.at_doors(), ["door-forced door 1"]);
}

#[test]
fn a_contact_that_flaps_is_heard_when_it_rests() {
    let mut rig = rig(|plan| plan.doors[0].debounce = Duration::from_millis(400));
    rig.inputs(AT_MAIN, &[false, false]);
    for open in [true, false, true, false] {
        rig.inputs(AT_MAIN, &[open, false]);
    }
    rig.run_ms(1_000);
    assert!(rig.at_doors().is_empty(), "{:?}", rig.at_doors());
    rig.inputs(AT_MAIN, &[true, false]);
    rig.run_ms(400);
    assert_eq!(rig.at_doors(), ["door-forced door 1"]);
}

#[test]
fn a_strike_released_by_no_current_is_locked_as_its_reader_comes() {
    let mut rig = rig(|plan| plan.doors[0].strike.inverted = true);
    assert_eq!(rig.thrown(AT_MAIN), [OutputAction::PermanentOnAbort]);
    rig.show(AT_MAIN, 1);
    assert_eq!(rig.thrown(AT_MAIN).last(), Some(&OutputAction::TimedOff));
    rig.plug(AT_MAIN, false);
    rig.run_ms(12_000);
    rig.plug(AT_MAIN, true);
    rig.run_ms(5_000);
    assert_eq!(
        rig.thrown(AT_MAIN).last(),
        Some(&OutputAction::PermanentOnAbort)
    );
}

/// Its reader is back before anybody missed it, and its outputs are off as after any start.
#[test]
fn a_strike_released_by_no_current_is_locked_again_after_a_restart_that_nobody_saw() {
    let mut rig = rig(|plan| plan.doors[0].strike.inverted = true);
    rig.restart_reader(AT_MAIN);
    rig.run_ms(5_000);
    let online = |told: &String| told.starts_with("reader-online");
    let seen = rig.told().iter().filter(|told| online(told)).count();
    assert_eq!(seen, 1, "it was never offline");
    let thrown = [OutputAction::PermanentOnAbort; 2];
    assert_eq!(rig.thrown(AT_MAIN), thrown);
}

#[test]
fn the_strike_falls_behind_whoever_came_in() {
    let mut rig = rig(|plan| plan.doors[0].relock_on_close = true);
    rig.inputs(AT_MAIN, &[false, false]);
    rig.show(AT_MAIN, 1);
    rig.inputs(AT_MAIN, &[true, false]);
    assert_eq!(rig.thrown(AT_MAIN), [OutputAction::TimedOn]);
    rig.inputs(AT_MAIN, &[false, false]);
    let thrown = [OutputAction::TimedOn, OutputAction::PermanentOffAbort];
    assert_eq!(rig.thrown(AT_MAIN), thrown);
    rig.run_ms(1_500);
    rig.inputs(AT_MAIN, &[true, false]);
    assert_eq!(rig.at_doors(), ["door-forced door 1"], "nobody follows");
}

#[test]
fn whoever_stands_in_the_door_is_warned_before_it_is_held() {
    let mut rig = rig(|plan| {
        plan.doors[0].warn_before_held = Some(Duration::from_secs(10));
    });
    rig.inputs(AT_MAIN, &[false, false]);
    rig.show(AT_MAIN, 1);
    rig.inputs(AT_MAIN, &[true, false]);
    rig.run_ms(18_000);
    let lit = rig.lights(AT_MAIN);
    rig.run_ms(3_000);
    assert_eq!(rig.lights(AT_MAIN), lit + 1, "the reader blinks");
    assert!(rig.at_doors().is_empty());
    rig.run_ms(10_000);
    assert_eq!(rig.at_doors(), ["door-held door 1"]);
}

#[test]
fn the_strike_does_not_fall_before_whoever_was_let_in_behind_another() {
    let mut rig = rig(|plan| plan.doors[0].relock_on_close = true);
    rig.issue(2, |_| {});
    rig.inputs(AT_MAIN, &[false, false]);
    rig.show(AT_MAIN, 1);
    rig.inputs(AT_MAIN, &[true, false]);
    rig.show(AT_MAIN, 2);
    rig.inputs(AT_MAIN, &[false, false]);
    assert_eq!(rig.thrown(AT_MAIN), [OutputAction::TimedOn; 2]);
    rig.inputs(AT_MAIN, &[true, false]);
    rig.inputs(AT_MAIN, &[false, false]);
    assert_eq!(
        rig.thrown(AT_MAIN).last(),
        Some(&OutputAction::PermanentOffAbort)
    );
}

/// Somebody is let in while the leaf falls shut behind another, and the strike's reader has not heard of it yet.
#[test]
fn the_strike_does_not_fall_before_whoever_was_let_in_and_whose_unlock_is_on_its_way() {
    let across = ReaderId::new(3);
    let mut plan = plan();
    plan.doors.truncate(1);
    plan.doors[0].relock_on_close = true;
    plan.doors[0].entry.push(across);
    plan.doors[0].contact = Some(InputAt::active(across, 0));
    let mut rig = Rig::with(plan);
    rig.issue(1, |_| {});
    rig.issue(2, |_| {});
    rig.inputs(across, &[false, false]);
    rig.show(AT_MAIN, 1);
    rig.inputs(across, &[true, false]);
    rig.plug(AT_MAIN, false);
    rig.show_briefly(across, 2);
    rig.inputs(across, &[false, false]);
    rig.plug(AT_MAIN, true);
    rig.run_ms(700);
    assert_eq!(rig.thrown(AT_MAIN), [OutputAction::TimedOn; 2]);
    rig.inputs(across, &[true, false]);
    rig.inputs(across, &[false, false]);
    let thrown = rig.thrown(AT_MAIN);
    assert_eq!(thrown.last(), Some(&OutputAction::PermanentOffAbort));
}
