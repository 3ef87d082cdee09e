//! The archive: the log's past, read on threads of their own while the writer goes on.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use access::UtcMicros;
use event_log::read::{Entries, Entry, Indexed, PartsOf, Reader};
use event_log::verify::{Finding, Options, verify_dir};
use event_log::{
    Class, Cuts, Keys, Log, LogError, PartOwner, Policy, Spares, StoreKeys, SystemKind, View,
};
use key_store::disk::{Disk, SubDisk};
use key_store::{KeyStore, Owner, Slot};

use crate::data_dir::DataDir;
use crate::few_keys::FewKeys;

/// Where the log lies and how it is read.
#[derive(Clone)]
pub(crate) struct Archive {
    dir: PathBuf,
    origin: String,
    verifier: String,
    epoch_verifier: Option<String>,
    disk: Arc<dyn Disk>,
    keys: Arc<KeyStore>,
    indexing: Arc<Mutex<()>>,
    /// Held while what a witness said is written down.
    witnessing: Arc<Mutex<()>>,
}

/// Why the past cannot be read. Never a silent gap: whoever reads is told.
#[derive(Debug)]
pub(crate) enum ArchiveError {
    /// The log refused.
    Log(LogError),
    /// The log does not verify.
    Unproven(Finding),
    /// Records that were durable are not there.
    Short {
        /// The first that is missing.
        next: u64,
        /// One past the last that must be there.
        until: u64,
    },
}

impl Archive {
    /// The past of the log in this directory.
    pub(crate) fn new(data_dir: &DataDir, keys: &Arc<KeyStore>, log: &Log) -> Self {
        Self {
            dir: data_dir.log(),
            origin: log.origin().to_owned(),
            verifier: log.verifier_key(),
            epoch_verifier: log.epoch_verifier_key(),
            disk: data_dir.disk(),
            keys: Arc::clone(keys),
            indexing: Arc::default(),
            witnessing: Arc::default(),
        }
    }

    /// The log's folder, as those see it who need no key.
    pub(crate) fn folder(&self) -> Arc<dyn Disk> {
        Arc::new(SubDisk::new(Arc::clone(&self.disk), "log"))
    }

    /// Held while what a witness said is written down: one writer at a time.
    pub(crate) fn witnessing(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.witnessing)
    }

    /// The log's next segment and its emergency reserve.
    pub(crate) fn spares(&self) -> Spares {
        Spares::of(&self.disk)
    }

    /// Nothing is indexed while this is held: what is being erased must not be read into an index before it is overwritten.
    pub(crate) fn hold_indexing(&self) -> MutexGuard<'_, ()> {
        self.indexing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes one index that is missing.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn index_next(&self) -> Result<Option<Indexed>, ArchiveError> {
        let _held = self.hold_indexing();
        self.read(Reader::index_next)
    }

    /// Verifies the whole log against its own keys.
    ///
    /// # Errors
    /// [`ArchiveError::Unproven`] with the first bad point.
    pub(crate) fn prove(&self) -> Result<(), ArchiveError> {
        let mut options = Options::default();
        let keys = [Some(&self.verifier), self.epoch_verifier.as_ref()];
        for key in keys.into_iter().flatten() {
            let pinned = options.pin(key);
            pinned.map_err(|cause| ArchiveError::Log(LogError::Origin(cause)))?;
        }
        let verified = verify_dir(self.folder().as_ref(), options, &mut |_| {});
        verified.map(drop).map_err(ArchiveError::Unproven)
    }

    /// The house's keys.
    pub(crate) fn keys(&self) -> Arc<KeyStore> {
        Arc::clone(&self.keys)
    }

    /// The log's folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The log's identity.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The key by which its checkpoints are verified.
    pub(crate) fn verifier(&self) -> &str {
        &self.verifier
    }

    /// The key by which its epoch 0 is verified.
    pub(crate) fn epoch_verifier(&self) -> Option<&str> {
        self.epoch_verifier.as_deref()
    }

    /// Opens the past for one who reads for a while, with every key there is.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn open(&self) -> Result<Past, ArchiveError> {
        self.open_with(Arc::new(StoreKeys::new(Arc::clone(&self.keys))))
    }

    fn open_with(&self, keys: Arc<dyn Keys>) -> Result<Past, ArchiveError> {
        let reader = Reader::open(&self.disk, Arc::clone(&keys)).map_err(ArchiveError::Log)?;
        Ok(Past {
            archive: self.clone(),
            keys,
            reader,
            following: None,
        })
    }

    /// The outbox rows whose records are in the log since `oldest`. Records are sought from the end backwards, a stretch
    /// at a time, until one is older.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn outbox_since(
        &self,
        size: u64,
        oldest: UtcMicros,
    ) -> Result<BTreeSet<u64>, ArchiveError> {
        let mut past = self.open_with(Arc::new(FewKeys::of_operators(&self.keys)))?;
        let mut found = BTreeSet::new();
        let mut until = size;
        let mut older = false;
        while until > 0 && !older {
            let from = until.saturating_sub(STRETCH);
            past.each(from..until, &mut |record| {
                older |= record.entry.time < oldest;
                if record.entry.class == Class::Administration {
                    found.insert(record.view()?.outbox);
                }
                Ok(ControlFlow::Continue(()))
            })?;
            until = from;
        }
        Ok(found)
    }

    /// The newest outbox row whose record is in the log from this index on; zero if there is none. Sought from the end backwards.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn newest_outbox(&self, from: u64, size: u64) -> Result<u64, ArchiveError> {
        let mut past = self.open_with(Arc::new(FewKeys::of_operators(&self.keys)))?;
        let (mut newest, mut until) = (0, size);
        while until > from && newest == 0 {
            let start = until.saturating_sub(STRETCH).max(from);
            past.each(start..until, &mut |record| {
                if record.entry.class == Class::Administration {
                    newest = newest.max(record.view()?.outbox);
                }
                Ok(ControlFlow::Continue(()))
            })?;
            until = start;
        }
        Ok(newest)
    }

    /// Those of these owners of keys of whom a record tells that is in the log.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn told_of(
        &self,
        of: &[(Slot, Owner)],
        size: u64,
    ) -> Result<BTreeSet<Owner>, ArchiveError> {
        let keys = FewKeys::of(&self.keys, of.iter().copied());
        let mut past = self.open_with(Arc::new(keys))?;
        let mut told = BTreeSet::new();
        past.each(0..size, &mut |record| {
            if record.entry.class == Class::Administration {
                let view = record.view()?;
                told.extend(view.issuance.map(|id| Owner::Issuance(id.get())));
                told.extend(view.operator.map(|id| Owner::Operator(id.get())));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(told)
    }

    /// Everything of one owner in these records, for an erasure.
    ///
    /// # Errors
    /// [`ArchiveError`], also if the owner's key is gone.
    pub(crate) fn parts_of(
        &self,
        owner: PartOwner,
        range: Range<u64>,
    ) -> Result<PartsOf, ArchiveError> {
        let past = self.open()?;
        past.reader
            .parts_of(owner, range)
            .map_err(ArchiveError::Log)
    }

    /// For each class the first record that this policy keeps.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn cuts(&self, policy: &Policy) -> Result<Cuts, ArchiveError> {
        self.read(|reader| reader.cuts(policy))
    }

    /// What is asked of a reader that needs no person's key.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn read<T>(
        &self,
        ask: impl FnOnce(&Reader) -> Result<T, LogError>,
    ) -> Result<T, ArchiveError> {
        let keys = Arc::new(FewKeys::of_the_house(&self.keys));
        let past = self.open_with(keys)?;
        ask(&past.reader).map_err(ArchiveError::Log)
    }

    /// Whether the last run stopped in order: its last record says so.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn ended_well(&self, size: u64) -> Result<bool, ArchiveError> {
        let mut last = None;
        let mut past = self.open_with(Arc::new(FewKeys::of_the_house(&self.keys)))?;
        past.each(size.saturating_sub(1)..size, &mut |record| {
            last = record.view()?.name;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(last == Some(SystemKind::Stopped.name()))
    }
}

/// The past, open for one reader.
pub(crate) struct Past {
    archive: Archive,
    keys: Arc<dyn Keys>,
    reader: Reader,
    /// Where the last stretch ended, for one who goes on from there: a segment is walked once only.
    following: Option<(u64, Entries)>,
}

/// A record that is being looked at.
pub(crate) struct Seen<'a> {
    /// What it says without keys.
    pub(crate) entry: &'a Entry,
    past: &'a mut Past,
    looked_again: &'a mut bool,
}

