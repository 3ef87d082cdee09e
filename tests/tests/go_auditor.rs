//! A third opinion: Go's checksum database code, which nobody here wrote, reads what `portvakt log export --tiles` writes.
//!
//! Without Go the stories say so and pass; `cargo xtask test` installs it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use building_sim::{Dice, LongLog};
use event_log::disk::{Disk, RealDisk};
use portvakt_tests::binary;
use tempfile::TempDir;

/// Two full tiles of the first level and more are under the root of this many, so three levels have tiles.
const EVENTS: u64 = 66_000;
/// Where Debian puts Go's own libraries.
const GOPATH: &str = "/usr/share/gocode";

/// The auditor, built once; `None` without a Go.
static AUDITOR: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let has_go = Command::new("go").arg("version").output().is_ok();
    let library = Path::new(GOPATH).join("src/golang.org/x/mod/sumdb/tlog");
    if !has_go || !library.is_dir() {
        eprintln!(
            "skipped: there is no Go here; install it with apt-get install golang-go golang-golang-x-mod-dev"
        );
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go");
    fs::create_dir_all(&folder).unwrap();
    let auditor = folder.join("auditor");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&auditor)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/go/auditor.go"))
        .env("GO111MODULE", "off")
        .env("GOPATH", GOPATH)
        .env("GOFLAGS", "")
        .env("GOCACHE", folder.join("cache"))
        .env("CGO_ENABLED", "0")
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", said(&built));
    Some(auditor)
});

struct Archive {
    folder: TempDir,
    key: String,
}

/// A log, and its export by the real command.
fn archive(events: u64) -> Archive {
    // The same step for every length, so that a shorter log is the beginning of a longer one.
    archive_over(events, Duration::from_millis(50 * events))
}

fn archive_over(events: u64, span: Duration) -> Archive {
    let folder = tempfile::tempdir().unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(folder.path().to_owned()));
    let plan = LongLog {
        events,
        cards: 10,
        span,
        seed: 12,
    };
    let written = plan.write(&disk, &mut |_| {}).unwrap();
    let archive = Archive {
        folder,
        key: written.keys[0].clone(),
    };
    let exported = archive.export();
    assert!(exported.status.success(), "{}", said(&exported));
    archive
}

impl Archive {
    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn export(&self) -> Output {
        Command::new(binary("portvakt"))
            .args(["--json", "log", "export", "--tiles"])
            .arg(self.at("tiles"))
            .arg("--dir")
            .arg(self.at("log"))
            .output()
            .unwrap()
    }

    /// What the auditor says of the export.
    fn audited(&self, auditor: &Path, more: &[&Path]) -> Output {
        self.audited_from(&[], auditor, more)
    }

    fn audited_from(&self, from: &[&str], auditor: &Path, more: &[&Path]) -> Output {
        Command::new(auditor)
            .args(from)
            .arg(self.at("tiles"))
            .arg(&self.key)
            .args(more)
            .output()
            .unwrap()
    }
}

/// Everything below a folder.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(files_in(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn go_reads_a_log_of_three_levels_that_goes_on_from_an_earlier_checkpoint() {
    let Some(auditor) = AUDITOR.as_ref() else {
        return;
    };
    let archive = archive(EVENTS);
    let report: serde_json::Value = serde_json::from_slice(&archive.export().stdout).unwrap();
    assert_eq!(report["files_written"], 0, "it was exported before");
    assert!(archive.at("tiles/tile/2/000.p/1").is_file());
    let earlier = self::archive(1_300);
    let audited = archive.audited(auditor, &[&earlier.at("tiles/checkpoint")]);
    let root = report["root"].as_str().unwrap();
    assert_eq!(
        said(&audited),
        format!("verified\nsize {EVENTS}\nroot {root}\n")
    );
    assert!(audited.status.success());
    let backwards = earlier.audited(auditor, &[&archive.at("tiles/checkpoint")]);
    assert_eq!(backwards.status.code(), Some(6), "{}", said(&backwards));
}

/// Of what has left the log only roots are exported, and Go's code finds every later record under them.
#[test]
fn go_reads_a_log_whose_oldest_records_have_left() {
    let Some(auditor) = AUDITOR.as_ref() else {
        return;
    };
    // 512 events a day, which are written at once: each day has its segment.
    let archive = archive_over(1_537, Duration::from_millis(168_600 * 1_537));
    fs::remove_file(archive.at("log/segments/0000000000.seg")).unwrap();
    fs::remove_dir_all(archive.at("tiles")).unwrap();
    let exported = archive.export();
    assert!(exported.status.success(), "{}", said(&exported));
    let report: serde_json::Value = serde_json::from_slice(&exported.stdout).unwrap();
    let first = report["first"].to_string();
    assert_eq!(first, "512");
    let from = ["-from", first.as_str()];
    let audited = archive.audited_from(&from, auditor, &[]);
    assert!(audited.status.success(), "{}", said(&audited));
    let tile = archive.at("tiles/tile/1/000.p/6");
    let mut bad = fs::read(&tile).unwrap();
    bad[3] ^= 1;
    fs::write(&tile, bad).unwrap();
    let audited = archive.audited_from(&from, auditor, &[]);
    assert_eq!(audited.status.code(), Some(6), "{}", said(&audited));
}

/// One octet of any file, or one file cut: Go refuses it as we would.
#[test]
fn go_refuses_every_export_that_was_tampered_with() {
    let Some(auditor) = AUDITOR.as_ref() else {
        return;
    };
    let archive = archive(700);
    let files = files_in(&archive.at("tiles"));
    assert_eq!(files.len(), 8);
    let mut dice = Dice::new(4);
    for path in files {
        let good = fs::read(&path).unwrap();
        let signed = if path.ends_with("checkpoint") {
            // The lines of the epoch's key are for who has all its seals; Go is given the log's key alone.
            let text = String::from_utf8(good.clone()).unwrap();
            let (text, lines) = text.split_once("\n\n").unwrap();
            text.len() + 2 + lines.lines().next().unwrap().len()
        } else {
            good.len()
        };
        for round in 0..6 {
            let at = usize::try_from(dice.below(u64::try_from(signed).unwrap())).unwrap();
            let mut bad = good.clone();
            if round == 0 {
                bad.truncate(at);
            } else {
                bad[at] ^= 1 << dice.below(8);
            }
            fs::write(&path, &bad).unwrap();
            let audited = archive.audited(auditor, &[]);
            let name = path.display();
            assert_eq!(
                audited.status.code(),
                Some(6),
                "{name}, octet {at}: {}",
                said(&audited)
            );
            assert!(said(&audited).starts_with("NOT VERIFIED: "));
            if round == 1 && !path.ends_with("checkpoint") {
                let again = archive.export();
                assert_eq!(again.status.code(), Some(6), "{}", said(&again));
            }
        }
        fs::write(&path, &good).unwrap();
    }
    assert!(archive.audited(auditor, &[]).status.success());
}
