//! A witness: vouches for growth, refuses forks and shorter logs, and forgets nothing in a power cut.

use std::sync::Arc;

use event_log::disk::{Disk, Fault, FaultOn, MemDisk, SubDisk};
use event_log::verify::Options;
use event_log::witness::{Declined, Submission, Witness};
use event_log::{Consistency, Cosigner, Log, LogError, Note, VerifierKey, WitnessKey, Witnessed};

use crate::growth::prover;
use crate::rig::{House, at};
use crate::years::{EVENTS_A_DAY, TWO_YEARS, Years};

fn key(log: &Log) -> VerifierKey {
    log.verifier_key().parse().unwrap()
}

fn witness(disk: &MemDisk, log: &Log) -> Witness {
    let disk: Box<dyn Disk> = Box::new(disk.clone());
    Witness::open(disk, ("witness.example", &[9; 32]), vec![key(log)]).unwrap()
}

fn grow(house: &House, log: &mut Log, size: u64) {
    drop(log.append(&house.batch(log.size()..size)).unwrap());
    log.seal(at(i64::try_from(size).unwrap() * 1_000)).unwrap();
}

fn submission(house: &House, log: &Log, old: u64) -> Submission {
    let mut prover = prover(house, log);
    Submission {
        old,
        proof: prover.consistency(old).unwrap(),
        note: prover.note().parse().unwrap(),
    }
}

/// What the log keeps after a push.
fn keep(house: &House, log: &Log, by: &WitnessKey, submitted: &Submission, line: &str) {
    let disk = SubDisk::new(house.disk.clone(), "log");
    let mut witnessed = Witnessed::read(&disk).unwrap();
    let note: Note = format!("{}{line}", submitted.note).parse().unwrap();
    assert_eq!(witnessed.take(&note, &key(log), by), Ok(true));
    witnessed.write(&disk).unwrap();
}

#[test]
fn growth_is_vouched_for_and_nothing_else() {
    let (house, mut log) = House::new();
    let disk = MemDisk::new();
    let mut witness = witness(&disk, &log);
    grow(&house, &mut log, 300);
    let first = submission(&house, &log, 0);
    witness.add_checkpoint(&first, at(0)).unwrap();
    witness
        .add_checkpoint(&submission(&house, &log, 300), at(0))
        .expect("the same once more");
    grow(&house, &mut log, 700);
    let declined = witness.add_checkpoint(&submission(&house, &log, 0), at(0));
    assert!(matches!(declined, Err(Declined::Conflict { seen: 300 })));
    let unproven = Submission {
        proof: Consistency::default(),
        ..submission(&house, &log, 300)
    };
    let declined = witness.add_checkpoint(&unproven, at(0));
    assert!(matches!(declined, Err(Declined::Inconsistent)));
    witness
        .add_checkpoint(&submission(&house, &log, 300), at(0))
        .unwrap();
    let shrunk = Submission {
        old: 700,
        ..first.clone()
    };
    let declined = witness.add_checkpoint(&shrunk, at(0));
    assert!(matches!(declined, Err(Declined::OldSize)));
    let declined = witness.add_checkpoint(&first, at(0));
    assert!(matches!(declined, Err(Declined::Conflict { seen: 700 })));
}

/// A disk that does not give its key is not one without a key: what was seen would be forgotten.
#[test]
fn a_witness_whose_key_cannot_be_read_does_not_begin_anew() {
    let (house, mut log) = House::new();
    let disk = MemDisk::new();
    let mut witness = witness(&disk, &log);
    grow(&house, &mut log, 300);
    let submitted = submission(&house, &log, 0);
    witness.add_checkpoint(&submitted, at(0)).unwrap();
    drop(witness);
    let seen = disk.contents("seen");
    disk.remove("key").unwrap();
    disk.create_dir("key", 0o700).unwrap();
    let fresh = ("witness.example", &[8; 32]);
    let opened = Witness::open(Box::new(disk.clone()), fresh, vec![key(&log)]);
    let refused = opened.err().unwrap().to_string();
    assert!(refused.contains("folder cannot be read"), "{refused}");
    assert_eq!(disk.contents("seen"), seen);
}

