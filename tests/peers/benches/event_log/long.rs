//! A long log: verified on one thread and on two, opened after a kill, proven; and what it costs on disk.

use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::UtcMicros;
use building_sim::{Dice, LongLog, Written};
use event_log::disk::{Disk, RealDisk, SubDisk};
use event_log::verify::{Options, verify_dir};
use event_log::{Log, Proof, Prover, StoreKeys, VerifierKey};
use key_store::{Fixed, KeyStore};
use sha2::{Digest, Sha256};

use crate::{finding, median, seconds};

/// Measures and prints.
pub(crate) fn run(folder: &Path, events: u64) {
    let (short, long) = (folder.join("short"), folder.join("long"));
    write(&short, 10_000);
    let written = write(&long, events);
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(long.clone()));
    let log: Arc<dyn Disk> = Arc::new(SubDisk::new(Arc::clone(&disk), "log"));
    let octets = size_of(&long.join("log"));
    println!(
        "{events} events, 90 % of them passages: {:.1} octets an event on disk, all in",
        octets / count(events)
    );
    verify(log.as_ref(), &long, events);
    prove(&log, &written, events);
    reopen(&short, &long, events);
    finding::run(folder, &long, &written, events);
}

fn write(dir: &Path, events: u64) -> Written {
    fs::create_dir_all(dir).unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(dir.to_owned()));
    let plan = LongLog {
        events,
        cards: CARDS,
        span: Duration::from_secs(730 * 86_400),
        seed: 1,
    };
    plan.write(&disk, &mut |_| {}).unwrap()
}

fn verify(log: &dyn Disk, dir: &Path, events: u64) {
    let mut records = Vec::new();
    for name in log.list("segments").unwrap() {
        let segment = fs::read(dir.join("log/segments").join(name)).unwrap();
        let end = segment.iter().rposition(|octet| *octet != 0).unwrap_or(0);
        records.extend(&segment[4_096.min(end)..end]);
    }
    let on = |threads: usize| {
        let options = Options {
            threads: NonZeroUsize::new(threads),
            ..Options::default()
        };
        let report = verify_dir(log, options, &mut |_| {}).unwrap();
        assert_eq!(report.events, events);
    };
    let (mut one, mut two, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..VERIFY_ROUNDS {
        one.push(seconds(|| on(1)));
        two.push(seconds(|| on(2)));
        plain.push(seconds(|| {
            black_box(Sha256::digest(&records));
        }));
    }
    let (one, two, plain) = (median(one), median(two), median(plain));
    println!(
        "verify, ms: one thread {:.0}, two {:.0}; sha2 over the records' octets {:.0}",
        one * 1e3,
        two * 1e3,
        plain * 1e3
    );
    println!(
        "sha2 / one thread {:.2} (goal 0.8), one thread / two {:.2} (goal 1.8)",
        plain / one,
        one / two
    );
}

fn prove(log: &Arc<dyn Disk>, written: &Written, events: u64) {
    let key: VerifierKey = written.keys[0].parse().unwrap();
    let mut prover = Prover::open(log, &key).unwrap();
    let mut dice = Dice::new(9);
    let (mut made, mut checked, mut longest) = (Vec::new(), Vec::new(), 0);
    for _ in 0..PROOFS {
        let index = dice.below(events);
        let mut proof: Option<Proof> = None;
        made.push(seconds(|| proof = Some(prover.prove(index).unwrap())));
        let proof = proof.unwrap();
        checked.push(seconds(|| drop(black_box(proof.check(&key).unwrap()))));
        longest = longest.max(proof.to_string().len());
    }
    println!(
        "proof of a record drawn at random: {longest} octets at most (goal 1500), made in {:.0} us, checked in {:.0} us (goal 100)",
        median(made) * 1e6,
        median(checked) * 1e6
    );
}

fn reopen(short: &Path, long: &Path, events: u64) {
    let (mut of_short, mut of_long) = (Vec::new(), Vec::new());
    for _ in 0..OPEN_ROUNDS {
        of_short.push(open(short));
        of_long.push(open(long));
    }
    let (of_short, of_long) = (median(of_short), median(of_long));
    println!(
        "open after a kill, ms: 10,000 events {:.1}, {events} events {:.1}, ratio {:.2} (goal 1.2)",
        of_short * 1e3,
        of_long * 1e3,
        of_long / of_short
    );
}

/// Seconds; nothing was closed before, so each opening is one after a kill.
fn open(dir: &Path) -> f64 {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(dir.to_owned()));
    let keys = Arc::new(KeyStore::open(&disk).unwrap());
    let signing = keys.fixed(Fixed::LogSigning).unwrap();
    let writing = Arc::new(StoreKeys::of_writer(keys, Box::new(Dice::new(3))));
    let now = UtcMicros::from_micros(1_795_335_243_000_000);
    seconds(|| drop(Log::open(&disk, writing, &signing, now).unwrap()))
}

fn size_of(dir: &Path) -> f64 {
    let mut octets = 0.0;
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let about = entry.metadata().unwrap();
        octets += if about.is_dir() {
            size_of(&entry.path())
        } else {
            count(about.len())
        };
    }
    octets
}

#[allow(clippy::cast_precision_loss, reason = "a bench prints three digits")]
fn count(number: u64) -> f64 {
    number as f64
}

/// Some 500 events each of ten million.
const CARDS: u32 = 20_000;
const VERIFY_ROUNDS: usize = 5;
const PROOFS: usize = 200;
const OPEN_ROUNDS: usize = 9;
