//! A log that is slow, or fails, or comes back.

use access::ReaderId;

use crate::rig::{MAIN, Mood, Rig, TEN, VAULT, small};

const AT_MAIN: ReaderId = ReaderId::new(1);
const AT_VAULT: ReaderId = ReaderId::new(2);

#[test]
fn a_stale_unlock_is_dropped_and_logged() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.archive.mood = Mood::Slow;
    rig.show(AT_MAIN, 1);
    rig.run_ms(1_000);
    rig.archive.mood = Mood::Well;
    rig.run_ms(1_000);
    assert!(
        rig.outs.is_empty(),
        "a second has passed since the card: nobody stands there any more"
    );
    assert_eq!(rig.passages(), ["access-granted door 1 reader 1 ok"]);
    assert_eq!(rig.at_doors(), ["unlock-dropped door 1"]);
}

#[test]
fn a_slow_log_makes_a_standard_door_wait_and_a_strict_door_stay_shut() {
    let mut rig = Rig::new();
    open_everything(&mut rig);
    rig.archive.mood = Mood::Slow;
    rig.show_bits(AT_MAIN, &crate::rig::card(1));
    rig.show_bits(AT_VAULT, &crate::rig::card(1));
    rig.run_ms(400);
    rig.archive.mood = Mood::Well;
    rig.run_ms(300);
    assert_eq!(
        (rig.opened(AT_MAIN).len(), rig.opened(AT_VAULT).len()),
        (1, 0)
    );
    assert_eq!(rig.at_doors(), ["unlock-dropped door 2"]);
}

#[test]
fn a_strict_door_stays_shut_without_the_log() {
    let mut rig = Rig::new();
    open_everything(&mut rig);
    rig.archive.mood = Mood::Failing;
    rig.show(AT_VAULT, 1);
    rig.show(AT_VAULT, 1);
    assert!(rig.outs.is_empty());
    rig.archive.mood = Mood::Well;
    rig.run_ms(3_000);
    // The first was decided before anybody knew; its unlock was given up. The second knew.
    assert_eq!(
        rig.passages(),
        [
            "access-granted door 2 reader 2 ok late",
            "access-denied door 2 reader 2 log-not-durable late"
        ]
    );
    assert_eq!(rig.at_doors(), ["unlock-dropped door 2 late"]);
    rig.show(AT_VAULT, 1);
    assert_eq!(
        rig.opened(AT_VAULT).len(),
        1,
        "with the log the door is back"
    );
}

#[test]
fn a_standard_door_opens_from_the_ring_and_then_denies() {
    let mut rig = Rig::new();
    rig.issue(1, |_| {});
    rig.archive.mood = Mood::Failing;
    for _ in 0..3 {
        rig.show(AT_MAIN, 1);
    }
    assert_eq!(
        rig.opened(AT_MAIN).len(),
        3,
        "known cards open from the ring"
    );
    rig.show(AT_MAIN, 99);
    assert_eq!(rig.opened(AT_MAIN).len(), 3, "unknown ones do not");
    rig.leap_s(15 * 60);
    rig.show(AT_MAIN, 1);
    assert_eq!(rig.opened(AT_MAIN).len(), 3, "after 15 minutes nobody does");
    rig.archive.mood = Mood::Well;
    rig.run_ms(3_000);
    let mut passages = vec!["access-granted door 1 reader 1 ok late"; 3];
    passages.push("access-denied door 1 reader 1 unknown-card late");
    passages.push("access-denied door 1 reader 1 log-not-durable late");
    assert_eq!(
        rig.passages(),
        passages,
        "every one is recorded in the end, flagged late"
    );
    assert!(
        rig.told()
            .contains(&"log-recovered the log takes records again".to_owned())
    );
    rig.show(AT_MAIN, 1);
    assert_eq!(rig.opened(AT_MAIN).len(), 4);
    assert_eq!(
        rig.passages().last().unwrap(),
        "access-granted door 1 reader 1 ok"
    );
}

#[test]
fn a_full_ring_denies_and_counts_what_it_could_not_keep() {
    let mut rig = Rig::with(small());
    rig.issue(1, |_| {});
    rig.archive.mood = Mood::Failing;
    for _ in 0..1_024 {
        rig.show_briefly(AT_MAIN, 1);
    }
    assert_eq!(rig.opened(AT_MAIN).len(), 1_024);
    for _ in 0..5 {
        rig.show_briefly(AT_MAIN, 1);
    }
    assert_eq!(rig.opened(AT_MAIN).len(), 1_024);
    assert_eq!(
        (
            rig.site.counts().records_waiting,
            rig.site.counts().log_failed
        ),
        (1_024, true)
    );
    rig.archive.mood = Mood::Well;
    rig.run_ms(3_000);
    assert_eq!(
        rig.passages(),
        vec!["access-granted door 1 reader 1 ok late"; 1_024]
    );
    let lost = rig.site.counts().records_lost;
    assert!(lost >= 5, "{lost}");
    assert!(
        rig.told().contains(&format!("log-gap {lost} records lost")),
        "{:?}",
        rig.told().split_off(1_024)
    );
}

#[test]
fn a_log_that_only_lags_never_makes_the_site_grow() {
    let mut rig = Rig::with(small());
    rig.issue(1, |_| {});
    rig.archive.mood = Mood::Slow;
    while rig.site.counts().records_waiting < 1_024 {
        rig.show_briefly(AT_MAIN, 1);
    }
    let before = rig.site.counts();
    rig.show_briefly(AT_MAIN, 1);
    assert_eq!(rig.site.counts().records_waiting, 1_024);
    assert_eq!(
        (rig.site.counts().granted, rig.site.counts().denied),
        (before.granted, before.denied + 1)
    );
    assert!(rig.outs.is_empty());
}

#[test]
fn what_the_owner_notes_is_told_when_it_is_durable() {
    let mut rig = Rig::new();
    let event = rig.archive.started(TEN);
    let ticket = rig.site.note(event.clone()).unwrap();
    rig.run_ms(10);
    let told = rig
        .notices
        .iter()
        .any(|notice| matches!(notice, site::Notice::Recorded { ticket: of, .. } if *of == ticket));
    assert!(told);
    rig.archive.mood = Mood::Failing;
    rig.site.note(event.clone()).unwrap();
    rig.run_ms(10);
    assert!(
        rig.site.note(event).is_err(),
        "a log that has failed takes nothing new from its owner"
    );
}

fn open_everything(rig: &mut Rig) {
    rig.issue(1, |card| {
        let rights = [MAIN, VAULT].map(|door| access::Right::on(door, card.valid));
        card.rights = rights.to_vec();
    });
}
