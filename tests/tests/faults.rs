//! A sample of the sweep of faults; `cargo xtask faults --all` tries each of them.

use building_sim::Dice;
use portvakt_tests::binary;
use portvakt_tests::sweep::{Sweep, all, missing, sample};

#[test]
fn whatever_call_fails_no_door_opens_unrecorded_and_all_is_well_afterwards() {
    if let Some(why) = missing() {
        eprintln!("left out: {why}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let cases = sample(SAMPLE, &mut Dice::new(SEED));
    let report = Sweep {
        binary: binary("portvaktd"),
        folder: folder.path().to_path_buf(),
        cases,
        houses: 2,
        seed: SEED,
    }
    .run(&|_, _| {});
    if let Some(finding) = report.findings.first() {
        // What the daemon left is worth a look.
        let left = folder.keep();
        panic!(
            "{}: {}; {} lies in {}",
            finding.case,
            finding.breach,
            finding.folder.display(),
            left.display()
        );
    }
    assert_eq!(report.tally.held, u64::try_from(SAMPLE).unwrap());
    assert!(report.tally.unlocks > 0 && report.tally.hits > 0);
}

#[test]
fn every_fault_is_another_and_the_same_dice_draw_the_same() {
    let every = all(&mut Dice::new(SEED));
    let mut lines: Vec<String> = every.iter().map(ToString::to_string).collect();
    lines.sort();
    lines.dedup();
    assert_eq!(lines.len(), every.len());
    assert_eq!(
        sample(SAMPLE, &mut Dice::new(SEED)),
        sample(SAMPLE, &mut Dice::new(SEED))
    );
}

#[test]
fn a_daemon_that_cannot_serve_operators_stops_in_order_and_says_so() {
    if let Some(why) = missing() {
        eprintln!("left out: {why}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut cases = all(&mut Dice::new(SEED));
    // The control server's first call of this sort: its socket cannot be given to the runtime.
    cases.retain(|case| case.to_string() == "start: fcntl EIO at call 1");
    assert_eq!(cases.len(), 1);
    let report = Sweep {
        binary: binary("portvaktd"),
        folder: folder.path().to_path_buf(),
        cases,
        houses: 1,
        seed: SEED,
    }
    .run(&|_, _| {});
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(report.tally.ended, 1);
}

const SAMPLE: usize = 16;
const SEED: u64 = 1;
