//! Operators: their roles, training and deputies.

use access::role::Role;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// One wish about operators; the tag is `act`. Each names its operator by the Unix user name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum OperatorRequest {
    /// Makes a user of the system an operator. The daemon looks up the uid.
    Add {
        /// Who.
        user: String,
        /// At least one.
        roles: Vec<Role>,
        /// The tenant of an hr role.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tenant: Option<String>,
    },
    /// Gives roles and takes others away.
    Role {
        /// Whose.
        user: String,
        /// Roles they get.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        add: Vec<Role>,
        /// Roles they lose.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<Role>,
        /// The tenant of an hr role they get.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tenant: Option<String>,
    },
    /// Records until just before when somebody counts as trained (M2).
    Training {
        /// Who.
        user: String,
        /// The first instant they do not.
        until: Moment,
    },
    /// Names a deputy for a role of the asker's own (M31).
    Delegate {
        /// The deputy.
        user: String,
        /// The role.
        role: Role,
        /// The first instant they have it; at once if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Moment>,
        /// The instant they have it no more.
        until: Moment,
    },
    /// Ends what is delegated to a deputy before its time.
    EndDelegation {
        /// The deputy.
        user: String,
        /// Of this role only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
    },
    /// Takes everything away by which somebody is an operator.
    Remove {
        /// Who.
        user: String,
    },
    /// Who operates the controller; streams [`crate::reply::Row::Operator`].
    List {},
}

impl OperatorRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Add { .. }
            | Self::Role { .. }
            | Self::Training { .. }
            | Self::Delegate { .. }
            | Self::EndDelegation { .. }
            | Self::Remove { .. } => true,
            Self::List {} => false,
        }
    }
}
