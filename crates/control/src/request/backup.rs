//! Backups of the house.

use serde::{Deserialize, Serialize};

use crate::private::Private;

/// One wish about backups; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum BackupRequest {
    /// Makes one where the configuration says; answered by [`crate::Reply::BackupMade`].
    Create {
        /// What its keys are encrypted under.
        passphrase: Private,
    },
    /// Writes who is still there to a file beside the backups, so that a restore brings nobody back; answered by
    /// [`crate::Reply::ShredsKept`].
    Shreds {},
    /// Every backup there; streams [`crate::reply::Row::Backup`].
    List {},
}

impl BackupRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Create { .. } | Self::Shreds {} => true,
            Self::List {} => false,
        }
    }
}
