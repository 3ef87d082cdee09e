//! Retention: what is two years old leaves, oldest first, neither earlier nor later, and what stays still verifies.

use event_log::disk::Disk;
use event_log::verify::Options;
use event_log::{Class, Keep, LogError, Policy};
use key_store::disk::{Fault, FaultOn};

use crate::rig::at;
use crate::years::{DAY, EVENTS_A_DAY, HOUR, TWO_YEARS, Years};

#[test]
fn m20_what_is_two_years_old_leaves_day_by_day_and_the_rest_still_verifies() {
    let mut years = Years::begin();
    years.live(1);
    let first_day = years.checkpoint();
    years.live(TWO_YEARS - 1);
    let middle = years.checkpoint();
    years.sweep().unwrap();
    assert_eq!(years.verify().first, 0, "not a day too early");
    let mut oldest = 0;
    for _ in 0..8 {
        years.live_a_day();
        years.sweep().unwrap();
        let report = years.verify();
        assert_eq!(report.first, years.reader().first_index().unwrap());
        assert!(report.first >= oldest, "strictly oldest first");
        oldest = report.first;
    }
    let spare = years.house.mem.contents("log/segments/spare").unwrap();
    assert!(spare.iter().all(|octet| *octet == 0), "one is used again");
    // What was deleted is on record: one record more each time.
    assert!(oldest >= 7 * EVENTS_A_DAY, "{oldest}");
    assert!(years.segments().len() <= 740);
    for anchor in [&first_day, &middle, &years.checkpoint()] {
        let anchor = Some(anchor.parse().unwrap());
        let options = Options {
            anchor,
            ..years.pins()
        };
        assert!(years.house.verify_with(options).unwrap().anchored);
    }
}

#[test]
fn an_anchor_of_another_past_is_found_also_when_that_past_has_left() {
    let mut years = Years::begin();
    let mut other = Years::begin();
    other.live(2);
    let forged = other.checkpoint();
    years.day = 1;
    years.live(TWO_YEARS + 5);
    years.sweep().unwrap();
    let options = Options {
        anchor: Some(forged.parse().unwrap()),
        ..years.pins()
    };
    let finding = years.house.verify_with(options).unwrap_err();
    assert!(finding.what.contains("epoch 1 is not the one"), "{finding}");
}

#[test]
fn what_is_left_is_proven_and_what_has_left_is_not() {
    let mut years = Years::begin();
    years.live(TWO_YEARS + 300);
    years.sweep().unwrap();
    let first = years.verify().first;
    assert!(first > 256 && !first.is_multiple_of(256), "{first}");
    let key = years.log.verifier_key().parse().unwrap();
    let mut prover = years.prover();
    for index in [
        first,
        first + 1,
        first + 200,
        first + 400,
        prover.size() - 1,
    ] {
        let proven = prover.prove(index).unwrap().check(&key).unwrap();
        assert_eq!(proven.index, index);
    }
    years.house.mem.put("log/tiles/8", Vec::new());
    years.prover().prove(first).unwrap();
    for gone in [0, first - 1] {
        let refused = prover.prove(gone).unwrap_err();
        assert!(
            matches!(refused, LogError::Pruned { oldest: Some(oldest) } if oldest == first),
            "{refused}"
        );
    }
}

#[test]
fn a_pruned_log_opens_and_goes_on() {
    let mut years = Years::begin();
    years.live(TWO_YEARS + 5);
    years.sweep().unwrap();
    let (size, root) = (years.log.size(), years.log.root());
    let house = years.house.reopened();
    drop(years.log);
    let (log, recovery) = house.open_log().unwrap();
    assert_eq!((log.size(), log.root(), recovery), (size, root, None));
    years.log = log;
    years.house = house;
    years.live(3);
    years.sweep().unwrap();
    assert_eq!(years.verify().unsealed, 0);
}

#[test]
fn a_log_that_nobody_sweeps_is_found_to_keep_too_long() {
    let mut years = Years::begin();
    years.live(TWO_YEARS + 1);
    years.log.seal(at(years.day * DAY + HOUR - 1)).unwrap();
    years.verify();
    years.log.seal(at(years.day * DAY + HOUR)).unwrap();
    let finding = years.finding();
    assert!(
        finding.starts_with("record 0: over-retention: events of class system"),
        "{finding}"
    );
}

#[test]
fn a_segment_that_stays_is_found_though_nothing_in_it_can_be_read() {
    let mut years = Years::begin();
    years.live(TWO_YEARS + 1);
    let kept = years.house.mem.contents("log/segments/0000000000.seg");
    years.sweep().unwrap();
    years.verify();
    years.live(2);
    years.sweep().unwrap();
    let reader = years.reader();
    assert!(reader.first_index().unwrap() > 0);
    years
        .house
        .mem
        .put("log/segments/0000000000.seg", kept.unwrap());
    let finding = years.finding();
    assert!(finding.contains("over-retention"), "{finding}");
}

