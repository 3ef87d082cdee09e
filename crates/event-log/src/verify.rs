//! Verification: offline, without keys, against files that may be hostile.
//!
//! Every record is read once, in bounded memory. What was changed, cut, swapped or added below the newest checkpoint is found;
//! what lies behind it is reported as not sealed. Only a pinned key and an anchor kept elsewhere say that this is the log it
//! claims to be, and that its end is the end.

mod anchor;
mod audit;
mod crew;
mod epochs;
mod kept;
mod scan;
mod witnesses;

use std::fmt;
use std::num::NonZeroUsize;
use std::time::Duration;

use access::UtcMicros;
use key_store::disk::Disk;

pub use crate::note::{Note, NoteError, VerifierKey};
pub use crate::remembered::Remembered;
pub use witnesses::WitnessedBy;

use crate::checkpoint::Checkpoint;
use crate::cosignature::WitnessKey;
use crate::epoch::NAME_END as EPOCH_NAME_END;
use crate::error::LogError;
use crate::former::Former;
use crate::segment::Segments;
use crate::text_file;
use anchor::Anchor;
use audit::Audit;
use epochs::Epochs;
use kept::Kept;

/// What the verifier brings.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The pinned key. Without it the log's own file is taken, which pins nothing.
    pub key: Option<VerifierKey>,
    /// The pinned key of epoch 0: with it not even the log's own key can write the past anew.
    pub epoch_key: Option<VerifierKey>,
    /// A checkpoint of this log kept elsewhere.
    pub anchor: Option<Note>,
    /// Witnesses that must have vouched for the log; how far they did is an anchor too.
    pub witnesses: Vec<WitnessKey>,
    /// The log is to be alive at this time: its newest seal is not older than [`SEAL_AGE_MAX`].
    pub alive_at: Option<UtcMicros>,
    /// On how many threads; one if not said.
    pub threads: Option<NonZeroUsize>,
    /// Seals that were found good before; none if not said.
    pub remembered: Option<Remembered>,
}

impl Options {
    /// Pins the keys that a text names, a line each: the log's own, and that of its epoch 0, which `init` prints.
    ///
    /// # Errors
    /// [`NoteError`] for a line that is no verifier key.
    pub fn pin(&mut self, keys: &str) -> Result<(), NoteError> {
        for line in keys.lines().filter(|line| !line.trim().is_empty()) {
            let key: VerifierKey = line.parse()?;
            let place = if key.name().ends_with(EPOCH_NAME_END) {
                &mut self.epoch_key
            } else {
                &mut self.key
            };
            *place = Some(key);
        }
        Ok(())
    }
}

/// How far the verification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Records read.
    pub done: u64,
    /// Records under the newest checkpoint.
    pub total: u64,
}

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The log's identity, as its checkpoint says.
    pub origin: String,
    /// The oldest record there is; those before it have left at the end of their two years.
    pub first: u64,
    /// Records read.
    pub events: u64,
    /// The tree's root over the sealed ones.
    pub root: [u8; 32],
    /// Records under the newest checkpoint.
    pub sealed: u64,
    /// Whole records behind it.
    pub unsealed: u64,
    /// Octets of an unfinished flush behind those, and of an unfinished seal behind the last; a crash or a writer at work leaves them.
    pub torn: u64,
    /// Parts that were erased: of them only the hash is left.
    pub scrubbed: u64,
    /// When the newest checkpoint was signed.
    pub checkpoint_time: Option<UtcMicros>,
    /// Epochs, each sealed by the key that the one before named; 0 in a log without any.
    pub epochs: u64,
    /// The key of epoch 0 was brought by the verifier.
    pub epoch_pinned: bool,
    /// The key was brought by the verifier, not taken from the log.
    pub pinned: bool,
    /// An anchor was brought, and the log extends it.
    pub anchored: bool,
    /// The log was restored: the origin of the one it goes on from, and how many records of that one were known.
    pub former: Option<(String, u64)>,
    /// How far each witness vouches for the log, in the order of the keys that were brought.
    pub witnessed: Vec<WitnessedBy>,
}

