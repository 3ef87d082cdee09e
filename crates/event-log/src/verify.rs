//! Verification: offline, without keys, against files that may be hostile.
//!
//! Every record is read once, in bounded memory. What was changed, cut, swapped or added below the newest checkpoint is found;
//! what lies behind it is reported as not sealed. Only a pinned key and an anchor kept elsewhere say that this is the log it
//! claims to be, and that its end is the end.

use std::fmt;
use std::sync::Arc;

use access::UtcMicros;
use key_store::disk::Disk;

pub use crate::note::{Note, VerifierKey};

use crate::checkpoint::Checkpoint;
use crate::error::LogError;
use crate::log::{End, Rest, rest_of};
use crate::record::Place;
use crate::segment::{Found, Head, Segments, Walk};
use crate::tree::{Hash, Tree};

/// What the verifier brings.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The pinned key. Without it the log's own file is taken, which pins nothing.
    pub key: Option<VerifierKey>,
    /// A checkpoint of this log kept elsewhere.
    pub anchor: Option<Note>,
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
    /// Records read.
    pub events: u64,
    /// The tree's root over the sealed ones.
    pub root: [u8; 32],
    /// Records under the newest checkpoint.
    pub sealed: u64,
    /// Whole records behind it.
    pub unsealed: u64,
    /// Octets of an unfinished flush behind those; a crash or a writer at work leaves them.
    pub torn: u64,
    /// When the newest checkpoint was signed.
    pub checkpoint_time: Option<UtcMicros>,
    /// The key was brought by the verifier, not taken from the log.
    pub pinned: bool,
    /// An anchor was brought, and the log extends it.
    pub anchored: bool,
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
    let pinned = options.key.is_some();
    let key = options.key.map_or_else(|| own_key(disk), Ok)?;
    let checkpoint = newest_checkpoint(disk, &key)?;
    let anchor = options
        .anchor
        .map(|note| anchor_of(&note, &key))
        .transpose()?;
    let mut audit = Audit::begin(&checkpoint, anchor.as_ref());
    let segments = Segments::list(disk)?;
    for number in segments.from(0) {
        audit.segment(disk, number, segments.after(disk, number)?, progress)?;
    }
    audit.close(anchor.as_ref())?;
    Ok(Report {
        origin: checkpoint.origin,
        events: audit.tree.size(),
        root: checkpoint.root,
        sealed: checkpoint.size,
        unsealed: audit.tree.size().saturating_sub(checkpoint.size),
        torn: audit.torn,
        checkpoint_time: Some(checkpoint.time),
        pinned,
        anchored: anchor.is_some(),
    })
}

fn own_key(disk: &dyn Disk) -> Result<VerifierKey, Finding> {
    let text = read_text(disk, "verifier")?;
    text.trim()
        .parse()
        .map_err(|fault| general(format!("verifier: {fault}")))
}

fn newest_checkpoint(disk: &dyn Disk, key: &VerifierKey) -> Result<Checkpoint, Finding> {
    let text = read_text(disk, "checkpoint")?;
    let note: Note = text
        .parse()
        .map_err(|fault| general(format!("checkpoint: {fault}")))?;
    let checkpoint =
        Checkpoint::open(&note, key).map_err(|fault| general(format!("checkpoint: {fault}")))?;
    must_be_of(&checkpoint, key, "checkpoint")?;
    Ok(checkpoint)
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
    let mut octets = vec![0; TEXT_LEN_MAX];
    let read = disk
        .open_read(path)
        .and_then(|file| file.read_at(&mut octets, 0));
    let len = read.map_err(|cause| general(format!("{path}: {cause}")))?;
    octets.truncate(len);
    String::from_utf8(octets).map_err(|_| general(format!("{path}: it is not text")))
}

fn general(what: String) -> Finding {
    Finding { index: None, what }
}

/// What is known on the way.
struct Audit {
    tree: Tree,
    begun: bool,
    log: Option<([u8; 16], String)>,
    run: u32,
    torn: u64,
    signed: u64,
    expected: Vec<(u64, Hash, &'static str)>,
}

impl Audit {
    fn begin(checkpoint: &Checkpoint, anchor: Option<&Checkpoint>) -> Self {
        let mut expected = vec![(checkpoint.size, checkpoint.root, "the newest checkpoint")];
        expected.extend(anchor.map(|anchor| (anchor.size, anchor.root, "the anchor")));
        Self {
            tree: Tree::new(),
            begun: false,
            log: None,
            run: 0,
            torn: 0,
            signed: checkpoint.size,
            expected,
        }
    }

