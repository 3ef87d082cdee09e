//! Somebody leaves the house, and everything they have ends in one step (M30).

use access::IssuanceId;
use serde::{Deserialize, Serialize};

/// One wish about a person; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PersonRequest {
    /// The holder of an issuance leaves; streams [`crate::reply::Row::Leaving`], what they have.
    Leave {
        /// Which issuance; what is linked with it ends too.
        issuance: IssuanceId,
        /// Others of the same name and mobile that are theirs as well, as an earlier answer listed them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<IssuanceId>,
    },
    /// An operator leaves: no role, training or delegation is left of them.
    LeaveOperator {
        /// Their user name.
        user: String,
        /// Cards that they hold themselves; what is linked with these ends too.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cards: Vec<IssuanceId>,
    },
}

impl PersonRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Leave { .. } | Self::LeaveOperator { .. } => true,
        }
    }
}
