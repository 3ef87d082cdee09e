//! A hostile folder on a real disk: 20,000 files of odd names, pipes and devices among the segments. The real command, held to
//! little memory and a minute, says what is wrong with it. A million names: `crates/event-log/tests/house/hostile_folder.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may fail by panicking"
)]

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use building_sim::LongLog;
use event_log::disk::{Disk, RealDisk};
use portvakt_tests::binary;
use tempfile::TempDir;

/// A sound log of 600 events.
fn sound_log() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(folder.path().to_owned()));
    let plan = LongLog {
        events: 600,
        cards: 10,
        span: Duration::from_secs(60),
        seed: 13,
    };
    plan.write(&disk, &mut |_| {}).unwrap();
    folder
}

fn segments(folder: &TempDir) -> PathBuf {
    folder.path().join("log/segments")
}

/// The command, with so little address space (KiB) that a folder held in memory shows, and a minute.
fn run(words: &[&str], folder: &TempDir) -> Output {
    Command::new("timeout")
        .args(["60", "sh", "-c", "ulimit -v 400000; exec \"$@\"", "sh"])
        .arg(binary("portvakt"))
        .args(words)
        .arg("--dir")
        .arg(folder.path())
        .output()
        .unwrap()
}

fn verify(folder: &TempDir) -> Output {
    run(&["log", "verify"], folder)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn odd_names_are_passed_over_and_false_segments_are_found() {
    let folder = sound_log();
    let segments = segments(&folder);
    for number in 0..20_000_u32 {
        let name = match number % 4 {
            0 => OsString::from(format!("{number}.seg")),
            1 => OsString::from(format!("{number:010}.seg\n{}", "x".repeat(200))),
            // No UTF-8.
            2 => OsString::from_vec(
                format!("{number:09}\u{e9}.seg")
                    .into_bytes()
                    .split_off(1)
                    .into_iter()
                    .map(|octet| octet | 0x80)
                    .collect(),
            ),
            _ => OsString::from(format!("99{number:08}.seg")),
        };
        File::create(segments.join(name)).unwrap();
    }
    let told = verify(&folder);
    assert!(told.status.success(), "{}", said(&told));
    for number in 1..20_000_u32 {
        File::create(segments.join(format!("{number:010}.seg"))).unwrap();
    }
    let told = verify(&folder);
    assert_eq!(told.status.code(), Some(6), "{}", said(&told));
    assert!(
        said(&told).contains("the file is shorter than a segment's head"),
        "{}",
        said(&told)
    );
}

/// Where a file should be lies something that is none: a pipe nobody writes to, a device without an end, a directory.
#[test]
fn what_is_no_file_is_a_finding_and_no_trap() {
    let folder = sound_log();
    let odd = segments(&folder).join("0000000001.seg");
    type Lay = fn(&Path);
    let lays: [(&str, Lay); 4] = [
        ("a pipe", pipe),
        ("a device", |path| symlink("/dev/zero", path).unwrap()),
        ("a directory", |path| fs::create_dir(path).unwrap()),
        ("itself", |path| symlink("0000000001.seg", path).unwrap()),
    ];
    for (case, lay) in lays {
        lay(&odd);
        for words in [["log", "verify"].as_slice(), &["log", "prove", "3"]] {
            let told = run(words, &folder);
            let code = told.status.code();
            assert!(
                code == Some(6) || code == Some(1),
                "{case}: {code:?} {}",
                said(&told)
            );
            assert!(
                said(&told).contains("a segment cannot be opened"),
                "{case}: {}",
                said(&told)
            );
        }
        if odd.is_dir() {
            fs::remove_dir(&odd).unwrap();
        } else {
            fs::remove_file(&odd).unwrap();
        }
    }
    for name in ["checkpoint", "seals", "verifier", "scrub"] {
        let path = folder.path().join("log").join(name);
        let good = fs::read(&path).ok();
        let _absent = fs::remove_file(&path).is_err();
        pipe(&path);
        let told = verify(&folder);
        assert_eq!(told.status.code(), Some(6), "{name}: {}", said(&told));
        fs::remove_file(&path).unwrap();
        if let Some(good) = good {
            fs::write(&path, good).unwrap();
        }
    }
    assert!(verify(&folder).status.success());
}
