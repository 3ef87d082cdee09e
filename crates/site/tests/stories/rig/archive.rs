//! Archive: the real log on a disk in memory, with a mood of its own.

use std::sync::Arc;

use access::{ClockQuality, UtcMicros};
use event_log::{
    Event, Identity, Log, Receipt, StoreKeys, SystemEvent, SystemKind, Text, Ticketed, What,
};
use key_store::disk::{Disk, MemDisk};
use key_store::{Entropy, Fixed, KeyStore, Owner};
use reader_bus::Uptime;
use site::{Now, Site};

use super::TEN;

/// How the log does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Every record is durable at once.
    Well,
    /// Records are taken and nothing is said.
    Slow,
    /// Everything is refused.
    Failing,
}

pub(crate) struct Archive {
    pub(crate) mood: Mood,
    /// What is durable, in order, and since when.
    pub(crate) durable: Vec<(Uptime, Event)>,
    taken: Vec<Ticketed>,
    log: Log,
    keys: Arc<KeyStore>,
}

impl Archive {
    pub(crate) fn new() -> Self {
        let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
        let keys = Arc::new(KeyStore::create(&disk, &mut Seeded(7)).unwrap());
        keys.day_key(TEN.day().get(), &mut Seeded(8)).unwrap();
        let identity = Identity {
            origin: "example.org/house".to_owned(),
            signing: keys.fixed(Fixed::LogSigning).unwrap(),
        };
        let store_keys = StoreKeys::of_writer(Arc::clone(&keys), Box::new(Seeded(10)));
        let log = Log::create(&disk, Arc::new(store_keys), identity, &mut Seeded(9)).unwrap();
        Self {
            mood: Mood::Well,
            durable: Vec::new(),
            taken: Vec::new(),
            log,
            keys,
        }
    }

    /// The slot of the key of this issuance.
    pub(crate) fn slot(&self, issuance: u32) -> u32 {
        let owner = Owner::Issuance(issuance);
        let known = self.keys.find(owner);
        known
            .unwrap_or_else(|| {
                self.keys
                    .allocate(owner, &mut Seeded(u64::from(issuance)))
                    .unwrap()
            })
            .index
    }

    /// An event of the owner's.
    pub(crate) fn started(&self, time: UtcMicros) -> Event {
        let what = What::System(SystemEvent {
            kind: SystemKind::Started,
            detail: Text::default(),
        });
        Event {
            time,
            clock: ClockQuality::Synchronised,
            late: false,
            what,
        }
    }

    /// Takes the site's records and answers as the mood is. Says whether anything moved.
    pub(crate) fn work(&mut self, site: &mut Site, now: Now) -> bool {
        let before = self.taken.len();
        while let Some(record) = site.poll_record() {
            self.taken.push(record);
        }
        match self.mood {
            Mood::Slow => self.taken.len() > before,
            Mood::Well => self.append(site, now),
            Mood::Failing if self.taken.is_empty() => false,
            Mood::Failing => {
                self.taken.clear();
                site.handle_log_failure(now);
                true
            }
        }
    }

    fn append(&mut self, site: &mut Site, now: Now) -> bool {
        let taken = std::mem::take(&mut self.taken);
        if taken.is_empty() {
            return false;
        }
        let receipts: Vec<Receipt> = self.log.append(&taken).unwrap();
        self.durable
            .extend(taken.into_iter().map(|record| (now.up, record.event)));
        for receipt in receipts {
            site.handle_receipt(receipt, now);
        }
        true
    }
}

/// Octets that anybody could guess, which is as good as any in a test.
struct Seeded(u64);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = self.0.to_be_bytes()[0];
        }
    }
}
