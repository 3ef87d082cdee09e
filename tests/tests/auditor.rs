//! The auditor's second opinion: `docs/verify.py`, which shares no code with the log, agrees with the verifier.
//!
//! Without a `python3` the stories say so and pass; `cargo xtask test` installs one.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use building_sim::{Dice, LongLog};
use event_log::Prover;
use event_log::disk::{Disk, RealDisk, SubDisk};
use event_log::verify::{Options, verify_dir};
use tempfile::TempDir;

struct Archive {
    folder: TempDir,
    keys: String,
}

/// A log of 2,500 events in three epochs, which some Python reads in a moment.
fn archive() -> Archive {
    let folder = tempfile::tempdir().unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(folder.path().to_owned()));
    let plan = LongLog {
        events: 2_500,
        cards: 10,
        span: Duration::from_secs(3_600),
        seed: 11,
    };
    let written = plan.write(&disk, &mut |_| {}).unwrap();
    Archive {
        folder,
        keys: written.keys.join("\n"),
    }
}

impl Archive {
    fn dir(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir().join("log").join(name)
    }

    fn is_verified(&self) -> bool {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(self.dir().to_owned()));
        let mut options = Options::default();
        options.pin(&self.keys).unwrap();
        verify_dir(&SubDisk::new(disk, "log"), options, &mut |_| {}).is_ok()
    }

    /// What the script says of the log, or `None` without a Python.
    fn script(&self, more: &[&str]) -> Option<Output> {
        let dir = self.dir().to_str().unwrap();
        self.run(&[&[dir], more].concat())
    }

    /// What it says of a proof.
    fn proof(&self, proof: &str) -> Option<Output> {
        let file = self.dir().join("record.tlog-proof");
        fs::write(&file, proof).unwrap();
        self.run(&["--proof", file.to_str().unwrap()])
    }

    fn run(&self, words: &[&str]) -> Option<Output> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/verify.py");
        let keys = self.dir().join("keys.txt");
        fs::write(&keys, &self.keys).unwrap();
        let mut command = Command::new("python3");
        command.arg(script).arg("--key").arg(keys);
        match command.args(words).output() {
            Ok(output) => Some(output),
            Err(_) => {
                eprintln!(
                    "skipped: there is no python3 here; install it with apt-get install python3"
                );
                None
            }
        }
    }
}

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

/// Any one octet of the records, of the seals, of the checkpoint: both find it.
#[test]
fn script_and_verifier_agree_about_every_changed_octet() {
    let archive = archive();
    let mut dice = Dice::new(3);
    for round in 0..24 {
        let name = ["segments/0000000000.seg", "seals", "checkpoint"][round % 3];
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