impl Past {
    /// Shows the records of these indices, oldest first, until `each` breaks.
    ///
    /// # Errors
    /// [`ArchiveError`] at the first record that cannot be read, or what `each` says.
    pub(crate) fn each(
        &mut self,
        range: Range<u64>,
        each: &mut dyn FnMut(&mut Seen<'_>) -> Result<ControlFlow<()>, ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let mut looked_again = false;
        // What has left the log is not missed.
        let oldest = self.reader.first_index().map_err(ArchiveError::Log)?;
        let range = range.start.max(oldest)..range.end.max(oldest);
        let (mut next, until) = (range.start, range.end);
        let mut entries = self.entries(range)?;
        // Where the last stretch ended the iterator may have read ahead before this one was written: it is asked twice.
        let mut asked_again = false;
        while next < until {
            let Some(entry) = entries.next() else {
                if std::mem::replace(&mut asked_again, true) {
                    return Err(ArchiveError::Short { next, until });
                }
                continue;
            };
            let entry = entry.map_err(ArchiveError::Log)?;
            let mut seen = Seen {
                entry: &entry,
                past: self,
                looked_again: &mut looked_again,
            };
            if each(&mut seen)?.is_break() {
                return Ok(());
            }
            (next, asked_again) = (entry.index.saturating_add(1), false);
        }
        self.following = Some((until, entries));
        Ok(())
    }

    fn entries(&mut self, range: Range<u64>) -> Result<Entries, ArchiveError> {
        match self.following.take() {
            Some((at, mut entries)) if at == range.start => {
                entries.extend_to(range.end);
                Ok(entries)
            }
            Some(_) | None => self.reader.entries(range).map_err(ArchiveError::Log),
        }
    }
}

impl Seen<'_> {
    /// What it says with the keys there are.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn view(&mut self) -> Result<View, ArchiveError> {
        let view = self
            .past
            .reader
            .view(self.entry)
            .map_err(ArchiveError::Log)?;
        if view.erased == 0 || *self.looked_again {
            return Ok(view);
        }
        // A key may be younger than the reader's list of keys; it is made anew once for each stretch.
        *self.looked_again = true;
        let fresh = self.past.archive.open_with(Arc::clone(&self.past.keys))?;
        self.past.reader = fresh.reader;
        self.past.reader.view(self.entry).map_err(ArchiveError::Log)
    }
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(cause) => write!(f, "the log cannot be read: {cause}"),
            Self::Unproven(finding) => write!(f, "the log does not verify: {finding}"),
            Self::Short { next, until } => {
                write!(f, "the log ends at record {next}, and {until} were written")
            }
        }
    }
}

/// Records sought through at once, from the end backwards.
const STRETCH: u64 = 4_096;