#[test]
fn a_fork_is_refused_at_its_size_and_behind_it() {
    let (house, mut log) = House::new();
    let mut witness = witness(&MemDisk::new(), &log);
    // The same keys, another past.
    let twin = House {
        mem: house.mem.fork(),
        ..house.reopened()
    };
    let twin = twin.reopened();
    grow(&house, &mut log, 40);
    witness
        .add_checkpoint(&submission(&house, &log, 0), at(0))
        .unwrap();
    let (mut forked, _) = twin.open_log().unwrap();
    drop(forked.append(&twin.batch(100..140)).unwrap());
    forked.seal(at(140_000)).unwrap();
    let declined = witness.add_checkpoint(&submission(&twin, &forked, 40), at(0));
    assert!(matches!(declined, Err(Declined::Fork { seen: 40 })));
    drop(forked.append(&twin.batch(140..150)).unwrap());
    forked.seal(at(150_000)).unwrap();
    let declined = witness.add_checkpoint(&submission(&twin, &forked, 40), at(0));
    assert!(matches!(declined, Err(Declined::Inconsistent)));
}

#[test]
fn other_logs_and_changed_checkpoints_are_refused() {
    let (house, mut log) = House::new();
    let (_, other) = House::seeded(1);
    grow(&house, &mut log, 5);
    let good = submission(&house, &log, 0);
    let declined = witness(&MemDisk::new(), &other).add_checkpoint(&good, at(0));
    assert!(
        matches!(declined, Err(Declined::Unsigned)),
        "the same origin, another key"
    );
    let mut watching = witness(&MemDisk::new(), &log);
    for (from, to) in [("\n5\n", "\n6\n"), ("test.example", "best.example")] {
        let changed = Submission {
            note: good.note.to_string().replacen(from, to, 1).parse().unwrap(),
            ..good.clone()
        };
        let declined = watching.add_checkpoint(&changed, at(0));
        assert!(
            matches!(declined, Err(Declined::Unsigned | Declined::UnknownLog)),
            "{to}"
        );
    }
    watching.add_checkpoint(&good, at(0)).unwrap();
}

/// Whatever was vouched for is remembered, wherever the power goes; and a key that was shown is the key for ever.
#[test]
fn a_witness_forgets_nothing_in_a_power_cut() {
    let (house, mut log) = House::new();
    let mut submitted = Vec::new();
    for size in 1..12 {
        let old = log.size();
        grow(&house, &mut log, size * 3);
        submitted.push(submission(&house, &log, old));
    }
    for after in 0..60 {
        for seed in 0..4 {
            let disk = MemDisk::new();
            disk.inject(Some(Fault {
                on: FaultOn::Change,
                after,
                times: u64::MAX,
                errno: 5,
            }));
            let logs = || vec![key(&log)];
            let boxed = || Box::new(disk.clone()) as Box<dyn Disk>;
            let first = Witness::open(boxed(), ("first", &[9; 32]), logs());
            let (mut vouched, mut shown) = (0, None);
            if let Ok(mut witness) = first {
                shown = Some(witness.verifier());
                let given = submitted.iter();
                vouched = given
                    .take_while(|it| witness.add_checkpoint(it, at(0)).is_ok())
                    .count();
            }
            disk.crash(seed);
            let mut again = Witness::open(boxed(), ("second", &[8; 32]), logs())
                .unwrap_or_else(|error| panic!("cut {after}, seed {seed}: {error}"));
            assert!(shown.is_none_or(|key| key == again.verifier()));
            if let Some(last) = vouched.checked_sub(1) {
                let declined = again.add_checkpoint(&submitted[last], at(0));
                assert!(
                    matches!(declined, Err(Declined::Conflict { .. })),
                    "cut {after}, seed {seed}"
                );
            }
        }
    }
}