    fn segment(
        &mut self,
        disk: &dyn Disk,
        number: u32,
        next: Option<Head>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Finding> {
        let (file, head) = Segments::open_read(disk, number)?;
        self.enter(&head)?;
        let mut walk = Walk::new(Arc::clone(&file), number, head.first_index());
        let mut flush = head.flush;
        let until = next.map(|next| next.first_index());
        let mut looked_again_at = None;
        while until != Some(walk.index()) {
            let (index, offset) = (walk.index(), walk.offset());
            match walk
                .next()
                .map_err(|cause| general(format!("segment {number}: {cause}")))?
            {
                Found::Record(record) => {
                    flush = record
                        .frame
                        .batch
                        .wrapping_add(u32::from(record.frame.last));
                    self.enter_run(index, record.header.run)?;
                    self.push(record.leaf(), progress)?;
                }
                Found::End if until.is_some() => return Err(damaged(index, number, offset)),
                Found::End => {
                    let end = End {
                        offset,
                        place: Place {
                            segment: number,
                            index,
                        },
                        flush,
                    };
                    let rest = rest_of(file.as_ref(), end)
                        .map_err(|cause| general(format!("segment {number}: {cause}")))?;
                    match rest {
                        Rest::Nothing => return Ok(()),
                        // A writer at work may have finished meanwhile what was torn a moment ago.
                        Rest::Torn(_) | Rest::Damage(_) if looked_again_at != Some(offset) => {
                            looked_again_at = Some(offset);
                            walk.look_again();
                        }
                        Rest::Torn(torn) => {
                            self.torn = torn.octets;
                            return Ok(());
                        }
                        Rest::Damage(_) => return Err(damaged(index, number, offset)),
                    }
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, head: &Head) -> Result<(), Finding> {
        let segment = head.segment;
        if !self.begun {
            self.begun = true;
            if head.first_index() != 0 {
                return Err(general(format!(
                    "segment {segment}: the log begins with record {}, not 0",
                    head.first_index()
                )));
            }
            self.check_roots()?;
        }
        let log = (head.instance, head.origin.clone());
        if self.log.get_or_insert_with(|| log.clone()) != &log {
            return Err(general(format!(
                "segment {segment}: it belongs to another log"
            )));
        }
        if head.before != self.tree {
            return Err(Finding {
                index: Some(self.tree.size()),
                what: format!("segment {segment} does not continue what stands before it"),
            });
        }
        Ok(())
    }

    fn enter_run(&mut self, index: u64, run: u32) -> Result<(), Finding> {
        if run < self.run {
            return Err(Finding {
                index: Some(index),
                what: format!("its run {run} is before the run {}", self.run),
            });
        }
        self.run = run;
        Ok(())
    }

    fn push(&mut self, leaf: Hash, progress: &mut dyn FnMut(Progress)) -> Result<(), Finding> {
        self.tree.push(leaf);
        self.check_roots()?;
        if self.tree.size().is_multiple_of(PROGRESS_EVERY) {
            progress(Progress {
                done: self.tree.size(),
                total: self.signed.max(self.tree.size()),
            });
        }
        Ok(())
    }

    fn check_roots(&self) -> Result<(), Finding> {
        let size = self.tree.size();
        for (_, root, whose) in self.expected.iter().filter(|(at, ..)| *at == size) {
            if self.tree.root() != *root {
                return Err(general(format!(
                    "the first {size} records are not those of {whose}: the log was changed"
                )));
            }
        }
        Ok(())
    }

    fn close(&self, anchor: Option<&Checkpoint>) -> Result<(), Finding> {
        let found = self.tree.size();
        let missing = self.expected.iter().find(|(size, ..)| *size > found);
        if let Some((size, _, whose)) = missing {
            let what = format!(
                "the log ends here, {whose} was signed for {size} records: its end was cut or damaged"
            );
            return Err(Finding {
                index: Some(found),
                what,
            });
        }
        match anchor {
            Some(anchor) if anchor.size > self.signed => Err(general(format!(
                "the anchor covers {} records, the log's own checkpoint only {}",
                anchor.size, self.signed
            ))),
            Some(_) | None => Ok(()),
        }
    }
}

fn damaged(index: u64, segment: u32, offset: u64) -> Finding {
    Finding {
        index: Some(index),
        what: format!("damaged (segment {segment}, octet {offset})"),
    }
}

const TEXT_LEN_MAX: usize = 64 * 1024;
const PROGRESS_EVERY: u64 = 1_024;
