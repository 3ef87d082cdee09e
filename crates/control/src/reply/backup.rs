//! Backups, and what is in them.

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupMade {
    /// Its folder.
    pub dir: String,
    /// What is in it.
    pub backup: BackupRow,
    /// Keys that are in it, encrypted.
    pub keys: u64,
}

/// Who is still there was written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShredsKept {
    /// The file.
    pub file: String,
    /// Of when it is.
    pub at: Moment,
    /// Cards in it.
    pub cards: u64,
    /// Its octets.
    pub octets: u64,
}

/// A backup in `backup list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupRow {
    /// Its name: the time it was begun, UTC.
    pub backup: String,
    /// When it was begun.
    pub at: Moment,
    /// The log's identity.
    pub origin: String,
    /// Events under the checkpoint of its copy of the log.
    pub events: u64,
    /// The number of the list of cards by which the doors decided.
    pub generation: u64,
    /// Its files.
    pub files: u64,
    /// Their octets.
    pub octets: u64,
}