/// The first bad point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The record, where it is one.
    pub index: Option<u64>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(f, "record {index}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for Finding {}

impl From<LogError> for Finding {
    fn from(cause: LogError) -> Self {
        Self {
            index: None,
            what: cause.to_string(),
        }
    }
}

/// Verifies the log on this disk, whose root is the log's folder.
///
/// # Errors
/// [`Finding`]: the first bad point.
pub fn verify_dir(
    disk: &dyn Disk,
    options: Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Finding> {
    let oldest = || {
        let segments = Segments::list(disk).ok();
        segments.map(|segments| segments.first())
    };
    let mut begun_with = oldest();
    for _ in 0..TRIES_MAX {
        let verdict = verify_once(disk, options.clone(), progress);
        // Segments that left meanwhile are no finding.
        let now = oldest();
        if verdict.is_ok() || now == begun_with {
            return verdict;
        }
        begun_with = now;
    }
    verify_once(disk, options, progress)
}

fn verify_once(
    disk: &dyn Disk,
    options: Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Finding> {
    let pinned = options.key.is_some();
    let epoch_pinned = options.epoch_key.is_some();
    let key = options.key.map_or_else(|| own_key(disk), Ok)?;
    let said = witnesses::read(disk, &options.witnesses)?;
    let (checkpoint, note) = newest_checkpoint(disk, &key)?;
    let anchor = options
        .anchor
        .map(|note| anchor_of(&note, &key))
        .transpose()?;
    let anchored = anchor.is_some();
    let witnessed = witnesses::check(said.as_ref(), &key, &options.witnesses)?;
    let (anchors, pinned_epoch) = (Anchor::all(anchor, &witnessed), options.epoch_key.as_ref());
    let kept = Kept::survey(disk, &key)?;
    let former = Former::load(disk, &key)?;
    let pinned_epoch = (pinned_epoch, options.remembered);
    let epochs = Epochs::begin(disk, (&checkpoint, &note), &anchors, pinned_epoch)?;
    let mut audit = Audit::begin((&checkpoint, &anchors), epochs, kept);
    let threads = options.threads.unwrap_or(NonZeroUsize::MIN);
    crew::audit_all(disk, &mut audit, threads, progress)?;
    audit.close(&anchors)?;
    if let Some(now) = options.alive_at {
        must_be_alive(audit.epochs.newest_time(), now)?;
    }
    let sealed = audit.epochs.newest_size();
    Ok(Report {
        origin: checkpoint.origin,
        first: audit.first,
        events: audit.tree.size().saturating_sub(audit.first),
        root: checkpoint.root,
        sealed,
        unsealed: audit.tree.size().saturating_sub(sealed),
        torn: audit.torn.saturating_add(audit.epochs.torn()),
        scrubbed: audit.scrubbed,
        checkpoint_time: Some(checkpoint.time),
        epochs: audit.epochs.count(),
        epoch_pinned,
        pinned,
        anchored,
        former: former.map(|former| (former.checkpoint.origin, former.checkpoint.size)),
        witnessed: witnessed.into_iter().map(|(by, _)| by).collect(),
    })
}

/// A daemon at work seals at least every 5 minutes, so an older newest seal means that the end was cut off, or that nobody is
/// at work.
fn must_be_alive(newest: UtcMicros, now: UtcMicros) -> Result<(), Finding> {
    let age = u64::try_from(now.micros().saturating_sub(newest.micros())).unwrap_or(0);
    let age = Duration::from_micros(age);
    if age <= SEAL_AGE_MAX {
        return Ok(());
    }
    Err(general(format!(
        "stale or truncated: the newest seal is {} s old, a log at work seals at least every 300 s",
        age.as_secs()
    )))
}

fn own_key(disk: &dyn Disk) -> Result<VerifierKey, Finding> {
    let text = read_text(disk, "verifier")?;
    let first = text.lines().next().unwrap_or_default();
    first
        .parse()
        .map_err(|fault| general(format!("verifier: {fault}")))
}

fn newest_checkpoint(disk: &dyn Disk, key: &VerifierKey) -> Result<(Checkpoint, Note), Finding> {
    let text = read_text(disk, "checkpoint")?;
    let note: Note = text
        .parse()
        .map_err(|fault| general(format!("checkpoint: {fault}")))?;
    let checkpoint =
        Checkpoint::open(&note, key).map_err(|fault| general(format!("checkpoint: {fault}")))?;
    must_be_of(&checkpoint, key, "checkpoint")?;
    Ok((checkpoint, note))
}

fn anchor_of(note: &Note, key: &VerifierKey) -> Result<Checkpoint, Finding> {
    let checkpoint =
        Checkpoint::open(note, key).map_err(|fault| general(format!("anchor: {fault}")))?;
    must_be_of(&checkpoint, key, "anchor")?;
    Ok(checkpoint)
}

fn must_be_of(checkpoint: &Checkpoint, key: &VerifierKey, file: &str) -> Result<(), Finding> {
    if checkpoint.origin == key.name() {
        return Ok(());
    }
    Err(general(format!(
        "{file}: it is of the log \"{}\", the key is of \"{}\"",
        checkpoint.origin,
        key.name()
    )))
}

fn read_text(disk: &dyn Disk, path: &str) -> Result<String, Finding> {
    let octets = text_file::octets(disk, path);
    let octets = octets.map_err(|cause| general(format!("{path}: {cause}")))?;
    String::from_utf8(octets).map_err(|_| general(format!("{path}: it is not text")))
}

fn general(what: String) -> Finding {
    Finding { index: None, what }
}

/// Older a log's newest seal is not while its daemon is at work: one quiet epoch, and as much again for a machine under load.
pub const SEAL_AGE_MAX: Duration = Duration::from_secs(600);

/// Segments leave once a day.
const TRIES_MAX: u32 = 3;
