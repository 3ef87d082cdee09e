//! The systemd journal, verified beside a log of as many events.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use building_sim::{Dice, LongLog};
use event_log::disk::{Disk, RealDisk, SubDisk};
use event_log::verify::{Options, verify_dir};

use crate::{median, seconds};

/// Measures and prints; a line says so where there is no journal.
pub(crate) fn run(folder: &Path, events: u64) {
    if !Path::new(WRITER).exists()
        || Command::new("journalctl")
            .arg("--version")
            .output()
            .is_err()
    {
        println!(
            "the systemd journal was left out; apt-get install systemd systemd-journal-remote brings it"
        );
        return;
    }
    let log = log(&folder.join("beside"), events);
    for (which, trusted) in [("our fields alone", ""), ("with journald's own", TRUSTED)] {
        let [one, many] = [1, events].map(|count| journal(folder, count, trusted));
        let (mut ours, mut theirs, mut starts) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(seconds(|| {
                let report = verify_dir(&log, Options::default(), &mut |_| {}).unwrap();
                assert_eq!(report.events, events);
            }));
            theirs.push(seconds(|| verify(&many)));
            // What a process costs before it has looked at anything; ours is measured without one.
            starts.push(seconds(|| verify(&one)));
        }
        let (ours, theirs) = (median(ours), median(theirs) - median(starts));
        let each = |seconds: f64| seconds / Duration::from_secs(events).as_secs_f64() * 1e6;
        println!(
            "verify {events} events, us an event: ours {:.2}, journalctl --verify, {which}, {:.2}; {:.0} times (goal 40)",
            each(ours),
            each(theirs),
            theirs / ours
        );
    }
}

fn verify(journal: &Path) {
    let verified = Command::new("journalctl")
        .args(["--quiet", "--verify", "--file"])
        .arg(journal)
        .stderr(Stdio::null())
        .status();
    assert!(verified.unwrap().success());
}

/// A journal of so many passages, written by the journal's own writer.
fn journal(folder: &Path, events: u64, trusted: &str) -> PathBuf {
    let file = folder.join(format!("{events}-{}.journal", trusted.len()));
    let mut writer = Command::new(WRITER)
        .arg("--output")
        .arg(&file)
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut dice = Dice::new(2);
    let mut text = String::new();
    for number in 0..events {
        passage(&mut text, (number, trusted), &mut dice);
    }
    let mut stdin = writer.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    assert!(writer.wait().unwrap().success());
    file
}

/// A passage as a daemon would hand it to the journal, in the journal's export format; behind it what journald adds to whatever
/// a service sends.
fn passage(text: &mut String, (number, trusted): (u64, &str), dice: &mut Dice) {
    let (door, holder) = (dice.below(40) + 1, dice.below(20_000));
    let micros = 1_732_233_600_000_000 + number * 1_000_000;
    write!(
        text,
        "__REALTIME_TIMESTAMP={micros}\n__MONOTONIC_TIMESTAMP={}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n\
         MESSAGE=access-granted door {door} holder {holder}\nPRIORITY=6\nSYSLOG_IDENTIFIER=portvaktd\n\
         KIND=access-granted\nREASON=ok\nDOOR={door}\nREADER={door}\nHOLDER={holder}\nGENERATION=1\n",
        number * 1_000_000
    )
    .unwrap();
    if !trusted.is_empty() {
        writeln!(text, "{trusted}_SOURCE_REALTIME_TIMESTAMP={}", micros - 40).unwrap();
    }
    text.push('\n');
}

fn log(dir: &Path, events: u64) -> SubDisk {
    std::fs::create_dir_all(dir).unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(dir.to_owned()));
    let plan = LongLog {
        events,
        cards: 20_000,
        span: Duration::from_secs(events),
        seed: 2,
    };
    plan.write(&disk, &mut |_| {}).unwrap();
    SubDisk::new(disk, "log")
}

/// systemd.journal-fields(7), "Trusted journal fields", as a service of the system has them.
const TRUSTED: &str = "_TRANSPORT=journal\n_PID=812\n_UID=990\n_GID=990\n_COMM=portvaktd\n_EXE=/usr/bin/portvaktd\n\
_CMDLINE=/usr/bin/portvaktd --config /etc/portvakt.toml\n_CAP_EFFECTIVE=0\n_SYSTEMD_CGROUP=/system.slice/portvaktd.service\n\
_SYSTEMD_UNIT=portvaktd.service\n_SYSTEMD_SLICE=system.slice\n_SYSTEMD_INVOCATION_ID=00112233445566778899aabbccddeeff\n\
_MACHINE_ID=8899aabbccddeeff0011223344556677\n_HOSTNAME=door\n";
const WRITER: &str = "/lib/systemd/systemd-journal-remote";
const ROUNDS: usize = 11;
