//! Why something about a tenant or somebody who leaves was not done.

use std::fmt;

/// What is wrong about a tenant or somebody who leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantError {
    /// Nobody answers for the tenant (M24).
    NoResponsible,
    /// Who is to follow is who leaves.
    FollowsItself,
    /// A card that is said to be somebody's and has another name, mobile or tenant.
    NotTheirs,
}

impl fmt::Display for TenantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoResponsible => {
                "nobody is responsible for the tenant, so nothing is issued for it; name one by tenant contact TENANT --name NAME --responsible"
            }
            Self::FollowsItself => "who leaves cannot be the one who follows; name somebody else",
            Self::NotTheirs => {
                "one of the other cards is not of the same tenant, name and mobile; see person leave --dry-run"
            }
        })
    }
}
