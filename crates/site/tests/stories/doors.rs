//! Leaves, buttons, operators, and doors that stand unlocked.

use access::{DoorId, DoorMode, KeySlot, OperatorId, ReaderId};
use event_log::Operator;
use site::{DoorClass, Notice, SiteError};

use crate::rig::{MAIN, Mood, Rig, VAULT, door, plan, small};

const AT_MAIN: ReaderId = ReaderId::new(1);
const SHUT: [bool; 2] = [false, false];
const OPEN: [bool; 2] = [true, false];
const PRESSED: [bool; 2] = [false, true];

#[test]
fn a_door_opened_without_leave_is_forced() {
    let mut rig = Rig::new();
    rig.inputs(AT_MAIN, &SHUT);
    rig.inputs(AT_MAIN, &OPEN);
    rig.inputs(AT_MAIN, &SHUT);
    assert_eq!(rig.at_doors(), ["door-forced door 1", "door-closed door 1"]);
}

#[test]
fn a_door_opened_by_a_card_is_not_forced_but_may_be_held() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.inputs(AT_MAIN, &SHUT);
    rig.show(AT_MAIN, 1);
    rig.inputs(AT_MAIN, &OPEN);
    rig.run_ms(29_000);
    assert!(rig.at_doors().is_empty(), "{:?}", rig.at_doors());
    assert_eq!(rig.site.door_state(MAIN).unwrap().open, Some(true));
    rig.run_ms(2_000);
    assert_eq!(rig.at_doors(), ["door-held door 1"]);
}

#[test]
fn a_card_nobody_followed_is_no_entry() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.inputs(AT_MAIN, &SHUT);
    rig.show(AT_MAIN, 1);
    rig.run_ms(7_000);
    assert_eq!(rig.at_doors(), ["no-entry door 1"]);
}

#[test]
fn the_exit_button_is_recorded_and_then_releases_the_door() {
    let mut rig = Rig::new();
    rig.inputs(AT_MAIN, &PRESSED);
    rig.inputs(AT_MAIN, &OPEN);
    rig.inputs(AT_MAIN, &SHUT);
    assert_eq!(
        rig.at_doors(),
        ["exit-button door 1"],
        "and the leaf was not forced"
    );
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
}

#[test]
fn an_operator_opens_a_door_after_it_is_recorded() {
    let mut rig = Rig::new();
    let operator = operator(&mut rig);
    rig.archive.mood = Mood::Slow;
    let ticket = rig
        .site
        .open_door(MAIN, operator, "a parcel", rig.now())
        .unwrap();
    rig.run_ms(300);
    assert!(rig.outs.is_empty());
    rig.archive.mood = Mood::Well;
    rig.run_ms(300);
    assert_eq!(rig.at_doors(), ["door-opened door 1"]);
    assert_eq!(rig.opened(AT_MAIN).len(), 1);
    let opened =
        |notice: &Notice| matches!(notice, Notice::DoorOpened { ticket: of, .. } if *of == ticket);
    assert!(rig.notices.iter().any(opened));
}

#[test]
fn an_operator_is_told_when_a_door_was_not_opened() {
    let mut rig = Rig::new();
    let operator = operator(&mut rig);
    rig.plug(AT_MAIN, false);
    rig.run_ms(12_000);
    let ticket = rig
        .site
        .open_door(MAIN, operator, "a parcel", rig.now())
        .unwrap();
    rig.run_ms(300);
    let not_opened = |notice: &Notice| matches!(notice, Notice::DoorNotOpened { ticket: of, .. } if *of == ticket);
    assert!(rig.notices.iter().any(not_opened));
    assert_eq!(
        rig.at_doors(),
        ["door-opened door 1", "unlock-dropped door 1"]
    );
    let nowhere = rig.site.open_door(DoorId::new(99), operator, "", rig.now());
    assert!(matches!(nowhere, Err(SiteError::UnknownDoor { .. })));
}

#[test]
fn an_operator_cannot_open_a_strict_door_without_the_log() {
    let mut rig = Rig::new();
    let operator = operator(&mut rig);
    rig.archive.mood = Mood::Failing;
    rig.show(AT_MAIN, 99);
    let refused = rig.site.open_door(VAULT, operator, "a parcel", rig.now());
    assert!(matches!(refused, Err(SiteError::LogNotDurable)));
}

#[test]
fn a_door_that_stands_unlocked_is_renewed_before_it_falls() {
    let mut plan = small();
    plan.doors[0].rules.mode = DoorMode::Unlocked;
    let mut rig = Rig::with(plan);
    rig.run_ms(60_000);
    assert_eq!(rig.at_doors(), ["door-unlocked door 1"], "recorded once");
    let times: Vec<u64> = rig.opened(AT_MAIN).iter().map(|at| at.micros()).collect();
    assert!(times.len() >= 4, "{times:?}");
    assert!(
        times.windows(2).all(|pair| pair[1] - pair[0] < 30_000_000),
        "{times:?}"
    );
    assert!(rig.outs.iter().all(|out| out.control.time_100ms == 300));
}

#[test]
fn a_locked_door_lets_no_card_in() {
    let mut plan = plan();
    plan.doors[0].rules.mode = DoorMode::Locked;
    let mut rig = Rig::with(plan);
    rig.issue(1, |_| {});
    rig.show(AT_MAIN, 1);
    assert_eq!(
        rig.passages(),
        ["access-denied door 1 reader 1 door-locked"]
    );
    assert!(rig.outs.is_empty());
}

#[test]
fn a_plan_that_cannot_be_is_refused() {
    let refused = |change: &dyn Fn(&mut site::SitePlan)| {
        let mut plan = plan();
        change(&mut plan);
        Rig::refused(plan).to_string()
    };
    let reader = ReaderId::new(99);
    assert_eq!(
        refused(&|plan| plan.doors[0].entry.push(reader)),
        "door 1 names reader 99, which is not there"
    );
    assert_eq!(
        refused(&|plan| plan.doors[0].strike.reader = reader),
        "door 1 names reader 99, which is not there"
    );
    assert_eq!(
        refused(&|plan| plan.doors[1].entry.push(AT_MAIN)),
        "reader 1 asks for two doors; a reader asks for one"
    );
    assert_eq!(
        refused(&|plan| plan.doors.push(door(MAIN, DoorClass::Strict))),
        "reader 1 asks for two doors; a reader asks for one"
    );
    assert_eq!(
        refused(&|plan| plan.doors[3].class = DoorClass::Strict),
        "strict door 5 does not trust reader 5, which can be imitated, without a PIN: it needs level limited, and may not stand unlocked"
    );
    assert_eq!(
        refused(&|plan| plan.doors[3].strike.reader = ReaderId::new(5)),
        "door 5 cannot be released by reader 5, whose line has no outputs"
    );
    assert_eq!(
        refused(&|plan| plan.doors[0].open_for = std::time::Duration::from_millis(99)),
        "door 1 opens for 99 ms; possible are 100 to 6553500 ms"
    );
    assert_eq!(
        refused(&|plan| plan.lines[1].id = plan.lines[0].id),
        "line 1 is there twice"
    );
    assert_eq!(
        refused(&|plan| plan.lines[1].readers[0].id = AT_MAIN),
        "reader 1 is there twice"
    );
}

fn operator(rig: &mut Rig) -> Operator {
    Operator {
        id: OperatorId::new(1),
        slot: KeySlot::new(rig.archive.slot(500)),
    }
}
