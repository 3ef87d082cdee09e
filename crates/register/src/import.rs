//! Import: many cards from a list. First the difference it would make, then all of it or nothing.

mod apply;
mod plan;
mod problem;
mod resolve;

use std::fmt;

use access::{CardNumber, CardTag, Generation, UtcMicros};

pub use plan::{Difference, ImportPlan, PROBLEMS_KEPT};
pub use problem::{ImportFault, ImportProblem};

use crate::audit::OutboxId;
use crate::text::Text;

/// Rows one import may have.
pub const IMPORT_ROWS_MAX: usize = 1_000_000;

/// One row as the list has it; texts are checked here, each problem by row and column.
#[derive(Clone)]
pub struct ImportRow<'a> {
    /// The line in the file, for problems.
    pub line: u64,
    /// The card's number and tag, or what keeps it from being one, without the number.
    pub card: Result<(CardNumber, CardTag), String>,
    /// Holder's name.
    pub name: &'a str,
    /// Holder's firm.
    pub firm: &'a str,
    /// Holder's mobile.
    pub mobile: &'a str,
    /// The contact person's name.
    pub contact: &'a str,
    /// The tenant's name.
    pub tenant: &'a str,
    /// The doors' names.
    pub doors: &'a [String],
    /// First instant the card opens. Absent: now for a new card, unchanged for a known one.
    pub valid_from: Option<UtcMicros>,
    /// The instant it no longer opens; only an employee's card goes without (M8).
    pub valid_until: Option<UtcMicros>,
    /// The kind's name.
    pub kind: &'a str,
}

impl fmt::Debug for ImportRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportRow")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// What holds for every row of one import.
#[derive(Clone, Debug)]
pub struct ImportTerms {
    /// Why the holders need their doors (M22).
    pub reason: Text,
    /// Who or what identified the holders.
    pub identified_by: Text,
    /// When they signed.
    pub signed_at: UtcMicros,
    /// Whether they were told of the duty to return their cards; without that no employee's card is activated (M15).
    pub return_duty_told: bool,
}

/// What an import did. The records are in the outbox: take them by [`crate::Register::outbox_pending`], page by page.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportChange {
    /// Cards that are new.
    pub new: u64,
    /// Cards that changed.
    pub changed: u64,
    /// The first and the last record, if anything was done.
    pub records: Option<(OutboxId, OutboxId)>,
    /// The allowlist's number from now on; build it anew by [`crate::Register::allowlist`].
    pub generation: Generation,
}
