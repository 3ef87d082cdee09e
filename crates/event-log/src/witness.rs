//! A witness: cosigns a checkpoint that goes on from all it has seen of that log, and nothing else (C2SP tlog-witness).
//!
//! It knows logs by their keys, and of each the largest tree it has vouched for; nothing of any record.

mod memory;
mod submission;

use std::fmt;

use access::UtcMicros;
use key_store::disk::Disk;

pub use submission::Submission;

use crate::checkpoint::TreeHead;
use crate::cosignature::{Cosigner, WitnessKey};
use crate::error::LogError;
use crate::note::{NoteError, VerifierKey};
use memory::Memory;

/// A witness with its key and its memory.
pub struct Witness {
    cosigner: Cosigner,
    logs: Vec<VerifierKey>,
    memory: Memory,
}

/// Why a witness does not cosign.
#[derive(Debug)]
pub enum Declined {
    /// What was submitted has not the form of a submission.
    Form,
    /// Of this log the witness knows no key.
    UnknownLog,
    /// No key that it knows of this log signed the checkpoint.
    Unsigned,
    /// The old size is above the checkpoint's.
    OldSize,
    /// The witness has vouched for another size than the old size.
    Conflict {
        /// The size it has vouched for.
        seen: u64,
    },
    /// It has vouched for another tree of this very size: the log was forked.
    Fork {
        /// That size.
        seen: u64,
    },
    /// The checkpoint does not go on from what it has vouched for.
    Inconsistent,
    /// What it would vouch for cannot be kept in mind.
    Memory(LogError),
}

impl Witness {
    /// Opens the witness whose folder is the root of this disk, or makes one of this name and seed there. A witness that is
    /// there keeps its name and its key.
    ///
    /// # Errors
    /// [`LogError::Origin`] for a name that cannot be one, [`LogError::DamagedFile`], or what the disk says.
    pub fn open(
        disk: Box<dyn Disk>,
        (name, fresh_seed): (&str, &[u8; 32]),
        logs: Vec<VerifierKey>,
    ) -> Result<Self, LogError> {
        let (memory, cosigner) = Memory::open(disk, (name, fresh_seed))?;
        Ok(Self {
            cosigner,
            logs,
            memory,
        })
    }

    /// By what its cosignatures are checked.
    #[must_use]
    pub fn verifier(&self) -> WitnessKey {
        self.cosigner.verifier()
    }

    /// The line by which the witness vouches for a checkpoint; that it does is durable before this returns.
    ///
    /// # Errors
    /// [`Declined`]; nothing has changed then.
    pub fn add_checkpoint(
        &mut self,
        submitted: &Submission,
        now: UtcMicros,
    ) -> Result<String, Declined> {
        let head = self.known_head(submitted)?;
        if submitted.old > head.size {
            return Err(Declined::OldSize);
        }
        let (seen, root) = self.memory.of(&head.origin);
        if submitted.old != seen {
            return Err(Declined::Conflict { seen });
        }
        if head.size == seen && head.root != root {
            return Err(Declined::Fork { seen });
        }
        let grown = submitted.proof.check((seen, root), (head.size, head.root));
        grown.map_err(|_| Declined::Inconsistent)?;
        self.memory.keep(head).map_err(Declined::Memory)?;
        Ok(self.cosigner.cosign(&submitted.note, now))
    }

    /// What was submitted, if a known log signed it.
    fn known_head(&self, submitted: &Submission) -> Result<TreeHead, Declined> {
        let text = submitted.note.claimed_text();
        let claimed = TreeHead::parse(text).ok_or(Declined::Form)?;
        let keys = self.logs.iter().filter(|key| key.name() == claimed.origin);
        let mut declined = Declined::UnknownLog;
        for key in keys {
            match TreeHead::open(&submitted.note, key) {
                Ok(head) => return Ok(head),
                Err(NoteError::Form) => declined = Declined::Form,
                Err(_) => declined = Declined::Unsigned,
            }
        }
        Err(declined)
    }
}

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("this is no submission of a checkpoint"),
            Self::UnknownLog => f.write_str("this log is not watched here"),
            Self::Unsigned => f.write_str("the checkpoint is not signed by a known key of its log"),
            Self::OldSize => f.write_str("the old size is above the checkpoint's"),
            Self::Conflict { seen } => write!(f, "the first {seen} records were seen already"),
            Self::Fork { seen } => {
                write!(f, "the first {seen} records were seen, and were others")
            }
            Self::Inconsistent => {
                f.write_str("the checkpoint does not go on from what was seen of the log")
            }
            Self::Memory(cause) => write!(f, "the witness cannot keep it in mind: {cause}"),
        }
    }
}

impl std::error::Error for Declined {}
