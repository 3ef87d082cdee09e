//! The log: the one writer.

mod active;
mod batch;
mod chain;
mod create;
mod erase;
mod keyring;
mod recovery;
mod retain;
mod run;
mod spare;
mod start;

use std::sync::Arc;

use access::{ClockQuality, Day, UtcMicros};
use key_store::Key32;
use key_store::disk::Disk;

pub use recovery::Recovery;
pub(crate) use recovery::{End, Rest, end_of, rest_of};
pub use spare::Spares;

use crate::checkpoint::Checkpoint;
use crate::epoch::signer_name;
use crate::error::LogError;
use crate::event::{Event, SystemEvent, SystemKind, Text, Ticketed, What};
use crate::former::Former;
use crate::keys::Keys;
use crate::note::{Signer, VerifierKey};
use crate::receipt::Receipt;
use crate::record::InstanceId;
use crate::retention::Policy;
use crate::segment::Head;
use crate::tiles::{Spot, Tiles};
use crate::tree::Tree;
use active::Active;
use batch::Batch;
use chain::Chain;
use erase::Erasure;
use keyring::Keyring;

/// Who the log is: pinned by verifiers, never changed.
pub struct Identity {
    /// The origin, such as `kommuneneshus.example/portvakt`.
    pub origin: String,
    /// The seed of the Ed25519 key that signs checkpoints.
    pub signing: Key32,
}

/// The one writer of a log. It needs a disk and keys, and reads no clock.
///
/// After a write or a sync that failed, nothing of the batch is acknowledged and the file is never written again: the next batch
/// goes to a new segment.
pub struct Log {
    disk: Arc<dyn Disk>,
    keys: Arc<dyn Keys>,
    signer: Signer,
    origin: String,
    instance: InstanceId,
    run: u32,
    flush: u32,
    active: Active,
    /// The day that the active segment's first record is of.
    begun_on: Option<Day>,
    tree: Tree,
    newest: Option<UtcMicros>,
    checkpoint: Option<Checkpoint>,
    chain: Option<Chain>,
    tiles: Tiles,
    keyring: Keyring,
    /// Whose parts are being overwritten, and which.
    erasing: Option<Erasure>,
    policy: Policy,
}

impl Log {
    /// Makes a log in `log/` of this disk, with an instance id of its own.
    ///
    /// # Errors
    /// [`LogError::Exists`], [`LogError::Origin`], or what the disk says.
    pub fn create(
        disk: &Arc<dyn Disk>,
        keys: Arc<dyn Keys>,
        identity: Identity,
        entropy: &mut dyn key_store::Entropy,
    ) -> Result<Self, LogError> {
        create::create(disk, keys, identity, entropy)
    }

    /// Makes a log that goes on from another one, after a restore: under an origin of its own, with an instance id and so body
    /// keys of its own. Its first record binds the last checkpoint known of the one before; that record is sealed when this
    /// returns.
    ///
    /// # Errors
    /// As [`Log::create`].
    pub fn create_after(
        disk: &Arc<dyn Disk>,
        keys: Arc<dyn Keys>,
        (former, signing): (&Former, Key32),
        (now, clock): (UtcMicros, ClockQuality),
        entropy: &mut dyn key_store::Entropy,
    ) -> Result<Self, LogError> {
        let identity = Identity {
            origin: former.next_origin(),
            signing,
        };
        let mut log = create::create(disk, keys, identity, entropy)?;
        former.store(log.disk.as_ref())?;
        let what = What::System(SystemEvent {
            kind: SystemKind::Restored,
            detail: Text::new(&former.to_string()),
        });
        let time = now.max(former.checkpoint.time);
        let event = Event {
            time,
            clock,
            late: false,
            what,
        };
        drop(log.append(&[Ticketed { ticket: 0, event }])?);
        log.seal(time)?;
        Ok(log)
    }

