//! Bench: durable appends of 1, 64 and 512 events in turn with a raw write and sync of as many octets, on a real directory; then
//! verification in turn with hashing the same files.
//!
//! Both sides take turns in one run, so that a disk with moods is unfair to neither. `BENCH_DIR` says where; default: the target
//! directory, which must lie on a real disk to mean anything.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a bench may panic, and reads the clock to measure"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use access::{
    ClockQuality, DoorId, Generation, Holder, IssuanceId, KeySlot, ReaderId, Reason, UtcMicros,
};
use event_log::disk::{Disk, DiskFile, RealDisk, SubDisk};
use event_log::verify::{Options, verify_dir};
use event_log::{Event, Identity, Log, Passage, PassageKind, StoreKeys, Ticketed, What, Who};
use key_store::{Entropy, Fixed, KeyStore, Owner};
use sha2::{Digest, Sha256};

fn main() {
    let parent = std::env::var_os("BENCH_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = tempfile::tempdir_in(parent).unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(folder.path().to_owned()));
    let mut house = House::new(&disk);
    let mut raw = Raw::new(disk.as_ref());
    println!(
        "durable append, medians of {ROUNDS}; raw = write + fdatasync over zeros, as many octets"
    );
    println!("batch   octets   log µs   raw µs   raw / log");
    for batch in [1, 64, 512] {
        let octets = batch * RECORD_LEN;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(house.append(batch));
            theirs.push(raw.append(octets));
        }
        let (ours, theirs) = (median(ours), median(theirs));
        println!(
            "{batch:>5} {octets:>8} {:>8.1} {:>8.1} {:>11.2}",
            ours * 1e6,
            theirs * 1e6,
            theirs / ours
        );
    }
    house.verify(&disk);
}

struct House {
    log: Log,
    holders: Vec<Holder>,
    next: u64,
}

impl House {
    fn new(disk: &Arc<dyn Disk>) -> Self {
        let keys = Arc::new(KeyStore::create(disk, &mut Octets(1)).unwrap());
        let owners: Vec<Owner> = (0..HOLDERS).map(Owner::Issuance).collect();
        let slots = keys.allocate_many(&owners, &mut Octets(2)).unwrap();
        let holders = (0..HOLDERS).zip(slots).map(|(number, slot)| Holder {
            issuance: IssuanceId::from_random(number),
            slot: KeySlot::new(slot.index),
        });
        let holders = holders.collect();
        let identity = Identity {
            origin: String::from("bench.example/portvakt"),
            signing: keys.fixed(Fixed::LogSigning).unwrap(),
        };
        let log = Log::create(
            disk,
            Arc::new(StoreKeys::of_writer(keys, Box::new(Octets(4)))),
            identity,
            &mut Octets(3),
        );
        Self {
            log: log.unwrap(),
            holders,
            next: 0,
        }
    }

    /// Seconds until a batch of passages is durable.
    fn append(&mut self, batch: usize) -> f64 {
        let events: Vec<Ticketed> = (0..batch).map(|_| self.passage()).collect();
        let begin = Instant::now();
        let receipts = self.log.append(&events).unwrap();
        let took = begin.elapsed();
        assert_eq!(receipts.len(), batch);
        took.as_secs_f64()
    }

    /// Fills the log, then verifies it in turn with SHA-256 over all its octets.
    fn verify(&mut self, disk: &Arc<dyn Disk>) {
        while self.log.size() < VERIFIED {
            let _seconds = self.append(512);
        }
        self.log
            .seal(UtcMicros::from_micros(1_795_335_243_000_000))
            .unwrap();
        let octets = self.log.size() * u64::try_from(RECORD_LEN).unwrap();
        let folder = SubDisk::new(Arc::clone(disk), "log");
        let file = folder.open_read("segments/0000000000.seg").unwrap();
        let mut records = vec![0; usize::try_from(octets).unwrap()];
        assert_eq!(file.read_at(&mut records, 4_096).unwrap(), records.len());
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..VERIFY_ROUNDS {
            let begin = Instant::now();
            let report = verify_dir(&folder, Options::default(), &mut |_| {}).unwrap();
            ours.push(begin.elapsed().as_secs_f64());
            assert_eq!(report.events, self.log.size());
            let begin = Instant::now();
            std::hint::black_box(Sha256::digest(&records));
            theirs.push(begin.elapsed().as_secs_f64());
        }
        let (ours, theirs) = (median(ours), median(theirs));
        println!(
            "verify {} events, {octets} octets: {:.1} ms; sha2 over them {:.1} ms; sha2 / verify {:.2}",
            self.log.size(),
            ours * 1e3,
            theirs * 1e3,
            theirs / ours
        );
    }

    fn passage(&mut self) -> Ticketed {
        self.next += 1;
        let holder = self.holders[usize::try_from(self.next).unwrap() % self.holders.len()];
        let after = Duration::from_millis(self.next);
        let event = Event {
            time: UtcMicros::from_micros(1_795_335_243_000_000).saturating_add(after),
            clock: ClockQuality::Synchronised,
            late: false,
            what: What::Passage(Passage {
                kind: PassageKind::Granted,
                door: Some(DoorId::new(1)),
                reader: ReaderId::new(1),
                who: Who::Holder(holder),
                reason: Reason::Ok,
                generation: Generation::new(1),
            }),
        };
        Ticketed {
            ticket: self.next,
            event,
        }
    }
}

/// The floor: octets over zeros, then a sync.
struct Raw {
    file: Box<dyn DiskFile>,
    at: u64,
}

impl Raw {
    fn new(disk: &dyn Disk) -> Self {
        let file = disk.create("raw").unwrap();
        let len = u64::try_from(ROUNDS * RECORD_LEN * (1 + 64 + 512)).unwrap();
        let zeros = vec![0; 1 << 20];
        for at in (0..=len).step_by(zeros.len()) {
            file.write_at(&zeros, at).unwrap();
        }
        file.sync().unwrap();
        Self { file, at: 0 }
    }

    fn append(&mut self, octets: usize) -> f64 {
        let bytes = vec![0xA5; octets];
        let begin = Instant::now();
        self.file.write_at(&bytes, self.at).unwrap();
        self.file.sync().unwrap();
        let took = begin.elapsed();
        self.at += u64::try_from(octets).unwrap();
        took.as_secs_f64()
    }
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// Entropy for a bench: different octets, no secret.
struct Octets(u64);

impl Entropy for Octets {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = self.0.to_be_bytes()[0];
        }
    }
}

const ROUNDS: usize = 300;
const VERIFY_ROUNDS: usize = 15;
const VERIFIED: u64 = 400_000;
const HOLDERS: u32 = 1_000;
/// Frame 12, header 16, one part of 48.
const RECORD_LEN: usize = 76;
