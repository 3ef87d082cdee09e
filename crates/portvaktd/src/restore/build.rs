//! Building the restored house: keys, register and a new log in a folder of its own.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use event_log::{Event, Log, Policy, Spares, StoreKeys, SystemKind, Ticketed, verifier_of};
use key_store::disk::{Disk, RealDisk};
use key_store::{Fixed, KeyStore};
use register::{LifeBegun, Register};
use site::Now;

use super::place::REGISTER;
use super::{Work, set};
use crate::backup_set::{copy_file, copy_folder, copy_log};
use crate::books::refused_register;
use crate::clock::Clock;
use crate::entropy::OsEntropy;
use crate::failure::Failure;
use crate::own_event::own_event;
use crate::{opening, outbox, retention};

/// What it is built from, and where.
pub(super) struct Build<'a> {
    pub(super) work: &'a Work,
    pub(super) dir: PathBuf,
    pub(super) clock: &'a Clock,
    /// The house's name in the configuration.
    pub(super) origin: &'a str,
}

/// What was built.
pub(super) struct Restored {
    /// By what the new log is verified.
    pub(super) verifiers: Vec<String>,
    /// The new log's first checkpoint.
    pub(super) checkpoint: String,
    /// Which log it is.
    pub(super) origin: String,
    /// What became of the rows.
    pub(super) begun: LifeBegun,
    /// Under what name the old log is kept.
    pub(super) old_log: String,
}

