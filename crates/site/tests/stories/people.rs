//! Several persons, hosts and visitors, both sides of a door, and doors that wait for each other.

use std::time::Duration;

use access::{AreaId, AreaRules, IssuanceId, Passback, Persons, ReaderId, Right};

use crate::rig::{MAIN, Mood, Rig, SIDE, plan};

const AT_MAIN: ReaderId = ReaderId::new(1);
const INSIDE: ReaderId = ReaderId::new(2);
const AT_SIDE: ReaderId = ReaderId::new(3);
const OFFICE: AreaId = AreaId::new(1);
const SHUT: [bool; 2] = [false, false];
const OPEN: [bool; 2] = [true, false];

fn granted(rig: &Rig) -> usize {
    let passages = rig.passages();
    passages
        .iter()
        .filter(|told| told.starts_with("access-granted"))
        .count()
}

#[test]
fn two_persons_open_a_door_that_wants_two_and_one_card_twice_does_not() {
    let mut plan = plan();
    plan.doors[0].rules.persons = Some(Persons {
        count: 2,
        within: Duration::from_secs(20),
    });
    let mut rig = Rig::with(plan);
    (1..=3).for_each(|number| {
        rig.issue(number, |_| {});
    });
    rig.show(AT_MAIN, 1);
    rig.show(AT_MAIN, 1);
    assert_eq!(granted(&rig), 0);
    rig.show(AT_MAIN, 2);
    assert_eq!(granted(&rig), 1);
    // Those two are through; the third waits for another.
    rig.show(AT_MAIN, 3);
    assert_eq!(granted(&rig), 1);
    rig.leap_s(20);
    rig.show(AT_MAIN, 1);
    assert_eq!(granted(&rig), 1, "the third came too long ago");
}

#[test]
fn a_card_that_is_blocked_while_it_waits_is_nobodys_second() {
    let mut plan = plan();
    plan.doors[0].rules.persons = Some(Persons {
        count: 2,
        within: Duration::from_secs(20),
    });
    let mut rig = Rig::with(plan);
    rig.issue(1, |_| {});
    rig.issue(2, |_| {});
    rig.show(AT_MAIN, 1);
    rig.issue(1, |card| card.standing = access::Standing::Blocked);
    rig.show(AT_MAIN, 2);
    assert_eq!(granted(&rig), 0);
}

#[test]
fn a_visitor_comes_behind_a_host() {
    let mut plan = plan();
    plan.doors[0].rules.escort_within = Some(Duration::from_secs(30));
    let mut rig = Rig::with(plan);
    rig.issue(1, |card| card.visitor = true);
    rig.issue(2, |_| {});
    rig.show(AT_MAIN, 1);
    rig.show(AT_MAIN, 2);
    rig.show(AT_MAIN, 1);
    rig.leap_s(30);
    rig.show(AT_MAIN, 1);
    let needed = "access-denied door 1 reader 1 escort-needed";
    let granted = "access-granted door 1 reader 1 ok";
    assert_eq!(rig.passages(), [needed, granted, granted, needed]);
}

/// The main door leads into the office, the side door out of it.
fn office(passback: Passback) -> Rig {
    let mut plan = plan();
    plan.areas = vec![(
        OFFICE,
        AreaRules {
            passback,
            timed: None,
        },
    )];
    plan.lines[0].readers[0].into = Some(OFFICE);
    plan.lines[1].readers[0].out_of = Some(OFFICE);
    let mut rig = Rig::with(plan);
    rig.issue(1, |card| {
        let valid = card.valid;
        card.rights.push(Right::on(SIDE, valid));
    });
    rig.inputs(AT_MAIN, &SHUT);
    rig.inputs(AT_SIDE, &SHUT);
    rig
}

fn go_through(rig: &mut Rig, reader: ReaderId) {
    rig.show(reader, 1);
    rig.inputs(reader, &OPEN);
    rig.inputs(reader, &SHUT);
    rig.run_ms(6_500);
}

