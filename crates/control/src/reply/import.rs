//! What an import changes.

use serde::{Deserialize, Serialize};

/// The difference an import makes. All or nothing: with a problem, `applied` is false.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportDiff {
    /// Rows in the file.
    pub rows: u64,
    /// Cards that are new.
    pub added: u64,
    /// Cards already there whose rights or end would change.
    pub changed: u64,
    /// Cards already there exactly so.
    pub unchanged: u64,
    /// Rows that cannot be taken.
    pub problems_total: u64,
    /// The first of them, at most [`IMPORT_PROBLEMS_MAX`].
    pub problems: Vec<ImportProblem>,
    /// Whether it was carried out.
    pub applied: bool,
}

/// One row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportProblem {
    /// Line in the file.
    pub line: u64,
    /// The column's heading.
    pub column: String,
    /// What is wrong, without the value where it is personal.
    pub message: String,
}

/// Octets of a problem's message, so that all that are listed fit one frame.
pub const PROBLEM_OCTETS_MAX: usize = 280;
/// Problems listed in one answer.
pub const IMPORT_PROBLEMS_MAX: usize = 100;