/// What is over is overwritten within the hour; its file has a day more.
#[test]
fn a_file_of_what_is_over_is_found_when_it_should_have_left_and_not_before() {
    let mut years = Years::begin();
    years.live(TWO_YEARS + 1);
    years.overwrite().unwrap();
    years.verify();
    years.live(1);
    years.overwrite().unwrap();
    years.log.seal(at(years.day * DAY + HOUR - 1)).unwrap();
    years.verify();
    years.log.seal(at(years.day * DAY + HOUR)).unwrap();
    let finding = years.finding();
    assert!(
        finding.contains("their segment 0 is still there"),
        "{finding}"
    );
}

#[test]
fn records_that_left_too_early_are_found() {
    let mut years = Years::begin();
    years.live(40);
    let mem = &years.house.mem;
    for path in years.segments().iter().take(3) {
        mem.put(path, Vec::new());
        let disk: &dyn Disk = mem;
        disk.remove(path).unwrap();
    }
    let finding = years.finding();
    assert!(
        finding.contains("only records before 0 are two years old"),
        "{finding}"
    );
}

#[test]
fn a_clock_that_jumps_deletes_nothing() {
    let mut years = Years::begin();
    years.live(400);
    years.day += 3 * 365;
    years.live_a_day();
    years.sweep().unwrap();
    let report = years.verify();
    assert_eq!((report.first, report.scrubbed), (0, 0));
}

#[test]
fn a_class_that_is_kept_for_days_is_overwritten_and_moves_no_root() {
    let mut years = Years::begin();
    years.live(20);
    let policy = Policy::default()
        .with(Class::Passage, Keep::Days(10))
        .unwrap();
    years.log.set_policy(policy, years.now()).unwrap();
    // It is an hour old at least before anybody is told that it is not carried out.
    years.verify();
    years.log.seal(at(years.day * DAY + HOUR)).unwrap();
    let finding = years.finding();
    assert!(
        finding.contains("over-retention: events of class passage are kept for 10d"),
        "{finding}"
    );
    let root = years.log.root();
    years.sweep().unwrap();
    let report = years.verify();
    assert_eq!((report.root, report.first), (root, 0));
    // Of seven kinds of events two are passages; ten days of three events are over.
    let mut reader = years.reader();
    let entries: Vec<_> = reader.entries(0..60).unwrap().map(Result::unwrap).collect();
    for entry in entries {
        let is_over = entry.class == Class::Passage && entry.index < 30;
        let erased = reader.view(&entry).unwrap().erased;
        assert_eq!(erased > 0, is_over, "record {}", entry.index);
    }
}

#[test]
fn the_policy_is_there_again_after_a_restart_and_a_changed_one_is_refused() {
    let mut years = Years::begin();
    let policy = Policy::default().with(Class::Door, Keep::Days(30)).unwrap();
    years.log.set_policy(policy, years.now()).unwrap();
    years.live(1);
    let note = years.house.mem.contents("log/retention").unwrap();
    let house = years.house.reopened();
    assert_eq!(*house.open_log().unwrap().0.policy(), policy);
    let text = String::from_utf8(note).unwrap();
    years
        .house
        .mem
        .put("log/retention", text.replace("30d", "2y").into_bytes());
    assert!(years.house.reopened().open_log().is_err());
    assert!(years.finding().contains("not signed by this log's key"));
}

#[test]
fn a_reader_open_meanwhile_is_told_that_records_were_pruned() {
    let mut years = Years::begin();
    years.live(TWO_YEARS + 3);
    let reader = years.reader();
    let mut entries = reader.entries(0..100).unwrap();
    assert!(entries.next().unwrap().is_ok());
    years.sweep().unwrap();
    let refused = entries.find_map(Result::err).unwrap();
    assert!(matches!(refused, LogError::Pruned { .. }), "{refused}");
    let first = reader.first_index().unwrap();
    let again = reader.entries(0..first + 1).unwrap().next();
    assert_eq!(again.unwrap().unwrap().index, first);
}

/// A power cut at every change that the sweep makes; what was done twice is done as if it were once.
#[test]
fn a_power_cut_while_sweeping_leaves_a_log_that_verifies_and_is_swept_again() {
    let mut years = Years::begin();
    years.live(TWO_YEARS + 1);
    years.sweep().unwrap();
    years.live_a_day();
    let whole = years.house.mem.fork();
    let expected = {
        years.sweep().unwrap();
        years.verify().first
    };
    assert!(expected > 0);
    for at_change in 0..200 {
        let house = years.house.reopened_on(whole.fork());
        let (log, _) = house.open_log().unwrap();
        let mut cut = Years {
            house,
            log,
            ..years
        };
        cut.house.mem.inject(Some(Fault {
            on: FaultOn::Change,
            after: at_change,
            times: u64::MAX,
            errno: 5,
        }));
        let was_uncut = cut.sweep().is_ok();
        cut.house.mem.crash(at_change);
        let house = cut.house.reopened();
        let (log, _) = house.open_log().unwrap();
        cut = Years { house, log, ..cut };
        cut.verify();
        cut.sweep().unwrap();
        cut.log.seal(cut.now()).unwrap();
        assert!(cut.verify().first >= expected, "change {at_change}");
        if was_uncut {
            assert!(at_change > 20, "{at_change} changes");
            return;
        }
    }
    panic!("a sweep makes fewer changes");
}
