//! Endings: cards whose end has come are told of in the log, and those that nobody returned for two years are forgotten.

use access::UtcMicros;
use control::Refusal;

use super::{Desk, Effect, refusal};

impl Desk {
    /// Tells in the log of a page of cards whose end has come and was not told yet; gives how many.
    ///
    /// # Errors
    /// The refusal; it is done again later.
    pub(crate) fn tell_ended(&mut self) -> Result<usize, Refusal> {
        let now = self.ledger.clock.now().utc;
        let is_due = self.register.is_end_to_tell(now);
        if !is_due.map_err(|cause| refusal(&cause))? {
            return Ok(0);
        }
        self.catch_up()?;
        let told = self.register.tell_ended(ENDED_AT_ONCE, now);
        let change = told.map_err(|cause| self.failed(&cause))?;
        if !change.records.is_empty() {
            self.settle(&change, Effect::Gives)?;
        }
        Ok(change.records.len())
    }

    /// Takes back a page of cards that ended before this and were not returned (M19), and forgets whoever of their holders is not
    /// held for a case; gives how many.
    ///
    /// # Errors
    /// The refusal; it is done again later.
    pub(crate) fn lapse(&mut self, before: UtcMicros) -> Result<usize, Refusal> {
        self.catch_up()?;
        let now = self.ledger.clock.now().utc;
        let lapsed = self.register.lapse(before, LAPSED_AT_ONCE, now);
        let (count, change) = lapsed.map_err(|cause| self.failed(&cause))?;
        if count > 0 {
            self.settle(&change, Effect::Revokes)?;
            self.finish_due_returns()?;
        }
        Ok(count)
    }
}

/// Records that one change makes.
const ENDED_AT_ONCE: u32 = 256;
/// Each of them is erased from the log by itself, which takes a while: the desk is let go in between.
const LAPSED_AT_ONCE: u32 = 8;
