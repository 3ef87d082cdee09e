//! Roles: what an operator may be, with the tenant an hr role is bound to.

use std::str::FromStr;

use access::OperatorId;
use access::role::Role;
use rusqlite::{Connection, Row, params};

use crate::contact::TenantId;
use crate::error::RegisterError;
use crate::operator_error::OperatorError;

/// The roles somebody holds themselves, each once; an hr role always with its tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    held: Vec<Role>,
    tenant: Option<TenantId>,
}

impl Roles {
    /// These roles, and the tenant of an hr role; none at all is what is left to whoever was removed.
    ///
    /// # Errors
    /// [`OperatorError::HrWithoutTenant`], [`OperatorError::TenantWithoutHr`].
    pub fn new(roles: &[Role], tenant: Option<TenantId>) -> Result<Self, OperatorError> {
        match (roles.contains(&Role::Hr), tenant.is_some()) {
            (true, false) => Err(OperatorError::HrWithoutTenant),
            (false, true) => Err(OperatorError::TenantWithoutHr),
            (true, true) | (false, false) => Ok(Self {
                held: Role::ALL
                    .into_iter()
                    .filter(|role| roles.contains(role))
                    .collect(),
                tenant,
            }),
        }
    }

    /// Each once, in the order of the role table's columns.
    #[must_use]
    pub fn held(&self) -> &[Role] {
        &self.held
    }

    /// The tenant the hr role is bound to, if it is held.
    #[must_use]
    pub const fn tenant(&self) -> Option<TenantId> {
        self.tenant
    }

    /// The tenant a role is bound to: hr's, and no other's.
    pub(crate) fn tenant_of(&self, role: Role) -> Option<TenantId> {
        self.tenant.filter(|_| role == Role::Hr)
    }

    /// `roles=technician,hr tenant=3`, as records have it.
    pub(crate) fn words(&self) -> String {
        let names: Vec<&str> = self.held.iter().map(|role| role.as_str()).collect();
        let tenant = self
            .tenant
            .map_or("-".to_owned(), |tenant| tenant.0.to_string());
        format!("roles={} tenant={tenant}", names.join(","))
    }
}

/// What an operator holds.
pub(crate) fn of(connection: &Connection, id: OperatorId) -> Result<Roles, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT role, tenant FROM operator_role WHERE operator = ?1")?;
    let mut rows = statement.query([id.get()])?;
    let (mut held, mut tenant) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        held.push(read(row, 0)?);
        tenant = tenant.or(row.get::<_, Option<u32>>(1)?.map(TenantId));
    }
    Ok(Roles::new(&held, tenant)?)
}

/// Puts these in place of what an operator held.
pub(crate) fn write(
    connection: &Connection,
    id: OperatorId,
    roles: &Roles,
) -> Result<(), RegisterError> {
    connection
        .prepare_cached("DELETE FROM operator_role WHERE operator = ?1")?
        .execute([id.get()])?;
    let mut statement = connection
        .prepare_cached("INSERT INTO operator_role (operator, role, tenant) VALUES (?1, ?2, ?3)")?;
    for role in &roles.held {
        let tenant = roles.tenant_of(*role).map(|tenant| tenant.0);
        statement.execute(params![id.get(), role.as_str(), tenant])?;
    }
    Ok(())
}

/// A role as a column names it.
pub(crate) fn read(row: &Row<'_>, column: usize) -> Result<Role, RegisterError> {
    let name = row
        .get_ref(column)?
        .as_str()
        .map_err(rusqlite::Error::from)?;
    Role::from_str(name).map_err(|_| RegisterError::corrupt("an unknown role"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hr_role_without_a_tenant_cannot_be_written_down() {
        let tenant = Some(TenantId(3));
        assert_eq!(
            Roles::new(&[Role::Hr], None),
            Err(OperatorError::HrWithoutTenant)
        );
        assert_eq!(
            Roles::new(&[Role::Auditor], tenant),
            Err(OperatorError::TenantWithoutHr)
        );
        let both = Roles::new(&[Role::Hr, Role::Technician, Role::Hr], tenant).unwrap();
        assert_eq!(both.held(), [Role::Technician, Role::Hr]);
        assert_eq!(both.words(), "roles=technician,hr tenant=3");
        assert_eq!(both.tenant_of(Role::Technician), None);
        assert_eq!(Roles::default().words(), "roles= tenant=-");
    }
}
