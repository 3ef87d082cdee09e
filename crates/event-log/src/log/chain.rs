//! The chain of epochs: each sealed by a key that the one before named, and that is gone afterwards.
//!
//! Two slots of the key store hold the keys of the present epoch and of the next, by turns. Sealing epoch n: its seal is
//! durable; then key n+2 overwrites key n. A crash between the two is made good at the next opening.

use std::sync::Arc;

use key_store::disk::Disk;
use key_store::{Key32, KeyError};

use crate::checkpoint::{Checkpoint, EpochMark};
use crate::epoch::{PublicKey, Seal, signer};
use crate::error::LogError;
use crate::keys::Keys;
use crate::note::Signer;
use crate::record::InstanceId;
use crate::seals::{PATH, Seals, SealsHead};

/// The chain as its one writer has it.
pub(super) struct Chain {
    seals: Seals,
    keys: Arc<dyn Keys>,
    newest: Option<Checkpoint>,
    /// The next epoch's number and key.
    due: (u64, PublicKey),
    /// The slot of the key after the next may still hold the key of the newest seal, which must go.
    spent: bool,
}

impl Chain {
    /// Begins a chain, or goes on with the one there is. `None` where the keys know no epochs.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`] if the seals and the keys do not belong together, or what disk and key store say.
    pub(super) fn open(
        disk: &dyn Disk,
        keys: &Arc<dyn Keys>,
        (origin, instance): (&str, InstanceId),
    ) -> Result<Option<Self>, LogError> {
        let there = disk
            .exists(PATH)
            .map_err(LogError::io("log/seals cannot be read"))?;
        if there {
            return Self::resume(disk, keys, (origin, instance)).map(Some);
        }
        let Some(first) = keys.renew_epoch_key(false)? else {
            return Ok(None);
        };
        let first_key = public(origin, &first);
        let head = SealsHead {
            instance,
            origin: origin.to_owned(),
            first_key,
        };
        keys.renew_epoch_key(true)?;
        Ok(Some(Self {
            seals: Seals::create(disk, head)?,
            keys: Arc::clone(keys),
            newest: None,
            due: (0, first_key),
            spent: false,
        }))
    }

    fn resume(
        disk: &dyn Disk,
        keys: &Arc<dyn Keys>,
        (origin, instance): (&str, InstanceId),
    ) -> Result<Self, LogError> {
        let seals = Seals::open(disk)?;
        if seals.head().origin != origin || seals.head().instance != instance {
            return Err(damaged("it belongs to another log"));
        }
        let newest = seals.newest()?;
        let due = match newest {
            None => (0, seals.head().first_key),
            Some(seal) => (seal.mark.number.saturating_add(1), seal.mark.next_key),
        };
        let mut chain = Self {
            newest: newest.map(|seal| seal.checkpoint(origin)),
            // What is read there now may be in the system's memory only; nobody was promised it yet.
            spent: true,
            keys: Arc::clone(keys),
            seals,
            due,
        };
        chain.signer()?;
        match chain.destroy_spent() {
            // It goes before anything is sealed.
            Ok(()) | Err(LogError::Keys(KeyError::Io { .. })) => Ok(chain),
            Err(cause) => Err(cause),
        }
    }

    /// What the newest seal covers.
    pub(super) const fn newest(&self) -> Option<&Checkpoint> {
        self.newest.as_ref()
    }

    /// The key of epoch 0, which auditors pin beside the log's own.
    pub(super) const fn first_key(&self) -> &PublicKey {
        &self.seals.head().first_key
    }

    /// Seals the next epoch over what the checkpoint says, whose time is not before that of the newest seal. Gives the checkpoint
    /// with its mark, and the epoch's line for the note.
    ///
    /// # Errors
    /// What disk and key store say; the epoch may be sealed again then.
    pub(super) fn seal(
        &mut self,
        disk: &dyn Disk,
        checkpoint: &Checkpoint,
    ) -> Result<(Checkpoint, String), LogError> {
        self.destroy_spent()?;
        let (number, _) = self.due;
        let signer = self.signer()?;
        let next_key = self.key_of(number.saturating_add(1))?;
        let next_key = public(&checkpoint.origin, &next_key);
        let mark = EpochMark { number, next_key };
        let sealed = Checkpoint {
            epoch: Some(mark),
            ..checkpoint.clone()
        };
        let signature = signer.signature(&sealed.text());
        let seal = Seal {
            mark,
            size: sealed.size,
            root: sealed.root,
            time: sealed.time,
            signature,
        };
        self.seals.append(disk, &seal)?;
        self.due = (number.saturating_add(1), next_key);
        self.newest = Some(sealed.clone());
        self.spent = true;
        self.destroy_spent()?;
        Ok((sealed, signer.line(&signature)))
    }

    /// The signer of the epoch that is due: its key must be the one that was promised.
    fn signer(&self) -> Result<Signer, LogError> {
        let (number, key) = self.due;
        let signer = signer(&self.seals.head().origin, &self.key_of(number)?);
        if signer.verifier().public() == key {
            Ok(signer)
        } else {
            Err(damaged(
                "the key store has not the key that the newest seal names: one of the two is an old copy",
            ))
        }
    }

    /// Overwrites the key of the newest seal with that of the epoch after the next.
    fn destroy_spent(&mut self) -> Result<(), LogError> {
        if self.spent {
            let (due, _) = self.due;
            self.keys.renew_epoch_key(!is_odd(due))?;
            self.spent = false;
        }
        Ok(())
    }

    fn key_of(&self, epoch: u64) -> Result<Key32, LogError> {
        let key = self.keys.epoch_key(is_odd(epoch))?;
        key.ok_or(damaged("the key store has no key for the next epoch"))
    }
}

fn public(origin: &str, seed: &Key32) -> PublicKey {
    signer(origin, seed).verifier().public()
}

const fn is_odd(epoch: u64) -> bool {
    epoch % 2 == 1
}

const fn damaged(what: &'static str) -> LogError {
    LogError::DamagedFile {
        file: "log/seals",
        what,
    }
}
