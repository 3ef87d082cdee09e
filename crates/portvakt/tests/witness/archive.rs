//! A log in a folder, which grows.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::{ClockQuality, UtcMicros};
use event_log::disk::{Disk, RealDisk};
use event_log::{Event, Identity, Log, StoreKeys, SystemEvent, SystemKind, Text, Ticketed, What};
use key_store::{Entropy, Fixed, KeyStore};
use tempfile::TempDir;

/// Keys and log, as a controller has them.
pub(crate) struct Archive {
    folder: TempDir,
    /// The log's verifier key.
    pub(crate) key: String,
}

struct Chance;

impl Entropy for Chance {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}

impl Archive {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(folder.path().to_owned()));
        let keys = Arc::new(KeyStore::create(&disk, &mut Chance).unwrap());
        let identity = Identity {
            origin: "house.example/portvakt".to_owned(),
            signing: keys.fixed(Fixed::LogSigning).unwrap(),
        };
        let writing = Arc::new(StoreKeys::of_writer(keys, Box::new(Chance)));
        let log = Log::create(&disk, writing, identity, &mut Chance).unwrap();
        let key = log.verifier_key();
        Self { folder, key }
    }

    /// The same once more, with all keys.
    pub(crate) fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        Self {
            folder,
            key: self.key.clone(),
        }
    }

    /// Writes so many events, no two archives the same, and seals them.
    pub(crate) fn grow(&mut self, events: u64) {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(self.folder.path().to_owned()));
        let keys = Arc::new(KeyStore::open(&disk).unwrap());
        let signing = keys.fixed(Fixed::LogSigning).unwrap();
        let writing = Arc::new(StoreKeys::of_writer(keys, Box::new(Chance)));
        let (mut log, _) = Log::open(&disk, writing, &signing, NOW).unwrap();
        let detail = format!("in {}", self.folder.path().display());
        let event = |ticket| Ticketed {
            ticket,
            event: Event {
                time: log.newest_time().unwrap_or(NOW),
                clock: ClockQuality::Synchronised,
                late: false,
                what: What::System(SystemEvent {
                    kind: SystemKind::Started,
                    detail: Text::new(&detail),
                }),
            },
        };
        let batch: Vec<Ticketed> = (0..events).map(event).collect();
        drop(log.append(&batch).unwrap());
        log.seal(log.newest_time().unwrap()).unwrap();
    }

    /// Where it lies.
    pub(crate) fn dir(&self) -> &Path {
        self.folder.path()
    }

    /// A file of the log.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir().join("log").join(name)
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|it| (it.path(), it.file_name())).unwrap();
        if path.is_dir() {
            fs::create_dir(to.join(&name)).unwrap();
            copy(&path, &to.join(&name));
        } else {
            fs::copy(&path, to.join(&name)).unwrap();
        }
    }
}

const NOW: UtcMicros = UtcMicros::from_micros(1_795_335_243_000_000);
