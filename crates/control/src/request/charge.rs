//! What tenants owe: listing it, and handing it over for invoicing.

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// One wish about charges; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ChargeRequest {
    /// Charges, pseudonymous; streams [`crate::reply::Row::Charge`].
    List {
        /// Made then or later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Moment>,
        /// Made before then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Moment>,
    },
    /// Charges with the names of those whose cards they are for, as far as those are known still; a logged reading. What is
    /// streamed counts as handed over.
    Export {
        /// Made then or later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Moment>,
        /// Made before then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Moment>,
        /// Also what was handed over before.
        #[serde(default, skip_serializing_if = "super::is_false")]
        again: bool,
    },
}

impl ChargeRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Export { .. } => true,
            Self::List { .. } => false,
        }
    }
}