#[test]
fn a_card_that_is_inside_does_not_come_in_again() {
    let mut rig = office(Passback::Hard);
    go_through(&mut rig, AT_MAIN);
    rig.show(AT_MAIN, 1);
    go_through(&mut rig, AT_SIDE);
    go_through(&mut rig, AT_MAIN);
    let told = [
        "access-granted door 1 reader 1 ok",
        "access-denied door 1 reader 1 passback",
        "access-granted door 3 reader 3 ok",
        "access-granted door 1 reader 1 ok",
    ];
    assert_eq!(rig.passages(), told);
}

#[test]
fn whoever_was_let_in_and_did_not_come_may_try_again() {
    let mut rig = office(Passback::Hard);
    rig.show(AT_MAIN, 1);
    rig.run_ms(7_000);
    assert!(rig.site.occupancy().iter().next().is_none());
    go_through(&mut rig, AT_MAIN);
    assert_eq!(granted(&rig), 2);
    let inside: Vec<_> = rig.site.occupancy().iter().collect();
    assert_eq!(inside.len(), 1);
    assert_eq!(inside[0].1.area, Some(OFFICE));
}

#[test]
fn soft_passback_lets_in_and_says_so() {
    let mut rig = office(Passback::Soft);
    go_through(&mut rig, AT_MAIN);
    go_through(&mut rig, AT_MAIN);
    assert_eq!(granted(&rig), 2);
    assert_eq!(rig.at_doors(), ["passback-noted door 1"]);
}

#[test]
fn forgiven_a_card_may_come_in_anew_and_forgotten_nothing_is_left_of_it() {
    let mut rig = office(Passback::Hard);
    let card = IssuanceId::from_random(1);
    go_through(&mut rig, AT_MAIN);
    assert!(rig.site.forgive(card) && !rig.site.forgive(card));
    go_through(&mut rig, AT_MAIN);
    assert_eq!(granted(&rig), 2);
    rig.site.forget(card);
    assert!(rig.site.occupancy().iter().next().is_none());
}

#[test]
fn of_two_doors_of_one_lock_the_second_waits_until_the_first_is_shut() {
    let mut plan = plan();
    plan.doors[0].rules.interlock = vec![MAIN, SIDE];
    plan.doors[2].rules.interlock = vec![MAIN, SIDE];
    let mut rig = Rig::with(plan);
    rig.issue(1, |card| {
        let valid = card.valid;
        card.rights.push(Right::on(SIDE, valid));
    });
    rig.show(AT_SIDE, 1);
    assert_eq!(
        granted(&rig),
        0,
        "the other leaf has not been seen shut yet"
    );
    rig.inputs(AT_MAIN, &SHUT);
    rig.inputs(AT_SIDE, &SHUT);
    rig.run_ms(5_000);
    rig.show(AT_MAIN, 1);
    rig.show(AT_SIDE, 1);
    assert_eq!(granted(&rig), 1, "the first is released");
    rig.inputs(AT_MAIN, &OPEN);
    rig.run_ms(10_000);
    rig.show(AT_SIDE, 1);
    assert_eq!(granted(&rig), 1, "the first stands open");
    rig.inputs(AT_MAIN, &SHUT);
    rig.show(AT_SIDE, 1);
    assert_eq!(granted(&rig), 2);
    rig.inputs(AT_SIDE, &[false, true]);
    assert!(
        rig.at_doors().contains(&"exit-button door 3".to_owned()),
        "the way out waits for nobody"
    );
}

#[test]
fn a_lost_card_raises_an_alarm_and_two_cards_of_one_person_do() {
    let mut rig = Rig::new();
    let first = rig.issue(1, |_| {}).issuance;
    rig.issue(2, |card| card.twin = Some(first));
    rig.issue(3, |card| card.standing = access::Standing::Lost);
    rig.show(AT_MAIN, 3);
    assert_eq!(rig.at_doors(), ["lost-card-used door 1"]);
    rig.show(AT_MAIN, 2);
    assert_eq!(rig.at_doors().len(), 1);
    rig.show(AT_MAIN, 1);
    rig.show(AT_MAIN, 2);
    assert_eq!(
        rig.at_doors(),
        ["lost-card-used door 1", "two-cards-in-use door 1"]
    );
}

