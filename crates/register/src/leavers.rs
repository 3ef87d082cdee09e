//! Leavers: a tenant's list of who leaves. First whom each row means, then all of it or nothing; nobody is guessed (M25).

mod apply;
mod find;
#[cfg(test)]
mod tests;
mod wanted;

use std::fmt;

use access::{IssuanceId, UtcMicros};

use crate::contact::{ContactId, TenantId};
use crate::import::{ImportFault, ImportProblem, PROBLEMS_KEPT};

/// One row as the list has it; texts are checked here, each problem by row and column.
#[derive(Clone)]
pub struct Leaver<'a> {
    /// The line in the file, by which answers name it.
    pub line: u64,
    /// Who leaves.
    pub name: &'a str,
    /// Their mobile, if the list has it: whoever has another one is not meant.
    pub mobile: Option<&'a str>,
    /// Their firm, likewise.
    pub firm: Option<&'a str>,
    /// The instant their last day is over; at once if absent.
    pub ends: Option<UtcMicros>,
}

impl fmt::Debug for Leaver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaver")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// What a list would do; carried out by [`crate::Register::leavers`] as long as the register is as it was.
pub struct LeaversPlan {
    revision: u64,
    tenant: TenantId,
    found: Vec<FoundLeaver>,
    refused: u64,
    problems: Vec<ImportProblem>,
}

/// Whom a row means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLeaver {
    /// The line in the file.
    pub line: u64,
    /// Who that is.
    pub meant: Meant,
    /// The instant their last day is over; at once if absent.
    pub ends: Option<UtcMicros>,
}

/// Whom a row of a list of leavers means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// One person, by name and mobile.
    One {
        /// What they hold.
        issuances: Vec<IssuanceId>,
        /// Which contact person they are, if they are one.
        contact: Option<ContactId>,
    },
    /// Nobody the tenant has.
    Nobody,
    /// Several of that name, or it cannot be told whether they are one.
    Several,
}

/// What a list of leavers did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaversDone {
    /// The tenant's name, if nobody answers for it from now on who did before (M24).
    pub left_alone: Option<String>,
}

impl LeaversPlan {
    /// Whom each row means, for a dry run; rows with a problem are left out.
    #[must_use]
    pub fn found(&self) -> &[FoundLeaver] {
        &self.found
    }

    /// Rows that cannot be taken, and the first of their problems.
    #[must_use]
    pub fn problems(&self) -> (u64, &[ImportProblem]) {
        (self.refused, &self.problems)
    }

    /// Issuances that end, and contact persons who leave.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        let each = self.found.iter().map(|row| match &row.meant {
            Meant::One { issuances, contact } => (issuances.len(), usize::from(contact.is_some())),
            Meant::Nobody | Meant::Several => (0, 0),
        });
        let (cards, contacts) = each.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        (count(cards), count(contacts))
    }

    fn refuse(&mut self, line: u64, column: &'static str, fault: ImportFault) {
        self.refused += 1;
        if self.problems.len() < PROBLEMS_KEPT {
            self.problems.push(ImportProblem {
                line,
                column,
                fault,
            });
        }
    }
}

/// Rows one list may have.
pub const LEAVERS_MAX: usize = 100_000;
/// Rows of one list that may have one name.
pub const NAMESAKES_MAX: usize = 64;
