//! A class in `retention show`.

use serde::{Deserialize, Serialize};

use crate::class::Class;

/// For how long one class of events is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRow {
    /// The class.
    pub class: Class,
    /// `2y`, or days as in `90d`.
    pub keep: String,
    /// The most that may be set.
    pub at_most: String,
    /// The first record of the class that says anything still.
    pub first: u64,
}
