//! The auditor's second opinion: `docs/verify.py`, which shares no code with the log, agrees with the verifier.
//!
//! Without a `python3` the stories say so and pass; `cargo xtask test` installs one.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

#[path = "auditor/archive.rs"]
mod archive;

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use access::{ClockQuality, UtcMicros};
use archive::{Archive, SEGMENT, archive, archive_over};
use building_sim::Dice;
use event_log::disk::{Disk, RealDisk};
use event_log::{Class, Former, Keep, Log, Prover, StoreKeys};
use key_store::{Fixed, KeyStore};

#[test]
fn the_script_verifies_what_the_log_wrote() {
    let archive = archive();
    let Some(said) = archive.script(&[]) else {
        return;
    };
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(
        said.status.success(),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
    assert!(text.starts_with("verdict  verified\n"), "{text}");
    assert!(
        text.contains("records  2500, 0 parts erased, 0 torn octets"),
        "{text}"
    );
    assert!(
        text.contains("epochs   3, the first one's key pinned"),
        "{text}"
    );
    let quick = archive.script(&["--quick"]).unwrap();
    assert!(String::from_utf8_lossy(&quick.stdout).starts_with("verdict  signatures verified"));
}

#[test]
fn the_script_and_the_verifier_agree_on_what_a_restored_log_goes_on_from() {
    let archive = archive();
    let note = fs::read_to_string(archive.file("checkpoint")).unwrap();
    let former = Former::new(
        &note,
        &archive.keys.lines().next().unwrap().parse().unwrap(),
    );
    let folder = tempfile::tempdir().unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(folder.path().to_owned()));
    let keys = Arc::new(KeyStore::open(&archive.disk()).unwrap());
    let signing = keys.fixed(Fixed::LogSigning).unwrap();
    let store = Arc::new(StoreKeys::of_writer(keys, Box::new(Dice::new(6))));
    let now = (UtcMicros::from_micros(0), ClockQuality::Synchronised);
    let former = (&former.unwrap(), signing);
    let log = Log::create_after(&disk, store, former, now, &mut Dice::new(7)).unwrap();
    let keys = [Some(log.verifier_key()), log.epoch_verifier_key()];
    let restored = Archive {
        folder,
        keys: keys.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        holder: archive.holder,
    };
    assert_eq!(restored.verify().unwrap().former.unwrap().1, 2_500);
    let Some(said) = restored.script(&[]) else {
        return;
    };
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        text.contains("former   long.example/portvakt, 2500 records"),
        "{text}"
    );
    fs::write(
        restored.file("former"),
        note.replace("time_us 1", "time_us 2"),
    )
    .unwrap();
    assert!(!restored.is_verified());
    assert_eq!(restored.script(&[]).unwrap().status.code(), Some(6));
    fs::remove_file(restored.file("former")).unwrap();
    assert!(!restored.is_verified());
    assert_eq!(restored.script(&[]).unwrap().status.code(), Some(6));
}

/// What left too early and what stays too long is told without keys, by both.
#[test]
fn the_script_and_the_verifier_agree_on_what_may_have_left_and_what_must_have() {
    let days = |days: u64| Duration::from_secs(days * 86_400);
    let archive = archive_over(1_480, days(740));
    let refused = |why: &str| {
        let finding = archive.verify().unwrap_err().to_string();
        assert!(finding.contains(why), "{finding}");
        let said = archive.script(&[])?;
        let text = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(
            said.status.code() == Some(6) && text.contains(why),
            "{text}"
        );
        Some(())
    };
    let accepted = || {
        let report = archive.verify().unwrap();
        let said = archive.script(&[])?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let records = format!("records  {} from {} on", report.events, report.first);
        assert!(said.status.success() && text.contains(&records), "{text}");
        Some(report)
    };
    if refused("over-retention").is_none() {
        return;
    }
    archive.sweep();
    let report = accepted().unwrap();
    assert!(report.first >= 14, "{}", report.first);
    let (mut log, _) = archive.open();
    let policy = log.policy().with(Class::Passage, Keep::Days(30)).unwrap();
    let now = log.newest_time().unwrap();
    log.set_policy(policy, now).unwrap();
    drop(log);
    accepted().unwrap();
    archive
        .open()
        .0
        .seal(now.saturating_add(Duration::from_secs(3_600)))
        .unwrap();
    refused("over-retention: events of class passage are kept for 30d").unwrap();
    archive.sweep();
    accepted().unwrap();
    let mut segments: Vec<_> = fs::read_dir(archive.file("segments"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "seg"))
        .collect();
    segments.sort();
    segments[..3]
        .iter()
        .for_each(|path| fs::remove_file(path).unwrap());
    refused("the log begins here, and by its seals only records before").unwrap();
}

