//! Snapshot: everything by which doors decide, kept beside the register, so that a house whose register is broken goes on.

mod card;
mod facts;
mod file;
mod frame;
mod operator;

use std::io;

use access::{Allowlist, Change};

use crate::entropy::OsEntropy;
pub(crate) use facts::Facts;
use file::Journal;
pub(crate) use file::{NoPicture, PATH, Picture, SnapshotFile, again};
pub(crate) use frame::Mark;

/// Keeps the file as the register is.
pub(crate) struct SnapshotKeeper {
    file: SnapshotFile,
    /// Where changes are added; without, it must be written whole.
    journal: Option<Journal>,
    facts: Facts,
    /// The file has octets of cards that were changed or have left since it was written whole.
    outdated: bool,
}

impl SnapshotKeeper {
    /// A keeper that has written nothing yet.
    pub(crate) fn new(file: SnapshotFile) -> Self {
        Self {
            file,
            journal: None,
            facts: Facts::default(),
            outdated: true,
        }
    }

    /// Whether changes can be added.
    pub(crate) const fn is_kept(&self) -> bool {
        self.journal.is_some()
    }

    /// Whether nothing is in the file but what holds now.
    pub(crate) const fn is_clean(&self) -> bool {
        self.journal.is_some() && !self.outdated
    }

    /// Adds a change, durably; `false` if the file has to be written whole for it.
    ///
    /// # Errors
    /// What the disk says; then it has to be written whole.
    pub(crate) fn add(&mut self, changes: &[Change], facts: Facts, mark: Mark) -> io::Result<bool> {
        let Some(mut journal) = self.journal.take() else {
            return Ok(false);
        };
        let told = (facts != self.facts).then_some(&facts);
        if !journal.add(changes, told, mark)? {
            return Ok(false);
        }
        self.journal = Some(journal);
        self.outdated |= !changes.is_empty();
        self.facts = facts;
        Ok(true)
    }

    /// Writes it whole: nothing is in it or beside it then but what holds now.
    ///
    /// # Errors
    /// What the disk says; then the one before still stands.
    pub(crate) fn write(&mut self, cards: &Allowlist, facts: Facts, mark: Mark) -> io::Result<()> {
        self.journal = None;
        let journal = self.file.write((cards, &facts), mark, &mut OsEntropy)?;
        self.journal = Some(journal);
        self.facts = facts;
        self.outdated = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
