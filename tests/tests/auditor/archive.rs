//! A log in a temporary folder, its verifier and the script.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use access::{ClockQuality, Holder, UtcMicros};
use building_sim::{Dice, LongLog};
use event_log::disk::{Disk, RealDisk, SubDisk};
use event_log::read::Reader;
use event_log::verify::{Finding, Options, Report, verify_dir};
use event_log::{Log, PartOwner, StoreKeys};
use key_store::{Fixed, KeyStore};
use tempfile::TempDir;

pub(crate) const SEGMENT: &str = "segments/0000000000.seg";

pub(crate) struct Archive {
    pub(crate) folder: TempDir,
    pub(crate) keys: String,
    pub(crate) holder: Holder,
}

/// A log of 2,500 events in three epochs, which some Python reads in a moment.
pub(crate) fn archive() -> Archive {
    archive_over(2_500, Duration::from_secs(3_600))
}

pub(crate) fn archive_over(events: u64, span: Duration) -> Archive {
    let folder = tempfile::tempdir().unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(folder.path().to_owned()));
    let plan = LongLog {
        events,
        cards: 10,
        span,
        seed: 11,
    };
    let written = plan.write(&disk, &mut |_| {}).unwrap();
    Archive {
        folder,
        keys: written.keys.join("\n"),
        holder: written.holders[0],
    }
}

impl Archive {
    pub(crate) fn dir(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir().join("log").join(name)
    }

    pub(crate) fn disk(&self) -> Arc<dyn Disk> {
        Arc::new(RealDisk::new(self.dir().to_owned()))
    }

    pub(crate) fn is_verified(&self) -> bool {
        self.verify().is_ok()
    }

    pub(crate) fn verify(&self) -> Result<Report, Finding> {
        let mut options = Options::default();
        options.pin(&self.keys).unwrap();
        verify_dir(&SubDisk::new(self.disk(), "log"), options, &mut |_| {})
    }

    /// The writer, and a reader.
    pub(crate) fn open(&self) -> (Log, Reader) {
        let disk = self.disk();
        let keys = Arc::new(KeyStore::open(&disk).unwrap());
        let signing = keys.fixed(Fixed::LogSigning).unwrap();
        let store = Arc::new(StoreKeys::of_writer(keys, Box::new(Dice::new(5))));
        let reader = Reader::open(&disk, store.clone()).unwrap();
        let now = UtcMicros::from_micros(0);
        (Log::open(&disk, store, &signing, now).unwrap().0, reader)
    }

    /// What the daemon does twice an hour.
    pub(crate) fn sweep(&self) {
        let (mut log, reader) = self.open();
        let cuts = reader.cuts(log.policy()).unwrap();
        let first = reader.first_index().unwrap();
        let expired = reader.expired(&cuts, first..u64::MAX, usize::MAX).unwrap();
        assert!(log.expire(expired).unwrap());
        if let Some(outlived) = reader.outlived(cuts.nearest()).unwrap() {
            let now = (UtcMicros::from_micros(0), ClockQuality::Synchronised);
            log.prune(&outlived, now).unwrap();
        }
    }

    /// Begins to erase a holder, so that the journal is there and no part overwritten; gives each part's place and hash.
    pub(crate) fn begin_erasure(&self) -> Vec<(usize, [u8; 32])> {
        let (disk, time) = (self.disk(), UtcMicros::from_micros(2_000_000_000_000_000));
        let keys = Arc::new(KeyStore::open(&disk).unwrap());
        let signing = keys.fixed(Fixed::LogSigning).unwrap();
        let store = Arc::new(StoreKeys::of_writer(keys, Box::new(Dice::new(5))));
        let reader = Reader::open(&disk, store.clone()).unwrap();
        let parts = reader.parts_of(PartOwner::Holder(self.holder), 0..2_500);
        let (mut log, _) = Log::open(&disk, store, &signing, time).unwrap();
        log.begin_erasure(parts.unwrap()).unwrap();
        let segment = fs::read(self.file(SEGMENT)).unwrap();
        let journal = fs::read(self.file("scrub")).unwrap();
        let targets = journal[16..journal.len() - 4].as_chunks::<56>().0;
        let place = |target: &[u8; 56]| {
            let offset = u64::from_le_bytes(target[8..16].try_into().unwrap());
            let header = usize::try_from(offset).unwrap() + 12;
            let lens = &segment[header + 15..][..usize::from(segment[header + 14])];
            let before = &lens[..usize::from(target[20])];
            let before: usize = before.iter().map(|units| usize::from(*units) * 16).sum();
            (
                header + 15 + lens.len() + before,
                target[24..].try_into().unwrap(),
            )
        };
        targets
            .iter()
            .filter(|target| target[20] != 255)
            .map(place)
            .collect()
    }

    /// What the script says of the log, or `None` without a Python.
    pub(crate) fn script(&self, more: &[&str]) -> Option<Output> {
        let dir = self.dir().to_str().unwrap();
        self.run(&[&[dir], more].concat())
    }

    /// What it says of a proof.
    pub(crate) fn proof(&self, proof: &str) -> Option<Output> {
        let file = self.dir().join("record.tlog-proof");
        fs::write(&file, proof).unwrap();
        self.run(&["--proof", file.to_str().unwrap()])
    }

    pub(crate) fn run(&self, words: &[&str]) -> Option<Output> {
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
