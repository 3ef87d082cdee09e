//! Proofs: that one record is in the log, without the log (C2SP tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra BASE64(header ‖ SHA-256(part 1) ‖ …)
//! index INDEX
//! BASE64(HASH)              the tree's, from the leaf upwards
//!
//! the signed checkpoint
//! ```
//!
//! The leaf is the hash of what `extra` says, so the proof carries class and time of the record, and nothing of a person.

mod prover;

use std::fmt;
use std::str::FromStr;

use access::UtcMicros;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub use prover::Prover;

use crate::checkpoint::Checkpoint;
use crate::event::Class;
use crate::note::{Note, NoteError, VerifierKey};
use crate::record::{Header, leaf};
use crate::tree::{Hash, node};

/// A proof, as read or made; nothing of it is to be believed before [`Proof::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    index: u64,
    /// The record's header, then the hash of each of its parts.
    record: Vec<u8>,
    hashes: Vec<Hash>,
    note: String,
}

/// What a proof proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Which record.
    pub index: u64,
    /// Of which class.
    pub class: Class,
    /// When it happened.
    pub time: UtcMicros,
    /// The checkpoint under which it lies.
    pub checkpoint: Checkpoint,
}

/// Why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// It is not of the form of a proof.
    Form,
    /// Its checkpoint is not believed.
    Note(NoteError),
    /// Its checkpoint is of another log than the key.
    Origin,
    /// The record is not under the checkpoint.
    Index,
    /// The hashes do not lead from the record to the signed root.
    Root,
}

impl Proof {
    /// The record it is about.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Checks the proof against the pinned key of the log.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn check(&self, key: &VerifierKey) -> Result<Proven, ProofError> {
        let note: Note = self.note.parse().map_err(ProofError::Note)?;
        let checkpoint = Checkpoint::open(&note, key).map_err(ProofError::Note)?;
        if checkpoint.origin != key.name() {
            return Err(ProofError::Origin);
        }
        let (header, hashes) = self.header().ok_or(ProofError::Form)?;
        let header_octets = self.record.get(..header.len()).unwrap_or_default();
        let leaf = leaf(header_octets, hashes.into_iter());
        let root = root_of(self.index, checkpoint.size, leaf, &self.hashes)?;
        if root != checkpoint.root {
            return Err(ProofError::Root);
        }
        Ok(Proven {
            index: self.index,
            class: header.class,
            time: header.time,
            checkpoint,
        })
    }

    fn header(&self) -> Option<(Header, Vec<Hash>)> {
        let header = Header::decode(&self.record)?;
        let (hashes, rest) = self.record.get(header.len()..)?.as_chunks();
        let is_whole = rest.is_empty() && hashes.len() == header.part_lens().count();
        is_whole.then(|| (header, hashes.to_vec()))
    }
}

/// The root that a path leads to (RFC 9162, 2.1.3.2).
fn root_of(index: u64, size: u64, leaf: Hash, path: &[Hash]) -> Result<Hash, ProofError> {
    if index >= size {
        return Err(ProofError::Index);
    }
    let (mut at, mut last, mut root) = (index, size - 1, leaf);
    for hash in path {
        if last == 0 {
            return Err(ProofError::Root);
        }
        if at & 1 == 1 || at == last {
            root = node(hash, &root);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            root = node(&root, hash);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last == 0 {
        Ok(root)
    } else {
        Err(ProofError::Root)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        writeln!(f, "{EXTRA}{}", STANDARD.encode(&self.record))?;
        writeln!(f, "{INDEX}{}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.note)
    }
}

impl FromStr for Proof {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Self, ProofError> {
        Self::parse(text).ok_or(ProofError::Form)
    }
}

impl Proof {
    fn parse(text: &str) -> Option<Self> {
        let text = text.get(..PROOF_LEN_MAX).unwrap_or(text);
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let record = STANDARD.decode(lines.next()?.strip_prefix(EXTRA)?).ok()?;
        let index_text = lines.next()?.strip_prefix(INDEX)?;
        let index: u64 = index_text.parse().ok()?;
        if index.to_string() != index_text {
            return None;
        }
        let hash = |line| STANDARD.decode(line).ok()?.try_into().ok();
        let hashes: Option<Vec<Hash>> = lines.map(hash).collect();
        Some(Self {
            index,
            record,
            hashes: hashes.filter(|hashes| hashes.len() <= PATH_LEN_MAX)?,
            note: note.to_owned(),
        })
    }
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("this is no proof that a record is in a log"),
            Self::Note(cause) => write!(f, "the proof's checkpoint: {cause}"),
            Self::Origin => f.write_str("the proof's checkpoint is of another log than the key"),
            Self::Index => f.write_str("the proof's checkpoint does not cover the record"),
            Self::Root => f.write_str(
                "the proof does not lead from the record to the signed root: one of the two was changed",
            ),
        }
    }
}

impl std::error::Error for ProofError {}

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
const EXTRA: &str = "extra ";
const INDEX: &str = "index ";
/// Octets of the longest proof.
const PROOF_LEN_MAX: usize = 64 * 1024;
/// Hashes of the longest path.
const PATH_LEN_MAX: usize = 64;
