//! A door in `door list`.

use serde::{Deserialize, Serialize};

/// One door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoorRow {
    /// Its name.
    pub door: String,
    /// `locked`, `card`, `unlocked`; may grow.
    pub mode: String,
    /// `strict` or `standard`.
    pub class: String,
    /// Names of the readers that let in.
    pub entry: Vec<String>,
    /// The reader whose output drives the strike, and the output.
    pub strike: String,
    /// Whether an unlock can reach the strike now.
    pub ready: bool,
    /// Whether the leaf stands open; none without a contact or while it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// Whether it is locked down, and so lets in nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked_down: bool,
    /// How long an unlock lasts, in milliseconds.
    pub open_for_ms: u64,
}
