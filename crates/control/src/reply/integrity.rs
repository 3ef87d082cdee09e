//! What came of comparing the register with the log.

use serde::{Deserialize, Serialize};

/// What came of comparing them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reconciled {
    /// Events of the log that were read.
    pub events: u64,
    /// Rows of the register that were compared.
    pub rows: u64,
    /// How many do not agree.
    pub differences: u64,
    /// The first of them, by the log's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Difference>,
}

/// Something on which register and log do not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// What, such as `issuance P-3F7K2Q`.
    pub what: String,
    /// The newest event about it, if the log has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<u64>,
    /// What the register should say; nothing if it should not be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What it says; nothing if it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}
