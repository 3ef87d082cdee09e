//! Rounds: what the desk does by itself from time to time.

use access::UtcMicros;
use control::{Code, Refusal};

use super::{Desk, Effect, refusal};
use crate::told_names;

impl Desk {
    /// Forgets the holders of returned cards whose hold is over.
    ///
    /// # Errors
    /// The refusal; it is tried again later.
    pub(crate) fn finish_due_returns(&mut self) -> Result<(), Refusal> {
        self.keep_abreast();
        self.shed_old_pages()?;
        let now = self.ledger.clock.now().utc;
        let due = self.register.unfinished_returns(now);
        let due = due.map_err(|cause| refusal(&cause))?;
        due.into_iter()
            .try_for_each(|issuance| self.finish_return(issuance))
    }

    /// Nothing that was there before is left in the register's files when this returns (M19).
    ///
    /// # Errors
    /// The refusal; it is repeatable.
    pub(super) fn shed_old_pages(&mut self) -> Result<(), Refusal> {
        self.register.shed_what_was_left().map_err(|cause| {
            let what =
                format!("{cause}; the register's files still hold old pages, which go later");
            Refusal::new(Code::Failed, what)
        })
    }

    /// Ends the waiting of changes that nobody approved in time; gives how many.
    ///
    /// # Errors
    /// The refusal; it is tried again later.
    pub(crate) fn expire_changes(&mut self) -> Result<usize, Refusal> {
        self.catch_up()?;
        let now = self.ledger.clock.now().utc;
        let expired = self.register.expire_changes(now);
        let change = expired.map_err(|cause| self.failed(&cause))?;
        if !change.records.is_empty() {
            self.settle(&change, Effect::Gives)?;
        }
        Ok(change.records.len())
    }

    /// Says anew what the register has whose newest record is older than this, a page of it; gives how many records.
    ///
    /// # Errors
    /// The refusal; it is done again later.
    pub(crate) fn restate(&mut self, before: UtcMicros) -> Result<usize, Refusal> {
        self.catch_up()?;
        let now = self.ledger.clock.now().utc;
        let restated = self.register.restate(before, RESTATED_AT_ONCE, now);
        let change = restated.map_err(|cause| self.failed(&cause))?;
        if !change.records.is_empty() {
            self.settle(&change, Effect::Gives)?;
        }
        Ok(change.records.len())
    }

    /// Tells the log what doors, readers, groups and areas are called, if it was told before this or never.
    ///
    /// # Errors
    /// The refusal; it is done again later.
    pub(crate) fn tell_names(&mut self, before: Option<UtcMicros>) -> Result<usize, Refusal> {
        self.catch_up()?;
        let before = before.unwrap_or(told_names::NEVER);
        let told = told_names::tell(&mut self.register, &self.ledger, before);
        told.map_err(|cause| Refusal::new(Code::Failed, cause))
    }
}

/// Rows of each kind that are restated in one change.
const RESTATED_AT_ONCE: u32 = 256;
