//! The prover's second half: that the log goes on from an earlier size of it (RFC 6962, 2.1.2).

use super::{Prover, split_of};
use crate::checkpoint::TreeHead;
use crate::consistency::Consistency;
use crate::error::LogError;
use crate::tiles::TileReader;
use crate::tree::{Hash, Tree};

impl Prover {
    /// The newest checkpoint as a signed note, with the signature of the log.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The proof that the newest checkpoint goes on from the log's first `old` records. It is checked before it is given out.
    ///
    /// # Errors
    /// [`LogError::Truncated`] if the checkpoint covers fewer, [`LogError::Inconsistent`] if the log is not what was signed,
    /// [`LogError::Damaged`], or what the disk says.
    pub fn consistency(&mut self, old: u64) -> Result<Consistency, LogError> {
        self.growth(old).map(|(proof, _)| proof)
    }

    /// Whether the newest checkpoint goes on from this tree.
    ///
    /// # Errors
    /// As [`Prover::consistency`]; [`LogError::Inconsistent`] also if the log's first records are others.
    pub fn must_extend(&mut self, older: &TreeHead) -> Result<(), LogError> {
        let (_, root) = self.growth(older.size)?;
        if root == older.root {
            return Ok(());
        }
        Err(LogError::Inconsistent { signed: older.size })
    }

    /// The proof, and the root of the earlier tree.
    fn growth(&mut self, old: u64) -> Result<(Consistency, Hash), LogError> {
        if old > self.size() {
            return Err(LogError::Truncated {
                signed: old,
                found: self.size(),
            });
        }
        if let Ok(Some(shown)) = self.attempt_growth(old) {
            return Ok(shown);
        }
        // The tiles are not to be believed; the records are what was signed, or are not.
        self.tiles = TileReader::none();
        self.blocks.clear();
        self.known.clear();
        let signed = self.size();
        self.attempt_growth(old)?
            .ok_or(LogError::Inconsistent { signed })
    }

    /// The same, unless it does not lead to the signed root.
    fn attempt_growth(&mut self, old: u64) -> Result<Option<(Consistency, Hash)>, LogError> {
        let signed = (self.size(), self.checkpoint.root);
        let mut hashes = Vec::new();
        let root = if old == 0 {
            Tree::new().root()
        } else if old == self.size() {
            signed.1
        } else {
            self.subproof((old, true), (0, signed.0), &mut hashes)?;
            self.root((0, old))?
        };
        let proof = Consistency::new(hashes);
        let leads = proof.check((old, root), signed).is_ok();
        Ok(leads.then_some((proof, root)))
    }

    /// `SUBPROOF(old, leaves, is_known)`, the leaves being so many from `start` on.
    fn subproof(
        &mut self,
        (old, is_known): (u64, bool),
        (start, size): (u64, u64),
        hashes: &mut Vec<Hash>,
    ) -> Result<(), LogError> {
        if old == size {
            if !is_known {
                hashes.push(self.root((start, size))?);
            }
            return Ok(());
        }
        let left = split_of(size);
        if old <= left {
            self.subproof((old, is_known), (start, left), hashes)?;
            hashes.push(self.root((start + left, size - left))?);
        } else {
            self.subproof((old - left, false), (start + left, size - left), hashes)?;
            hashes.push(self.root((start, left))?);
        }
        Ok(())
    }
}