#[test]
fn a_witness_that_lost_its_memory_or_whose_files_were_changed_does_not_start() {
    let (house, mut log) = House::new();
    let disk = MemDisk::new();
    let mut fresh = witness(&disk, &log);
    grow(&house, &mut log, 5);
    fresh
        .add_checkpoint(&submission(&house, &log, 0), at(0))
        .unwrap();
    let open = || {
        Witness::open(
            Box::new(disk.clone()),
            ("witness.example", &[1; 32]),
            vec![key(&log)],
        )
    };
    assert_eq!(open().unwrap().verifier(), fresh.verifier());
    for file in ["seen", "key"] {
        let good = disk.contents(file).unwrap();
        for bad in [&b""[..], b"\n", &good[..good.len() - 1], &good[1..]] {
            disk.put(file, bad.to_vec());
            assert!(open().is_err(), "{file}: {bad:?}");
        }
        disk.put(file, good);
    }
    disk.remove("seen").unwrap();
    assert!(open().is_err());
}

#[test]
fn a_log_is_anchored_as_far_as_its_witness_vouches_for_it() {
    let (house, mut log) = House::new();
    let mut watching = witness(&MemDisk::new(), &log);
    grow(&house, &mut log, 60);
    let with = |by: &WitnessKey| Options {
        witnesses: vec![by.clone()],
        ..Options::default()
    };
    let by = watching.verifier();
    assert!(house.verify_with(with(&by)).is_err(), "never witnessed");
    let submitted = submission(&house, &log, 0);
    let line = watching.add_checkpoint(&submitted, at(0)).unwrap();
    keep(&house, &log, &by, &submitted, &line);
    let early = house.mem.fork();
    grow(&house, &mut log, 90);
    let report = house.verify_with(with(&by)).unwrap();
    let [witnessed] = report.witnessed.as_slice() else {
        panic!("one witness")
    };
    assert_eq!(
        (witnessed.name.as_str(), witnessed.size),
        ("witness.example", 60)
    );
    assert_eq!(house.verify().unwrap().witnessed, []);

    // The end is cut off, the keys are at hand, and the witness's word is left or taken from a later day.
    let submitted = submission(&house, &log, 60);
    let line = watching.add_checkpoint(&submitted, at(0)).unwrap();
    keep(&house, &log, &by, &submitted, &line);
    let said = house.mem.contents("log/witnessed").unwrap();
    let cut = House {
        mem: early,
        ..house.reopened()
    };
    let cut = cut.reopened();
    assert!(cut.verify_with(with(&by)).is_ok(), "as it was that day");
    cut.mem.put("log/witnessed", said.clone());
    let finding = cut.verify_with(with(&by)).unwrap_err().to_string();
    assert!(finding.contains("witness.example"), "{finding}");
    assert!(finding.contains("its end was cut"), "{finding}");

    // Every changed octet of what it said is found.
    for at in 0..said.len() {
        let mut changed = said.clone();
        changed[at] ^= 1;
        house.mem.put("log/witnessed", changed);
        assert!(house.verify_with(with(&by)).is_err(), "octet {at}");
    }
}

/// A witness's word of the first day still anchors a log whose first days have left, and what is left is shown to grow.
#[test]
fn a_pruned_log_goes_on_from_what_a_witness_has_seen() {
    let mut years = Years::begin();
    years.live(1);
    let witness = Cosigner::new("w1", &[9; 32]).unwrap();
    let log = years.log.verifier_key().parse().unwrap();
    let folder = SubDisk::new(Arc::clone(&years.house.disk), "log");
    let line = witness.cosign(&years.checkpoint().parse().unwrap(), years.now());
    let note = format!("{}{line}", years.checkpoint()).parse().unwrap();
    let mut said = Witnessed::default();
    assert_eq!(said.take(&note, &log, &witness.verifier()), Ok(true));
    said.write(&folder).unwrap();
    years.live(TWO_YEARS + 300);
    years.sweep().unwrap();
    let options = Options {
        witnesses: vec![witness.verifier()],
        ..years.pins()
    };
    let report = years.house.verify_with(options).unwrap();
    assert_eq!(report.witnessed[0].size, EVENTS_A_DAY);
    for tiles in [years.house.mem.contents("log/tiles/8").unwrap(), Vec::new()] {
        years.house.mem.put("log/tiles/8", tiles);
        let mut prover = years.prover();
        for old in [report.first, report.first + 1, report.first + 500] {
            prover.consistency(old).unwrap();
        }
        let gone = prover.consistency(EVENTS_A_DAY).unwrap_err();
        assert!(matches!(gone, LogError::Pruned { .. }), "{gone}");
    }
}
