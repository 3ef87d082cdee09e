//! Scope: whose cards somebody may do a thing with, all or those of their tenants.

use register::TenantId;

/// Whose cards an act is allowed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Everybody's.
    All,
    /// Those of these tenants; without one, nobody's.
    Tenants(Vec<TenantId>),
}

impl Scope {
    /// Whether it reaches a tenant's cards. What it does not reach is answered as if it did not exist.
    pub(crate) fn covers(&self, tenant: TenantId) -> bool {
        match self {
            Self::All => true,
            Self::Tenants(tenants) => tenants.contains(&tenant),
        }
    }
}
