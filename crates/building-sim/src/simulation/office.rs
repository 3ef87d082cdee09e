//! Office: the keys and the real log on a simulated disk, and its writer, as the daemon has it: it flushes whatever queued while the flush
//! before ran, and seals epochs.

mod erasure;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use access::{Day, KeySlot, PinKey, TagKey, UtcMicros};
use event_log::disk::{Fault as DiskFault, FaultOn};
use event_log::read::Reader;
use event_log::verify::Options;
use event_log::{Event, Identity, Log, LogError, Receipt, Spares, StoreKeys, Ticketed};
use key_store::disk::{Disk, MemDisk};
use key_store::{Fixed, KeyStore, Owner};
use reader_bus::Uptime;
use site::{Dating, Now};

use super::archive::Archive;
use super::violation::{Breach, Invariant};
use crate::dice::Dice;

/// The key store and the log, while the controller runs and while it does not.
pub(super) struct Office {
    pub(super) disk: MemDisk,
    /// What was acknowledged, and whether it is there.
    pub(super) archive: Archive,
    keys: Arc<KeyStore>,
    /// `None` while the controller does not run.
    log: Option<Log>,
    queue: VecDeque<Ticketed>,
    /// Records that do not come from the site.
    own: Vec<Ticketed>,
    /// What is being flushed.
    batch: Vec<Ticketed>,
    /// What an operator did is among them, and is to be sealed at once.
    urgent: bool,
    /// Since when there are records behind the newest seal.
    unsealed_since: Option<Uptime>,
    sealed_at: Uptime,
    own_tickets: u64,
    /// How seals and records are dated that do not come from the site.
    dating: Dating,
    dice: Dice,
}

/// What comes of a flush.
type Written = Result<Vec<Receipt>, LogError>;

impl Office {
    /// Makes both on a new disk; `dice` throw the keys.
    pub(super) fn found(now: Now, mut dice: Dice) -> Result<Self, Breach> {
        let disk = MemDisk::new();
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        let keys = Arc::new(KeyStore::create(&shared, &mut dice)?);
        let (writing, who) = (writing(&keys, &mut dice), identity(&keys)?);
        let mut log = Log::create(&shared, writing, who, &mut dice)?;
        log.seal(now.utc)?;
        let mut pins = Options::default();
        for key in [Some(log.verifier_key()), log.epoch_verifier_key()] {
            let pinned = pins.pin(&key.unwrap_or_default());
            pinned.map_err(|cause| Invariant::Setting.breach(cause.to_string()))?;
        }
        Ok(Self {
            archive: Archive::new(disk.clone(), pins),
            disk,
            keys,
            log: Some(log),
            queue: VecDeque::new(),
            own: Vec::new(),
            urgent: false,
            batch: Vec::new(),
            unsealed_since: None,
            sealed_at: Uptime::START,
            own_tickets: OWN_TICKETS,
            dating: Dating::new(None, now),
            dice,
        })
    }

    /// The key of card tags.
    pub(super) fn tag_key(&self) -> Result<TagKey, Breach> {
        Ok(TagKey::new(*self.keys.fixed(Fixed::Tag)?.as_bytes()))
    }

    /// The key of PINs.
    pub(super) fn pin_key(&mut self) -> Result<PinKey, Breach> {
        let key = self.keys.fixed_or_new(Fixed::Pin, &mut self.dice)?;
        Ok(PinKey::new(*key.as_bytes()))
    }

    /// The key of a day's unknown cards; none if the disk refuses.
    pub(super) fn day_key(&mut self, day: Day) -> Option<TagKey> {
        let key = self.keys.day_key(day.get(), &mut self.dice).ok()?;
        Some(TagKey::new(*key.as_bytes()))
    }

    /// A key for somebody.
    pub(super) fn allocate(&mut self, owner: Owner) -> Result<KeySlot, Breach> {
        let slot = self.keys.allocate(owner, &mut self.dice)?;
        Ok(KeySlot::new(slot.index))
    }

    /// The time of the newest record or seal.
    pub(super) fn newest_time(&self) -> Option<UtcMicros> {
        self.log.as_ref()?.newest_time()
    }

