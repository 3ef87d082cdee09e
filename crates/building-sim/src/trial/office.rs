//! Keys and log of a trial, on a disk in memory.

use std::sync::Arc;

use access::{Day, KeySlot, PinKey, TagKey, UtcMicros};
use event_log::verify::{self, Options};
use event_log::{Identity, Log, Receipt, StoreKeys, Ticketed};
use key_store::disk::{Disk, MemDisk, SubDisk};
use key_store::{Fixed, KeyStore, Owner};

use super::broken::Broken;
use crate::dice::Dice;

/// The key store and the log.
pub(super) struct Office {
    disk: MemDisk,
    keys: Arc<KeyStore>,
    log: Log,
    dice: Dice,
}

impl Office {
    /// Makes both on a new disk; `dice` throw the keys.
    pub(super) fn open(mut dice: Dice) -> Result<Self, Broken> {
        let disk = MemDisk::new();
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        let keys = Arc::new(KeyStore::create(&shared, &mut dice)?);
        let identity = Identity {
            origin: "trial.example/portvakt".to_owned(),
            signing: keys.fixed(Fixed::LogSigning)?,
        };
        let writing = StoreKeys::of_writer(Arc::clone(&keys), Box::new(dice.split()));
        let log = Log::create(&shared, Arc::new(writing), identity, &mut dice)?;
        Ok(Self {
            disk,
            keys,
            log,
            dice,
        })
    }

    /// The disk both lie on.
    pub(super) fn disk(&self) -> MemDisk {
        self.disk.clone()
    }

    /// The key of card tags.
    pub(super) fn tag_key(&self) -> Result<TagKey, Broken> {
        Ok(TagKey::new(*self.keys.fixed(Fixed::Tag)?.as_bytes()))
    }

    /// The key of PINs.
    pub(super) fn pin_key(&mut self) -> Result<PinKey, Broken> {
        let key = self.keys.fixed_or_new(Fixed::Pin, &mut self.dice)?;
        Ok(PinKey::new(*key.as_bytes()))
    }

    /// The key of a day's unknown cards.
    pub(super) fn day_key(&mut self, day: Day) -> Result<(Day, TagKey), Broken> {
        let key = self.keys.day_key(day.get(), &mut self.dice)?;
        Ok((day, TagKey::new(*key.as_bytes())))
    }

    /// A key for somebody.
    pub(super) fn allocate(&mut self, owner: Owner) -> Result<KeySlot, Broken> {
        let slot = self.keys.allocate(owner, &mut self.dice)?;
        Ok(KeySlot::new(slot.index))
    }

    /// Makes records durable.
    pub(super) fn append(&mut self, batch: &[Ticketed]) -> Result<Vec<Receipt>, Broken> {
        Ok(self.log.append(batch)?)
    }

    /// Cuts the power on a copy of the disk and opens what is left: the record `index` must be there (I4).
    pub(super) fn survives_a_power_cut(
        &self,
        index: u64,
        seed: u64,
        now: UtcMicros,
    ) -> Result<(), Broken> {
        let copy = self.disk.fork();
        copy.crash(seed);
        let copy: Arc<dyn Disk> = Arc::new(copy);
        let keys = Arc::new(KeyStore::open(&copy)?);
        let signing = keys.fixed(Fixed::LogSigning)?;
        let writing = StoreKeys::of_writer(keys, Box::new(Dice::new(seed)));
        let (log, _) = Log::open(&copy, Arc::new(writing), &signing, now)?;
        let size = log.size();
        if size > index {
            return Ok(());
        }
        Err(Broken::GrantLost { index, size })
    }

    /// Signs the log and verifies it with the key it began with, as an auditor does.
    pub(super) fn close(&mut self, now: UtcMicros) -> Result<(), Broken> {
        let checkpoint = self.log.seal(now)?;
        let wrong = |what: &dyn std::fmt::Display| Broken::Log(what.to_string());
        let mut options = Options::default();
        let keys = [Some(self.log.verifier_key()), self.log.epoch_verifier_key()];
        for key in keys.into_iter().flatten() {
            options.pin(&key).map_err(|error| wrong(&error))?;
        }
        let folder = SubDisk::new(Arc::new(self.disk.clone()), "log");
        let report =
            verify::verify_dir(&folder, options, &mut |_| {}).map_err(|finding| wrong(&finding))?;
        if report.events == checkpoint.size && report.unsealed == 0 {
            return Ok(());
        }
        Err(wrong(&format_args!(
            "{} events under {} signed",
            report.events, checkpoint.size
        )))
    }
}
