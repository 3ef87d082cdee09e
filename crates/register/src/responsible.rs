//! Responsible: the one contact person who answers for a tenant and trains its new people (M24).

use access::{OperatorId, UtcMicros};
use rusqlite::{Connection, OptionalExtension, params};

use crate::audit::{AuditVerb, Change};
use crate::contact::{ContactId, TenantId};
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::register::Register;
use crate::tenant_error::TenantError;

impl Register {
    /// Lets an active contact person answer for their tenant, in place of whoever did.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchContact`], [`RegisterError::ContactInactive`], [`RegisterError::NoSuchOperator`].
    pub fn set_responsible(
        &mut self,
        contact: ContactId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let set = self.change(by, now, |draft| {
            let tenant = tenant_of(&draft.tx, contact)?;
            appoint(draft, tenant, Some(contact))
        });
        set.map(|((), change)| change)
    }

    /// The names of tenants for which nobody answers, at most `limit`, and how many there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn tenants_without_contact(
        &self,
        limit: usize,
    ) -> Result<(Vec<String>, usize), RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT name FROM tenant WHERE responsible IS NULL ORDER BY name")?;
        let mut rows = statement.query([])?;
        let (mut names, mut count) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            count += 1;
            if names.len() < limit {
                names.push(row.get(0)?);
            }
        }
        Ok((names, count))
    }
}

/// Refuses a tenant for which nobody answers.
pub(crate) fn check(connection: &Connection, tenant: TenantId) -> Result<(), RegisterError> {
    match of(connection, tenant)? {
        Some(_) => Ok(()),
        None => Err(TenantError::NoResponsible.into()),
    }
}

/// Who answers for a tenant.
pub(crate) fn of(
    connection: &Connection,
    tenant: TenantId,
) -> Result<Option<ContactId>, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT responsible FROM tenant WHERE id = ?1")?;
    let found: Option<Option<u32>> = statement
        .query_row([tenant.0], |row| row.get(0))
        .optional()?;
    Ok(found.flatten().map(ContactId))
}

/// Lets somebody answer for a tenant, or nobody; tells it if it was otherwise.
pub(crate) fn appoint(
    draft: &mut Draft<'_>,
    tenant: TenantId,
    contact: Option<ContactId>,
) -> Result<(), RegisterError> {
    if of(&draft.tx, tenant)? == contact {
        return Ok(());
    }
    draft.tx.execute(
        "UPDATE tenant SET responsible = ?2, recorded_at = ?3, recorded_by = ?4 WHERE id = ?1",
        params![
            tenant.0,
            contact.map(|contact| contact.0),
            draft.now.micros(),
            draft.operator()?.get()
        ],
    )?;
    let whom = contact.map_or_else(|| "-".to_owned(), |contact| contact.0.to_string());
    let of_operator = format!("tenant={} responsible={whom}", tenant.0);
    draft.record(
        None,
        &Said {
            verb: AuditVerb::TenantChanged,
            of_holder: "",
            of_operator: &of_operator,
        },
    )
}

/// The tenant of an active contact person.
pub(crate) fn tenant_of(
    connection: &Connection,
    contact: ContactId,
) -> Result<TenantId, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT tenant, active FROM contact WHERE id = ?1")?;
    let found: Option<(u32, bool)> = statement
        .query_row([contact.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        None => Err(RegisterError::NoSuchContact),
        Some((_, false)) => Err(RegisterError::ContactInactive),
        Some((tenant, true)) => Ok(TenantId(tenant)),
    }
}