    /// Takes a record of the site's.
    pub(super) fn take(&mut self, record: Ticketed) {
        self.queue.push_back(record);
    }

    /// Takes a record of what an operator did, which does not come by way of the site. Its ticket is among those that no site has.
    pub(super) fn take_own(&mut self, event: Event) -> u64 {
        self.own_tickets += 1;
        let ticket = self.own_tickets;
        self.own.push(Ticketed { ticket, event });
        ticket
    }

    /// How many records wait for the disk.
    pub(super) fn queued(&self) -> usize {
        self.queue.len() + self.own.len() + self.batch.len()
    }

    /// Begins to flush what queued, if no flush is under way. Says what.
    pub(super) fn begin_flush(&mut self, up: Uptime) -> Option<&[Ticketed]> {
        let newest = self.log.as_ref()?.newest_time();
        let present = self.present(up).max(newest?);
        if !self.batch.is_empty() || self.queue.is_empty() && self.own.is_empty() {
            return None;
        }
        let count = self.queue.len().min(BATCH_MAX);
        self.batch = self.queue.drain(..count).collect();
        // The site dates its own events; these came by another way.
        self.urgent |= !self.own.is_empty();
        let own = self.own.drain(..).map(|record| dated(record, present));
        self.batch.extend(own);
        Some(&self.batch)
    }

