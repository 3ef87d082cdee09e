//! The epochs of a log, as a verifier meets them beside its records.

use access::UtcMicros;
use key_store::disk::Disk;

use super::anchor::Anchor;
use super::{Finding, Note, Remembered, VerifierKey, general};
use crate::checkpoint::{Checkpoint, EpochMark};
use crate::epoch::{PublicKey, Seal, signer_name};
use crate::record::Header;
use crate::seals::SealWalk;
use crate::segment::Head;
use crate::tree::Tree;

/// The chain of seals, walked as the records pass.
pub(super) struct Epochs {
    walk: Option<SealWalk>,
    /// The seal that the next record lies under.
    ahead: Option<Seal>,
    /// The one before it.
    behind: Option<Seal>,
    /// What the log's own checkpoint says of the epoch it names.
    checkpoint: Checkpoint,
    /// The same with its signatures.
    note: Note,
    met_checkpoint: bool,
    /// Checkpoints kept elsewhere with their keepers, and whether the epoch of each was met.
    anchors: Vec<(Checkpoint, String, bool)>,
}

impl Epochs {
    /// Begins with the first seal.
    pub(super) fn begin(
        disk: &dyn Disk,
        (checkpoint, note): (&Checkpoint, &Note),
        anchors: &[Anchor],
        (pinned, remembered): (Option<&VerifierKey>, Option<Remembered>),
    ) -> Result<Self, Finding> {
        let mut walk = SealWalk::begin(disk)?;
        if let (Some(walk), Some(known)) = (walk.as_mut(), remembered) {
            walk.remember(known);
        }
        let origin = &checkpoint.origin;
        if let Some(walk) = &walk {
            if &walk.head().origin != origin {
                return Err(general(format!(
                    "seals: they are not of the log \"{origin}\""
                )));
            }
            must_be_pinned(walk, pinned)?;
        } else if pinned.is_some() || checkpoint.epoch.is_some() {
            return Err(general(
                "seals: the file is missing, and the log has epochs".to_owned(),
            ));
        }
        let mut epochs = Self {
            walk,
            ahead: None,
            behind: None,
            checkpoint: checkpoint.clone(),
            note: note.clone(),
            met_checkpoint: false,
            anchors: anchors
                .iter()
                .map(|it| (it.checkpoint.clone(), it.whose.clone(), false))
                .collect(),
        };
        epochs.ahead = epochs.next_seal()?;
        Ok(epochs)
    }

    /// How many were met.
    pub(super) fn count(&self) -> u64 {
        self.behind
            .map_or(0, |seal| seal.mark.number.saturating_add(1))
    }

    /// Octets of a seal that was never acknowledged, when all others were met.
    pub(super) fn torn(&self) -> u64 {
        self.walk.as_ref().map_or(0, SealWalk::rest)
    }

    /// When the log was sealed last.
    pub(super) fn newest_time(&self) -> UtcMicros {
        let sealed = self.behind.map(|seal| seal.time);
        sealed.map_or(self.checkpoint.time, |time| time.max(self.checkpoint.time))
    }

    /// Records under the newest of seal and checkpoint.
    pub(super) fn newest_size(&self) -> u64 {
        let sealed = self.behind.map(|seal| seal.size);
        sealed.map_or(self.checkpoint.size, |size| size.max(self.checkpoint.size))
    }

    /// The segments must belong to the same life of the log.
    pub(super) fn must_be_of(&self, head: &Head) -> Result<(), Finding> {
        match &self.walk {
            Some(walk) if walk.head().instance != head.instance => Err(general(format!(
                "seals: they are not of the log that segment {} is of",
                head.segment
            ))),
            Some(_) | None => Ok(()),
        }
    }

    /// A record's time lies inside its epoch.
    pub(super) fn enter(&self, index: u64, header: &Header) -> Result<(), Finding> {
        let wrong = |what: &str| {
            Err(Finding {
                index: Some(index),
                what: what.to_owned(),
            })
        };
        let Some(ahead) = self.ahead else {
            return Ok(());
        };
        if header.time > ahead.time {
            return wrong("it is younger than the seal of its epoch");
        }
        let earliest = self
            .behind
            .map(|seal| seal.time.micros().saturating_sub(OVERLAP_MICROS));
        if !header.late && earliest.is_some_and(|earliest| header.time.micros() < earliest) {
            return wrong("it is older than its epoch, and not marked as late");
        }
        Ok(())
    }

