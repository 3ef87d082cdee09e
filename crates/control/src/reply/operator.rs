//! An operator in `operator list`.

use access::role::Role;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// One operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorRow {
    /// The Unix user name.
    pub operator: String,
    /// The Unix uid.
    pub uid: u32,
    /// What they hold themselves.
    pub roles: Vec<Role>,
    /// The tenant of their hr role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Until just before when they count as trained; untrained if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained_until: Option<Moment>,
    /// What is delegated to them, now or later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delegations: Vec<DelegationRow>,
}

/// One delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegationRow {
    /// The role.
    pub role: Role,
    /// The tenant of an hr role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The first instant it counts.
    pub from: Moment,
    /// The instant it counts no more.
    pub until: Moment,
    /// Who gave it.
    pub by: String,
}
