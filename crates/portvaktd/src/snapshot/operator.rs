//! An operator as the snapshot keeps them: whoever may do something goes on doing it without the register, and nobody else.

use access::role::Role;
use access::{KeySlot, OperatorId, UtcMicros};
use register::{Delegation, OperatorRow, Roles, TenantId};
use serde::{Deserialize, Serialize};

/// All that the register has of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownOperator {
    id: u16,
    slot: u32,
    user: String,
    uid: u32,
    roles: Vec<Role>,
    tenant: Option<u32>,
    trained_until: Option<i64>,
    delegations: Vec<KnownDelegation>,
    removed_at: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownDelegation {
    role: Role,
    tenant: Option<u32>,
    from: i64,
    until: i64,
    by: u16,
}

impl KnownOperator {
    pub(super) fn of(row: OperatorRow) -> Self {
        Self {
            id: row.id.get(),
            slot: row.slot.get(),
            user: row.user,
            uid: row.uid,
            roles: row.roles.held().to_vec(),
            tenant: row.roles.tenant().map(TenantId::get),
            trained_until: row.trained_until.map(UtcMicros::micros),
            delegations: row
                .delegations
                .into_iter()
                .map(KnownDelegation::of)
                .collect(),
            removed_at: row.removed_at.map(UtcMicros::micros),
        }
    }

    /// `None` for an hr role without its tenant.
    pub(super) fn row(&self) -> Option<OperatorRow> {
        let tenant = self.tenant.map(TenantId::new);
        Some(OperatorRow {
            id: OperatorId::new(self.id),
            slot: KeySlot::new(self.slot),
            user: self.user.clone(),
            uid: self.uid,
            roles: Roles::new(&self.roles, tenant).ok()?,
            trained_until: self.trained_until.map(UtcMicros::from_micros),
            delegations: self.delegations.iter().map(KnownDelegation::row).collect(),
            removed_at: self.removed_at.map(UtcMicros::from_micros),
        })
    }
}

impl KnownDelegation {
    fn of(given: Delegation) -> Self {
        Self {
            role: given.role,
            tenant: given.tenant.map(TenantId::get),
            from: given.from.micros(),
            until: given.until.micros(),
            by: given.by.get(),
        }
    }

    fn row(&self) -> Delegation {
        Delegation {
            role: self.role,
            tenant: self.tenant.map(TenantId::new),
            from: UtcMicros::from_micros(self.from),
            until: UtcMicros::from_micros(self.until),
            by: OperatorId::new(self.by),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_comes_out_of_the_snapshot_as_they_went_in() {
        let at = UtcMicros::from_micros;
        let given = Delegation {
            role: Role::Hr,
            tenant: Some(TenantId::new(4)),
            from: at(5),
            until: at(6),
            by: OperatorId::new(2),
        };
        let row = OperatorRow {
            id: OperatorId::new(3),
            slot: KeySlot::new(9),
            user: "rita".to_owned(),
            uid: 1_002,
            roles: Roles::new(&[Role::Auditor, Role::Hr], Some(TenantId::new(7))).unwrap(),
            trained_until: Some(at(8)),
            delegations: vec![given],
            removed_at: None,
        };
        let kept = serde_json::to_string(&KnownOperator::of(row.clone())).unwrap();
        let known: KnownOperator = serde_json::from_str(&kept).unwrap();
        assert_eq!(known.row(), Some(row));
    }
}