    /// The tree has grown: every seal over exactly this much must name this root.
    pub(super) fn reach(&mut self, tree: &Tree) -> Result<(), Finding> {
        while let Some(seal) = self.ahead
            && seal.size <= tree.size()
        {
            if seal.size == tree.size() && seal.root != tree.root() {
                return Err(general(format!(
                    "the first {} records are not those that epoch {} was sealed for: the log was changed",
                    seal.size, seal.mark.number
                )));
            }
            self.behind = Some(seal);
            self.ahead = self.next_seal()?;
        }
        Ok(())
    }

    /// The log has ended: no seal may cover more, and the checkpoint's epoch must have been met.
    pub(super) fn close(&self, found: u64) -> Result<(), Finding> {
        if let Some(seal) = self.ahead {
            return Err(Finding {
                index: Some(found),
                what: format!(
                    "the log ends here, epoch {} was sealed for {} records: its end was cut or damaged",
                    seal.mark.number, seal.size
                ),
            });
        }
        if self.checkpoint.epoch.is_some() && !self.met_checkpoint {
            return Err(general(
                "seals: the epoch that the newest checkpoint names is missing".to_owned(),
            ));
        }
        Ok(())
    }

    /// Whether the anchor at this place names an epoch that is this log's, word for word.
    pub(super) fn has_met(&self, at: usize) -> bool {
        self.anchors.get(at).is_some_and(|(.., met)| *met)
    }

    fn meet_anchors(&mut self, seal: &Seal) -> Result<(), Finding> {
        let is_its_epoch = |mark: EpochMark| mark.number == seal.mark.number;
        for (anchor, whose, met) in &mut self.anchors {
            if !anchor.epoch.is_some_and(is_its_epoch) {
                continue;
            }
            if seal.checkpoint(&self.checkpoint.origin) != *anchor {
                return Err(general(format!(
                    "seals: epoch {} is not the one {whose} was signed for: the log was changed",
                    seal.mark.number
                )));
            }
            *met = true;
        }
        Ok(())
    }

    fn next_seal(&mut self) -> Result<Option<Seal>, Finding> {
        let Some(walk) = &mut self.walk else {
            return Ok(None);
        };
        let Some(seal) = walk.next()? else {
            return Ok(None);
        };
        let key = *walk.key();
        self.meet_anchors(&seal)?;
        self.meet_checkpoint(&seal, &key)?;
        Ok(Some(seal))
    }

    fn meet_checkpoint(&mut self, seal: &Seal, key: &PublicKey) -> Result<(), Finding> {
        let marked = self.checkpoint.epoch;
        let Some(mark) = marked.filter(|mark| mark.number == seal.mark.number) else {
            return Ok(());
        };
        if seal.checkpoint(&self.checkpoint.origin) != self.checkpoint {
            return Err(general(format!(
                "seals: epoch {} is not the one the newest checkpoint was signed for",
                mark.number
            )));
        }
        let name = signer_name(&self.checkpoint.origin);
        let key = VerifierKey::from_public(&name, key);
        if key.is_none_or(|key| self.note.verify(&key).is_err()) {
            return Err(general(
                "checkpoint: it is not signed by the key of its epoch".to_owned(),
            ));
        }
        self.met_checkpoint = true;
        Ok(())
    }
}

fn must_be_pinned(walk: &SealWalk, pinned: Option<&VerifierKey>) -> Result<(), Finding> {
    let Some(pinned) = pinned else { return Ok(()) };
    let head = walk.head();
    let is_it = pinned.name() == signer_name(&head.origin) && pinned.public() == head.first_key;
    if is_it {
        return Ok(());
    }
    Err(general(
        "seals: epoch 0 has another key than the one given: the log was begun anew".to_owned(),
    ))
}

/// Events are stamped when they happen and written in the order they come; beside each other they may differ by so much.
const OVERLAP_MICROS: i64 = 10_000_000;
