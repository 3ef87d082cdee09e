//! Looking at what waits for another person, approving it, refusing it.

use serde::{Deserialize, Serialize};

use crate::approval::Waiting;

/// One wish about what waits for approval; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ApprovalRequest {
    /// What waits, without names; streams [`crate::reply::Row::Approval`].
    List {},
    /// The whole of it, names included; a logged reading.
    Show {
        /// Which.
        approval: Waiting,
    },
    /// Approves it; a change is then carried out in the name of who asked for it.
    Approve {
        /// Which.
        approval: Waiting,
    },
    /// Refuses it, or, by who asked for it, withdraws it.
    Refuse {
        /// Which.
        approval: Waiting,
        /// Why.
        reason: String,
    },
}

impl ApprovalRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Approve { .. } | Self::Refuse { .. } => true,
            Self::List {} | Self::Show { .. } => false,
        }
    }
}
