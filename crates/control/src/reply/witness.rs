//! The log as witnesses are shown it, and the witnesses.

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// The newest checkpoint, and that it goes on from an earlier size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogCheckpoint {
    /// Events under the checkpoint.
    pub size: u64,
    /// The checkpoint as a signed note.
    pub checkpoint: String,
    /// RFC 6962 consistency proof from the size that was asked for, base64, a hash each.
    pub consistency: Vec<String>,
}

/// A witness whose word the daemon takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessRow {
    /// Its name in the configuration.
    pub witness: String,
    /// Where it is asked.
    pub url: String,
    /// Its verifier key.
    pub key: String,
    /// So many events it has vouched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// When it did, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
}