    /// Opens the log in `log/` of this disk: replays what its newest checkpoint does not cover, cuts a torn end and records that,
    /// raises the run.
    ///
    /// # Errors
    /// [`LogError::Missing`], [`LogError::Damaged`], [`LogError::Truncated`], [`LogError::Inconsistent`], which change nothing; or
    /// what the disk says.
    pub fn open(
        disk: &Arc<dyn Disk>,
        keys: Arc<dyn Keys>,
        signing: &Key32,
        now: UtcMicros,
    ) -> Result<(Self, Option<Recovery>), LogError> {
        let (mut log, recovery) = start::open(disk, keys, signing)?;
        if let Some(torn) = &recovery {
            let what = What::System(SystemEvent {
                kind: SystemKind::LogRecovered,
                detail: Text::new(&torn.to_string()),
            });
            // Nobody has asked yet how far the clock may be believed: its word alone must not move the log's time ahead.
            let event = Event {
                time: log.newest.unwrap_or(now),
                clock: ClockQuality::Unknown,
                late: false,
                what,
            };
            drop(log.append(&[Ticketed { ticket: 0, event }])?);
        }
        Ok((log, recovery))
    }

    /// Appends a batch: one write, one sync. Receipts come in the batch's order.
    ///
    /// # Errors
    /// [`LogError`], also for a batch of more than 8 MiB, which 1,500 events never are; then nothing of the batch is acknowledged, and it may be given in again.
    pub fn append(&mut self, events: &[Ticketed]) -> Result<Vec<Receipt>, LogError> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        self.make_room(events)?;
        let written = self.write(events);
        match written {
            // The file cannot be trusted any more, and the events are still in hand: once more, in a new one.
            Err(LogError::Io { .. }) => {
                self.renew()?;
                self.write(events)
            }
            other => other,
        }
    }

    /// Seals the epoch: signs the tree as it is, by the epoch's key and by the log's, and writes seal and checkpoint durably.
    ///
    /// # Errors
    /// What the disk or the key store says; then the one before still stands.
    pub fn seal(&mut self, now: UtcMicros) -> Result<Checkpoint, LogError> {
        if self.active.has_failed() {
            // What failed may yet be found on the disk after a crash: behind this seal, and older than it.
            self.renew()?;
        }
        let plain = Checkpoint {
            origin: self.origin.clone(),
            size: self.tree.size(),
            root: self.tree.root(),
            time: now,
            epoch: None,
        };
        let (checkpoint, line) = match &mut self.chain {
            Some(chain) => {
                let time = self.newest.map_or(now, |newest| newest.max(now));
                let sealed = chain.seal(self.disk.as_ref(), &Checkpoint { time, ..plain });
                // No later record may be older than its epoch, also if the seal is all that could be written.
                self.newest = self.newest.max(chain.newest().map(|newest| newest.time));
                sealed?
            }
            None => (plain, String::new()),
        };
        let note = self.signer.sign(&checkpoint.text()) + &line;
        self.disk
            .put_whole(CHECKPOINT, note.as_bytes())
            .map_err(LogError::io("checkpoint cannot be written"))?;
        self.checkpoint = Some(checkpoint.clone());
        Ok(checkpoint)
    }

    /// Records in the log.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The tree's root over them.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        self.tree.root()
    }

    /// The log's identity.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The verifier key (C2SP signed-note), which auditors pin.
    #[must_use]
    pub fn verifier_key(&self) -> String {
        self.signer.verifier().to_string()
    }

    /// The verifier key of epoch 0, which auditors pin beside the log's own: then not even the log's key can write its past
    /// anew. `None` for a log without epochs.
    #[must_use]
    pub fn epoch_verifier_key(&self) -> Option<String> {
        let key = self.chain.as_ref()?.first_key();
        VerifierKey::from_public(&signer_name(&self.origin), key).map(|key| key.to_string())
    }

    /// The time of the newest event or seal, if one is known without reading the whole past. Whoever appends keeps to it.
    #[must_use]
    pub const fn newest_time(&self) -> Option<UtcMicros> {
        self.newest
    }

    /// The newest checkpoint signed.
    #[must_use]
    pub const fn checkpoint(&self) -> Option<&Checkpoint> {
        self.checkpoint.as_ref()
    }

    /// Whether the disk was full since this was asked last, and the log went on with its emergency reserve.
    pub fn take_disk_alarm(&mut self) -> bool {
        self.active.take_alarm()
    }

    fn write(&mut self, events: &[Ticketed]) -> Result<Vec<Receipt>, LogError> {
        let keyring = std::mem::take(&mut self.keyring);
        let mut batch = Batch::begin(self, keyring);
        for (at, ticketed) in events.iter().enumerate() {
            batch.add(ticketed, at + 1 == events.len())?;
        }
        let Batch {
            keyring,
            octets,
            tree,
            receipts,
            turns,
            ..
        } = batch;
        self.keyring = keyring;
        if octets.len() > FLUSH_LEN_MAX {
            return Err(LogError::TooLong);
        }
        // A flush that failed may have left its number on the disk.
        self.flush = self.flush.wrapping_add(1);
        let begin = self.active.spot();
        self.active.append(self.disk.as_ref(), &octets)?;
        let first = events.first().map(|ticketed| ticketed.event.time.day());
        self.begun_on = self.begun_on.or(first);
        self.tree = tree;
        for turn in turns {
            let here = Spot {
                offset: begin.offset.saturating_add(turn.start),
                ..begin
            };
            self.tiles.enter(turn.index, here, &turn.completed);
        }
        let times = events.iter().map(|ticketed| ticketed.event.time);
        self.newest = self.newest.into_iter().chain(times).max();
        Ok(receipts)
    }

    /// A new segment when the batch may not fit this one, or this one has failed, or a new UTC day has begun: what is too old
    /// leaves by whole files.
    fn make_room(&mut self, events: &[Ticketed]) -> Result<(), LogError> {
        let first = events
            .iter()
            .map(|ticketed| ticketed.event.time.day())
            .min();
        let is_new_day = self.begun_on.is_some() && self.begun_on < first;
        if self.active.has_failed() || !self.active.has_room(events.len()) {
            return self.renew();
        }
        if is_new_day {
            // A disk that is full at midnight stops nothing: the day goes into the segment that is open, which has room.
            if self.renew().is_err() {
                self.begun_on = first;
            }
        }
        Ok(())
    }

    fn renew(&mut self) -> Result<(), LogError> {
        if self.active.has_failed() {
            self.active
                .settle(self.disk.as_ref())
                .map_err(LogError::io("the log's end cannot be written again"))?;
            // The failed flush may lie on the disk: what takes its indices must not take its nonces.
            self.run = run::raise(self.disk.as_ref(), self.run)?;
        }
        let used_up = LogError::DamagedFile {
            file: "log/segments",
            what: "no number is left for another segment",
        };
        let segment = self.active.segment().checked_add(1).ok_or(used_up)?;
        let head = Head {
            segment,
            instance: self.instance,
            origin: self.origin.clone(),
            before: self.tree.clone(),
            flush: self.flush.wrapping_add(1),
        };
        let fresh = Active::create(self.disk.as_ref(), &head)?;
        self.begun_on = None;
        let alarm = self.active.take_alarm();
        std::mem::replace(&mut self.active, fresh).trim();
        self.active.alarm |= alarm;
        Ok(())
    }
}

/// Octets of one flush. What a flush can leave behind at a crash is looked through in memory.
const FLUSH_LEN_MAX: usize = 8 * 1024 * 1024;
/// The newest checkpoint, below the log's folder.
const CHECKPOINT: &str = "checkpoint";
/// The verifier key as text, for convenience; whoever takes it from here pins nothing.
const VERIFIER: &str = "verifier";
/// The log's folder below the data directory.
const FOLDER: &str = "log";