impl Build<'_> {
    /// Builds it; nobody takes it for a house before it is put in place.
    ///
    /// # Errors
    /// [`Failure`]; the data directory is as it was.
    pub(super) fn make(&self) -> Result<Restored, Failure> {
        let key_store = |cause| Failure::failed("key store", cause);
        let (former, keys) = (self.work.former(), &self.work.keys);
        let life = former.reach().0.saturating_add(1);
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(self.dir.clone()));
        let store = KeyStore::restore(&disk, (keys, life), &mut OsEntropy).map_err(key_store)?;
        let store = Arc::new(store);
        let old_log = self.keep_old_logs()?;
        let now = self.clock.now();
        // The new log's time never runs before what is known of the old one.
        let now = Now {
            utc: now.utc.max(former.checkpoint.time),
            ..now
        };
        let (mut register, begun) = self.register(&store, (life, now))?;
        let writer = StoreKeys::of_writer(Arc::clone(&store), Box::new(OsEntropy));
        let signing = store.fixed(Fixed::LogSigning).map_err(key_store)?;
        let time = (now.utc, now.clock);
        let made = Log::create_after(
            &disk,
            Arc::new(writer),
            (former, signing),
            time,
            &mut OsEntropy,
        );
        let mut log = made.map_err(|cause| opening::refused_log(&cause))?;
        Spares::of(&disk)
            .prepare()
            .map_err(|cause| opening::refused_log(&cause))?;
        let told = own_event(now, SystemKind::Restored, &self.words(&begun));
        append(&mut log, vec![told])?;
        self.keep_policy(&mut log, now)?;
        tell_all(&mut register, &mut log, now)?;
        // Whoever starts next finds that this ended in order.
        append(&mut log, vec![own_event(now, SystemKind::Stopped, "")])?;
        log.seal(now.utc)
            .map_err(|cause| Failure::failed("log", cause))?;
        let verifiers = [Some(log.verifier_key()), log.epoch_verifier_key()];
        let origin = log.origin().to_owned();
        drop(log);
        drop(register);
        let note = fs::read_to_string(self.dir.join("log/checkpoint"));
        Ok(Restored {
            verifiers: verifiers.into_iter().flatten().collect(),
            checkpoint: note.map_err(|cause| Failure::failed("log/checkpoint", cause))?,
            origin,
            begun,
            old_log,
        })
    }

    /// The copy of the register, brought into the new life.
    fn register(
        &self,
        store: &Arc<KeyStore>,
        (life, now): (u32, Now),
    ) -> Result<(Register, LifeBegun), Failure> {
        let refused = |cause| refused_register(&cause);
        let (work, path) = (self.work, self.dir.join(REGISTER));
        copy_file(&work.set.register(), &path)
            .map_err(|cause| Failure::failed(path.display(), cause))?;
        let opened = Register::open(&path, Arc::clone(store), Box::new(OsEntropy));
        let mut register = opened.map_err(refused)?;
        register.check().map_err(refused)?;
        let backup_at = work.set.manifest.created.utc();
        let standings = work.shreds.as_ref().map(|shreds| &shreds.standings);
        let times = (life, backup_at, work.told_until());
        let begun = register
            .begin_life(times, standings, now.utc)
            .map_err(refused)?;
        register.check().map_err(refused)?;
        Ok((register, begun))
    }

    /// Copies the logs of all earlier lives: those of the backup, and of the last one the farthest copy there is.
    fn keep_old_logs(&self) -> Result<String, Failure> {
        let work = self.work;
        let signing = set::fixed(&work.keys, Fixed::LogSigning)?;
        let life = work.known.life_of_log((self.origin, signing))?;
        let name = format!("log-{life}");
        let copied = || -> std::io::Result<()> {
            for former in work.set.former_logs()? {
                let from = work.set.dir().join(&former);
                copy_folder(&from, &self.dir.join(&former), &|_| true)?;
            }
            copy_log(&work.known.log, &self.dir.join(&name))
        };
        copied().map_err(|cause| Failure::failed("the old log cannot be copied", cause))?;
        Ok(name)
    }

    /// For how long each class of events is kept stays what was signed in the old log.
    fn keep_policy(&self, log: &mut Log, now: Now) -> Result<(), Failure> {
        let refused = |cause: event_log::LogError| opening::refused_log(&cause);
        let known = &self.work.known;
        let signing = set::fixed(&self.work.keys, Fixed::LogSigning)?;
        let key = verifier_of(&known.origin_of_log((self.origin, signing))?, signing);
        let folder = RealDisk::new(known.log.clone());
        let policy = Policy::signed_in(&folder, &key).map_err(refused)?;
        if policy == *log.policy() {
            return Ok(());
        }
        let detail = format!("as in the old log: {}", retention::words(&policy));
        append(log, vec![own_event(now, SystemKind::RetentionSet, &detail)])?;
        log.set_policy(policy, now.utc).map_err(refused)
    }

    /// For the record: what is known, and what became of the rows.
    fn words(&self, begun: &LifeBegun) -> String {
        let manifest = &self.work.set.manifest;
        let told = if self.work.shreds.is_some() {
            format!("told until {}", self.work.told_until())
        } else {
            "told by nobody".to_owned()
        };
        format!(
            "register of the backup of {}; what ended after it: {told}; cards={} gone={} lost={} blocked={} operators={} waiting={}",
            manifest.created,
            begun.cards,
            begun.gone,
            begun.lost,
            begun.blocked,
            begun.operators,
            begun.waiting
        )
    }
}

/// The new log says all of the register anew, so that it is what the log says.
fn tell_all(register: &mut Register, log: &mut Log, now: Now) -> Result<(), Failure> {
    let refused = |cause| refused_register(&cause);
    loop {
        let mut records = register.outbox_pending(PAGE).map_err(refused)?;
        if records.is_empty() {
            let restated = register.restate(now.utc, ROWS, now.utc).map_err(refused)?;
            records = restated.records;
        }
        if records.is_empty() {
            return Ok(());
        }
        for page in records.chunks(PAGE) {
            let events = page
                .iter()
                .map(|(id, audit)| outbox::event(*id, audit, now.clock));
            append(log, events.collect())?;
            let done: Vec<_> = page.iter().map(|(id, _)| *id).collect();
            register.outbox_done(&done).map_err(refused)?;
        }
    }
}

fn append(log: &mut Log, events: Vec<Event>) -> Result<(), Failure> {
    let batch: Vec<Ticketed> = events
        .into_iter()
        .map(|event| Ticketed { ticket: 0, event })
        .collect();
    let receipts = log
        .append(&batch)
        .map_err(|cause| opening::refused_log(&cause))?;
    debug_assert_eq!(receipts.len(), batch.len());
    Ok(())
}

/// Records written with one flush.
const PAGE: usize = 512;
/// Rows of one kind said anew in one change.
const ROWS: u32 = 512;
