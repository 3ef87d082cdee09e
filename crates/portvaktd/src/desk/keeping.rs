//! Keeping: what the doors decide by is in `allowlist.snapshot` before a change is acknowledged.

use std::fmt;
use std::io;
use std::sync::Arc;

use access::{Allowlist, Change};
use control::{Code, Refusal};
use register::RegisterError;

use super::{Desk, unchanged};
use crate::snapshot::{Facts, Mark, PATH};

/// Why the snapshot is not as the register is.
pub(super) enum NotKept {
    /// The register cannot be read.
    Register(RegisterError),
    /// The snapshot cannot be written.
    Io(io::Error),
}

impl Desk {
    /// Writes the snapshot once at the start, so that nothing is in it but what holds now.
    pub(super) fn begin(&mut self) {
        let cards = self.doors.cards();
        if let Err(cause) = self.keep_whole(&cards) {
            tracing::error!("{cause}; it is tried again before the next change");
        }
    }

    /// Adds a change to the snapshot; `cards` are those that it made, if it made others.
    pub(super) fn keep(
        &mut self,
        changes: &[Change],
        cards: Option<&Arc<Allowlist>>,
    ) -> Result<(), NotKept> {
        let mark = self.mark()?;
        let facts = Facts::of(&self.register)?;
        let added = self.snapshot.add(changes, facts, mark);
        if added.map_err(NotKept::Io)? {
            return Ok(());
        }
        let cards = cards.map_or_else(|| self.doors.cards(), Arc::clone);
        self.keep_whole(&cards)
    }

    /// Writes the snapshot whole, with these cards.
    pub(super) fn keep_whole(&mut self, cards: &Allowlist) -> Result<(), NotKept> {
        let mark = self.mark()?;
        let facts = Facts::of(&self.register)?;
        self.snapshot.write(cards, facts, mark).map_err(NotKept::Io)
    }

    /// Writes the snapshot whole if changes cannot be added to it.
    ///
    /// # Errors
    /// The refusal: what could not be kept is not begun.
    pub(super) fn keep_anew(&mut self) -> Result<(), Refusal> {
        if self.snapshot.is_kept() {
            return Ok(());
        }
        let cards = self.doors.cards();
        self.keep_whole(&cards).map_err(|cause| unchanged(&cause))
    }

    /// Nothing is in the snapshot or beside it when this returns but what holds now (M19).
    ///
    /// # Errors
    /// The refusal; it is repeatable.
    pub(super) fn keep_clean(&mut self) -> Result<(), Refusal> {
        if self.snapshot.is_clean() {
            return Ok(());
        }
        let cards = self.doors.cards();
        self.keep_whole(&cards).map_err(|cause| {
            let what = format!("{cause}; the holder is forgotten later, or at the next start");
            Refusal::new(Code::Failed, what)
        })
    }

    /// Notes in the snapshot how far the log is, so that after the next start little of it has to be looked through.
    pub(super) fn keep_abreast(&mut self) {
        if let Err(cause) = self.keep(&[], None) {
            tracing::warn!("{cause}; it is tried again before the next change");
        }
    }

    fn mark(&self) -> Result<Mark, RegisterError> {
        Ok(Mark {
            generation: self.register.generation()?.get(),
            record: self.register.newest_record()?.get(),
            log_size: self.ledger.log.state().size,
        })
    }
}

impl From<RegisterError> for NotKept {
    fn from(cause: RegisterError) -> Self {
        Self::Register(cause)
    }
}

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Register(cause) => cause.fmt(f),
            Self::Io(cause) => write!(f, "{PATH} cannot be written: {cause}"),
        }
    }
}