/// An unlock that came to nothing lets nobody in later, whoever opens the leaf.
#[test]
fn whoever_was_not_let_in_after_all_does_not_come_in_with_the_next_opening() {
    let mut rig = office(Passback::Hard);
    rig.archive.mood = Mood::Slow;
    rig.show_briefly(AT_MAIN, 1);
    rig.run_ms(1_500);
    rig.archive.mood = Mood::Well;
    rig.run_ms(500);
    assert!(rig.opened(AT_MAIN).is_empty());
    rig.inputs(AT_MAIN, &[false, true]);
    rig.inputs(AT_MAIN, &OPEN);
    rig.inputs(AT_MAIN, &SHUT);
    assert!(rig.site.occupancy().iter().next().is_none());
}

/// The main door with another reader inside, at which people leave.
fn both_sides(change: impl FnOnce(&mut site::SitePlan)) -> Rig {
    let mut plan = plan();
    let inside = plan.doors[1].entry.clone();
    plan.doors.remove(1);
    plan.doors[0].entry.extend(inside);
    plan.lines[0].readers[1].exit = true;
    change(&mut plan);
    Rig::with(plan)
}

#[test]
fn a_host_who_leaves_brings_nobody_in() {
    let mut rig = both_sides(|plan| {
        plan.doors[0].rules.escort_within = Some(Duration::from_secs(30));
    });
    rig.issue(1, |card| card.visitor = true);
    rig.issue(2, |_| {});
    rig.show(INSIDE, 2);
    rig.show(AT_MAIN, 1);
    let told = [
        "access-granted door 1 reader 2 ok",
        "access-denied door 1 reader 1 escort-needed",
    ];
    assert_eq!(rig.passages(), told);
}

#[test]
fn one_inside_and_one_outside_are_not_two_who_come_in() {
    let mut rig = both_sides(|plan| {
        plan.doors[0].rules.persons = Some(Persons {
            count: 2,
            within: Duration::from_secs(20),
        });
    });
    (1..=2).for_each(|number| {
        rig.issue(number, |_| {});
    });
    rig.show(INSIDE, 1);
    rig.show(AT_MAIN, 2);
    assert_eq!(granted(&rig), 0);
    rig.show(AT_MAIN, 1);
    assert_eq!(granted(&rig), 1);
}

/// Nobody knows whether the controller before released a strike just before it died.
#[test]
fn an_interlock_waits_for_what_an_earlier_run_may_have_released() {
    let mut plan = plan();
    plan.doors[0].rules.interlock = vec![MAIN, SIDE];
    plan.doors[2].rules.interlock = vec![MAIN, SIDE];
    let mut rig = Rig::with(plan);
    rig.issue(1, |_| {});
    rig.inputs(AT_MAIN, &SHUT);
    rig.inputs(AT_SIDE, &SHUT);
    rig.show(AT_MAIN, 1);
    assert_eq!(granted(&rig), 0);
    rig.run_ms(5_000);
    rig.show(AT_MAIN, 1);
    assert_eq!(granted(&rig), 1);
}

/// A contact nobody hears any more says nothing of its leaf.
#[test]
fn an_interlock_waits_for_a_door_whose_contact_is_not_heard() {
    let mut plan = plan();
    plan.doors[0].rules.interlock = vec![MAIN, SIDE];
    plan.doors[2].rules.interlock = vec![MAIN, SIDE];
    let mut rig = Rig::with(plan);
    rig.issue(1, |card| {
        let valid = card.valid;
        card.rights.push(Right::on(SIDE, valid));
    });
    rig.inputs(AT_MAIN, &SHUT);
    rig.inputs(AT_SIDE, &SHUT);
    rig.plug(AT_MAIN, false);
    rig.run_ms(12_000);
    rig.show(AT_SIDE, 1);
    assert_eq!(granted(&rig), 0);
    assert_eq!(rig.site.door_state(MAIN).unwrap().open, None);
    rig.plug(AT_MAIN, true);
    rig.run_ms(5_000);
    rig.show(AT_SIDE, 1);
    assert_eq!(granted(&rig), 1);
}