#[test]
fn the_script_checks_the_proof_of_one_record() {
    let archive = archive();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(archive.dir().join("log")));
    let key = archive.keys.lines().next().unwrap().parse().unwrap();
    let mut prover = Prover::open(&disk, &key).unwrap();
    for index in [0, 255, 256, 1_234, 2_499] {
        let proof = prover.prove(index).unwrap().to_string();
        let Some(said) = archive.proof(&proof) else {
            return;
        };
        assert!(
            said.status.success(),
            "{index}: {}",
            String::from_utf8_lossy(&said.stderr)
        );
        let other = proof.replace(
            &format!("index {index}\n"),
            &format!("index {}\n", index ^ 1),
        );
        assert_eq!(
            archive.proof(&other).unwrap().status.code(),
            Some(6),
            "{index}"
        );
    }
}

/// A power cut in the middle of an erasure: its journal says what the records will be, and both read it.
#[test]
fn script_and_verifier_agree_about_a_half_done_erasure() {
    let archive = archive();
    let places = archive.begin_erasure();
    assert!(places.len() > 100, "{}", places.len());
    let begun = fs::read(archive.file(SEGMENT)).unwrap();
    let mut half = begun.clone();
    for (number, (place, hash)) in places.iter().enumerate().take(60) {
        let written = number % 33;
        half[*place..][..written].copy_from_slice(&hash[..written]);
    }
    let journal = fs::read(archive.file("scrub")).unwrap();
    let mut damaged_journal = journal.clone();
    damaged_journal[100] ^= 1;
    // The header of a record in the middle of it: what the journal does not speak of is not forgiven.
    let mut changed = half.clone();
    changed[places[40].0 - 12] ^= 1;
    for (case, segment, journal, good) in [
        ("begun", &begun, Some(&journal), true),
        ("half done", &half, Some(&journal), true),
        ("half done without a journal", &half, None, false),
        (
            "half done with a damaged journal",
            &half,
            Some(&damaged_journal),
            false,
        ),
        ("changed beside it", &changed, Some(&journal), false),
    ] {
        fs::write(archive.file(SEGMENT), segment).unwrap();
        match journal {
            Some(journal) => fs::write(archive.file("scrub"), journal).unwrap(),
            None => fs::remove_file(archive.file("scrub")).unwrap(),
        }
        let report = archive.verify();
        assert_eq!(report.is_ok(), good, "{case}: {report:?}");
        let Some(said) = archive.script(&[]) else {
            return;
        };
        let told = String::from_utf8_lossy(&said.stderr);
        assert_eq!(said.status.success(), good, "{case}: {told}");
        if let Ok(report) = report {
            let line = format!(
                "{}, {} parts erased, {} torn",
                report.events, report.scrubbed, report.torn
            );
            let text = String::from_utf8(said.stdout).unwrap();
            assert!(text.contains(&line), "{case}: {text}, not {line}");
            assert_eq!(report.scrubbed > 0, case == "half done");
        }
    }
}

/// A seal that was being written when the power went: both say how much of it there is.
#[test]
fn script_and_verifier_agree_about_octets_behind_the_last_seal() {
    let archive = archive();
    let mut seals = fs::read(archive.file("seals")).unwrap();
    seals.extend([7; 99]);
    fs::write(archive.file("seals"), seals).unwrap();
    assert_eq!(archive.verify().unwrap().torn, 99);
    let Some(said) = archive.script(&[]) else {
        return;
    };
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(text.contains(", 99 torn octets"), "{text}");
}

/// Any one octet of the records, of the seals, of the checkpoint: both find it.
#[test]
fn script_and_verifier_agree_about_every_changed_octet() {
    let archive = archive();
    let mut dice = Dice::new(3);
    for round in 0..24 {
        let name = [SEGMENT, "seals", "checkpoint"][round % 3];
        let good = fs::read(archive.file(name)).unwrap();
        let written = good.iter().rposition(|octet| *octet != 0).unwrap() + 1;
        let at = usize::try_from(dice.below(u64::try_from(written).unwrap())).unwrap();
        let mut bad = good.clone();
        bad[at] ^= 1 << dice.below(8);
        fs::write(archive.file(name), &bad).unwrap();
        let verified = archive.is_verified();
        let Some(said) = archive.script(&[]) else {
            return;
        };
        assert_eq!(
            said.status.success(),
            verified,
            "{name}, octet {at} of {written}"
        );
        assert!(
            !verified || name == "checkpoint",
            "{name}, octet {at} of {written}"
        );
        if !verified {
            assert_eq!(said.status.code(), Some(6));
            assert!(String::from_utf8_lossy(&said.stderr).contains("NOT VERIFIED: "));
        }
        fs::write(archive.file(name), good).unwrap();
    }
    assert!(archive.is_verified());
}
