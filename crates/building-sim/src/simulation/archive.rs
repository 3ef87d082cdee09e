//! Archive: what the log acknowledged, and whether the disk still has it as an auditor would find it.

use std::sync::Arc;

use access::{ClockQuality, UtcMicros};
use event_log::read::Reader;
use event_log::verify::{Options, Remembered, Report, verify_dir};
use event_log::{Class, Receipt, StoreKeys, Ticketed};
use key_store::KeyStore;
use key_store::disk::{Disk, MemDisk, SubDisk};

use super::violation::{Breach, Invariant};

/// Every record that was acknowledged.
pub(super) struct Archive {
    disk: MemDisk,
    pins: Options,
    /// By their place in the log; `None` for one that nobody was told of.
    records: Vec<Option<Acknowledged>>,
}

/// What a record says in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Acknowledged {
    class: Class,
    time: UtcMicros,
    clock: ClockQuality,
    late: bool,
}

impl Archive {
    /// An archive of the log on this disk, with the keys that its auditor pinned.
    pub(super) fn new(disk: MemDisk, pins: Options) -> Self {
        Self {
            disk,
            // Every image of one log has the same seals but for the newest.
            pins: Options {
                remembered: Some(Remembered::default()),
                ..pins
            },
            records: Vec::new(),
        }
    }

    /// The log has given receipts for a batch.
    pub(super) fn acknowledged(&mut self, batch: &[Ticketed], receipts: &[Receipt]) {
        for (ticketed, receipt) in batch.iter().zip(receipts) {
            let at = usize::try_from(receipt.index()).unwrap_or(usize::MAX);
            if self.records.len() <= at {
                self.records.resize(at + 1, None);
            }
            let event = &ticketed.event;
            if let Some(place) = self.records.get_mut(at) {
                *place = Some(Acknowledged {
                    class: event.what.class(),
                    time: event.time,
                    clock: event.clock,
                    late: event.late,
                });
            }
        }
    }

    /// How many records were acknowledged.
    pub(super) fn len(&self) -> u64 {
        u64::try_from(self.records.len()).unwrap_or(u64::MAX)
    }

    /// The log as its files are now, verified as an auditor does it.
    pub(super) fn verify(&self) -> Result<Report, Breach> {
        self.verify_on(&self.disk)
    }

    /// The same on an image of the disk.
    pub(super) fn verify_on(&self, disk: &MemDisk) -> Result<Report, Breach> {
        let folder = SubDisk::new(Arc::new(disk.clone()), "log");
        Ok(verify_dir(&folder, self.pins.clone(), &mut |_| {})?)
    }

    /// Everything acknowledged is there, as it was.
    pub(super) fn is_whole(&self) -> Result<(), Breach> {
        self.is_whole_on(&self.disk)
    }

    /// The same on an image of the disk.
    pub(super) fn is_whole_on(&self, disk: &MemDisk) -> Result<(), Breach> {
        let lost = |what: String| Invariant::AcknowledgedSurvives.breach(what);
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        let keys = Arc::new(StoreKeys::new(Arc::new(KeyStore::open(&shared)?)));
        let reader = Reader::open(&shared, keys)?;
        let mut entries = reader.entries(0..self.len())?;
        for (index, wanted) in (0..).zip(&self.records) {
            let entry = match entries.next() {
                Some(entry) => entry?,
                None => {
                    let all = self.len();
                    return Err(lost(format!(
                        "the log ends at {index}, of {all} acknowledged"
                    )));
                }
            };
            let found = Acknowledged {
                class: entry.class,
                time: entry.time,
                clock: entry.clock,
                late: entry.late,
            };
            if entry.index != index || wanted.is_some_and(|wanted| wanted != found) {
                return Err(lost(format!(
                    "record {index} was acknowledged as {wanted:?}, and {} is {found:?}",
                    entry.index
                )));
            }
        }
        Ok(())
    }
}
