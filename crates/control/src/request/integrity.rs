//! Whether the register is what the log says.

use serde::{Deserialize, Serialize};

/// One wish about the integrity of what is kept; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum IntegrityRequest {
    /// Compares every row of the register with what the log says of it; answered by [`crate::Reply::Reconciled`], after progress.
    Reconcile {},
}

impl IntegrityRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Reconcile {} => false,
        }
    }
}
