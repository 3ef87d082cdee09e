//! A tenant in `tenant list`.

use serde::{Deserialize, Serialize};

use crate::private::Private;

/// One tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantRow {
    /// Its name.
    pub tenant: String,
    /// Who answers for its visitors (M14, M24).
    pub contacts: Vec<ContactRow>,
}

/// One contact person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactRow {
    /// Their name.
    pub name: Private,
    /// Their mobile.
    pub mobile: Private,
}