    /// The flush is over: the receipts, or nothing of it was taken; and whether records of the site's were in it.
    pub(super) fn end_flush(&mut self, up: Uptime) -> Option<(Written, bool)> {
        let log = self.log.as_mut()?;
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return None;
        }
        let written = log.append(&batch);
        let is_sites = batch.iter().any(|record| record.ticket < OWN_TICKETS);
        if let Ok(receipts) = &written {
            self.archive.acknowledged(&batch, receipts);
            self.unsealed_since.get_or_insert(up);
            self.date(up);
        } else {
            // Whoever waits for them gives them in again.
            self.own.clear();
        }
        Some((written, is_sites))
    }

    /// Writes records of the controller's own, at its start.
    pub(super) fn write(&mut self, events: Vec<Event>, now: Now) -> Result<(), LogError> {
        let (up, present) = (now.up, self.present(now.up));
        let Some(log) = self.log.as_mut() else {
            return Ok(());
        };
        let events = events.into_iter();
        let batch = events.map(|event| dated(Ticketed { ticket: 0, event }, present));
        let batch: Vec<Ticketed> = batch.collect();
        let receipts = log.append(&batch)?;
        self.archive.acknowledged(&batch, &receipts);
        self.unsealed_since.get_or_insert(up);
        self.date(up);
        Ok(())
    }

    /// Seals the epoch if it is old enough, or in any case. A disk that refuses is asked again later.
    pub(super) fn seal(&mut self, at_once: bool, up: Uptime) -> Result<(), LogError> {
        let time = self.present(up);
        // More that queued meanwhile goes under the same checkpoint.
        let urgent = self.urgent && self.queued() == 0;
        let Some(log) = self.log.as_mut() else {
            return Ok(());
        };
        let old = |since: Uptime, longest| up.saturating_since(since) >= longest;
        let is_due = match self.unsealed_since {
            Some(since) => old(since, SEAL_AFTER),
            None => old(self.sealed_at, SEAL_QUIET),
        };
        if !(is_due || at_once || urgent) {
            return Ok(());
        }
        self.urgent = false;
        self.sealed_at = up;
        let sealed = log.seal(time)?;
        self.unsealed_since = None;
        self.dating.wrote(sealed.time, up);
        Ok(())
    }

    /// The half-hourly round: makes the spares, and asks what of the log is old enough to leave. No run is so long.
    pub(super) fn retain(&mut self) -> Result<(), Breach> {
        let shared: Arc<dyn Disk> = Arc::new(self.disk.clone());
        let Some(log) = self.log.as_ref() else {
            return Ok(());
        };
        // A full disk is no reason to stop.
        Spares::of(&shared).prepare().ok();
        let keys = Arc::new(StoreKeys::new(Arc::clone(&self.keys)));
        let cuts = Reader::open(&shared, keys).and_then(|reader| reader.cuts(log.policy()));
        match cuts?.furthest() {
            0 => Ok(()),
            cut => Err(Invariant::NothingPurgedEarly.breach(format!(
                "the records before {cut} were to leave, and none is older than this run"
            ))),
        }
    }

    /// The controller is gone in the middle of whatever it did: of its last flush and, if it was about to, of a seal. `torn` says after how
    /// many changes of the disk that was.
    pub(super) fn crash(
        &mut self,
        (torn, in_seal): (u64, bool),
        power_cut: Option<u64>,
        up: Uptime,
    ) {
        let time = self.present(up);
        if let Some(mut log) = self.log.take() {
            self.disk.inject(Some(DiskFault {
                on: FaultOn::Change,
                after: torn,
                times: u64::MAX,
                errno: EIO,
            }));
            let batch = std::mem::take(&mut self.batch);
            // Nobody hears of it, whatever comes of it.
            drop(log.append(&batch));
            if in_seal {
                drop(log.seal(time));
            }
        }
        self.disk.inject(None);
        self.queue.clear();
        self.own.clear();
        self.batch.clear();
        if let Some(seed) = power_cut {
            self.disk.crash(seed);
        }
    }

    /// Opens key store and log again. `dies_after`: so many changes of the disk later the controller is gone again.
    pub(super) fn reopen(&mut self, now: Now, dies_after: Option<u64>) -> Result<(), LogError> {
        let shared: Arc<dyn Disk> = Arc::new(self.disk.clone());
        if let Some(after) = dies_after {
            self.disk.inject(Some(DiskFault {
                on: FaultOn::Change,
                after,
                times: u64::MAX,
                errno: EIO,
            }));
        }
        let keys = Arc::new(KeyStore::open(&shared)?);
        let signing = keys.fixed(Fixed::LogSigning)?;
        let (log, _) = Log::open(&shared, writing(&keys, &mut self.dice), &signing, now.utc)?;
        self.dating = Dating::new(log.newest_time(), now);
        (self.keys, self.log) = (keys, Some(log));
        (self.unsealed_since, self.sealed_at) = (Some(now.up), now.up);
        Ok(())
    }

    /// The controller ends in order.
    pub(super) fn close(&mut self) {
        self.log = None;
    }

    /// Whether the controller runs.
    pub(super) const fn is_open(&self) -> bool {
        self.log.is_some()
    }

    /// Records in the log.
    pub(super) fn size(&self) -> u64 {
        self.log.as_ref().map_or(0, Log::size)
    }

    fn date(&mut self, up: Uptime) {
        if let Some(newest) = self.newest_time() {
            self.dating.wrote(newest, up);
        }
    }

    /// The present as the site dates it.
    fn present(&self, up: Uptime) -> UtcMicros {
        self.dating.present(up)
    }
}

/// A record of this time.
fn dated(record: Ticketed, time: UtcMicros) -> Ticketed {
    Ticketed {
        event: Event {
            time,
            ..record.event
        },
        ..record
    }
}

fn writing(keys: &Arc<KeyStore>, dice: &mut Dice) -> Arc<StoreKeys> {
    let entropy = Box::new(dice.split());
    Arc::new(StoreKeys::of_writer(Arc::clone(keys), entropy))
}

fn identity(keys: &KeyStore) -> Result<Identity, Breach> {
    Ok(Identity {
        origin: "simulated.example/portvakt".to_owned(),
        signing: keys.fixed(Fixed::LogSigning)?,
    })
}

/// Tickets beyond this are of records that do not come from the site.
pub(super) const OWN_TICKETS: u64 = 1 << 40;
const EIO: i32 = 5;
/// Events in one flush.
const BATCH_MAX: usize = 512;
/// An epoch is at most so long.
const SEAL_AFTER: Duration = Duration::from_secs(10);
/// A quiet one too.
const SEAL_QUIET: Duration = Duration::from_secs(300);
