//! Erasure: one person's parts overwritten where they lie.

use super::Log;
use crate::error::LogError;
use crate::keys::PartOwner;
use crate::read::{PartsOf, Reader};
use crate::scrub::Journal;

/// Parts on their way out.
pub(super) struct Erasure {
    /// Whose; nobody's in particular where they were kept long enough.
    owner: Option<PartOwner>,
    journal: Journal,
    /// The first record that is not overwritten yet.
    next: u64,
}

impl Log {
    /// Begins to erase what lies under an owner's key: what is to be overwritten is in a durable journal when this returns,
    /// and nothing more is sealed under the key. `found` is what a reader found before; what was appended since is looked
    /// through here. To be called while the key is there; then the key is destroyed, then [`Log::finish_erasure`] called. A
    /// crash anywhere between is made good by the next opening.
    ///
    /// # Errors
    /// [`LogError::Keys`] if the key is gone already, or what the disk says: then nothing was begun.
    pub fn begin_erasure(&mut self, found: PartsOf) -> Result<(), LogError> {
        self.finish_erasure()?;
        let owner = found.owner;
        let reader = Reader::new(&self.disk, &self.keys, self.instance);
        let late = reader.parts_of(owner, found.until..self.size())?;
        let journal = Journal::of(
            found.targets.into_iter().chain(late.targets),
            found.remnants.into_iter().chain(late.remnants),
        );
        self.note(Some(owner), journal)?;
        self.keyring.forget();
        Ok(())
    }

    /// Overwrites at once what has been kept long enough. What the disk refuses of it stays noted, and is done before anything else is
    /// noted: a journal that another took the place of would leave a record half overwritten for good.
    ///
    /// # Errors
    /// What the disk says.
    pub(super) fn erase_expired(&mut self, journal: Journal) -> Result<(), LogError> {
        self.finish_erasure()?;
        self.note(None, journal)?;
        self.finish_erasure()
    }

    /// From here on it is to be done, whatever happens.
    fn note(&mut self, owner: Option<PartOwner>, journal: Journal) -> Result<(), LogError> {
        journal.store(self.disk.as_ref())?;
        self.erasing = Some(Erasure {
            owner,
            journal,
            next: 0,
        });
        Ok(())
    }

    /// Overwrites what [`Log::begin_erasure`] noted, durably. Without anything begun it does nothing.
    ///
    /// # Errors
    /// What the disk says; it may be tried again then.
    pub fn finish_erasure(&mut self) -> Result<(), LogError> {
        self.continue_erasure(usize::MAX).map(drop)
    }

    /// The same for at most so many records, so that nobody who appends waits long; whether all is done.
    ///
    /// # Errors
    /// As [`Log::finish_erasure`].
    pub fn continue_erasure(&mut self, limit: usize) -> Result<bool, LogError> {
        let Some(erasure) = &mut self.erasing else {
            return Ok(true);
        };
        let (disk, from) = (self.disk.as_ref(), erasure.next);
        match erasure.journal.carry_out_some(disk, from, limit)? {
            Some(next) => erasure.next = next,
            None => self.erasing = None,
        }
        Ok(self.erasing.is_none())
    }

    /// Whether this owner's parts are being erased, so that none may be added.
    pub(super) fn is_erasing(&self, owner: PartOwner) -> bool {
        let erasing = self.erasing.as_ref();
        erasing.is_some_and(|it| it.owner == Some(owner))
    }

    /// Whether a person's parts are being erased.
    pub(super) fn is_erasing_somebody(&self) -> bool {
        self.erasing.as_ref().is_some_and(|it| it.owner.is_some())
    }
}
