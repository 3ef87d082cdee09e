//! Delegation: a role that a deputy has for a while in place of who holds it (M31).

use std::fmt::Write as _;

use access::role::Role;
use access::{OperatorId, UtcMicros};
use rusqlite::{Connection, params};

use crate::contact::TenantId;
use crate::error::RegisterError;
use crate::operator_error::OperatorError;
use crate::roles;

/// A role given to a deputy from an instant until just before another. It ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// The role.
    pub role: Role,
    /// The tenant an hr role is bound to.
    pub tenant: Option<TenantId>,
    /// The first instant it counts.
    pub from: UtcMicros,
    /// The instant it counts no more.
    pub until: UtcMicros,
    /// Who gave it, and holds the role.
    pub by: OperatorId,
}

impl Delegation {
    /// Whether it counts at this instant.
    #[must_use]
    pub fn holds_at(&self, now: UtcMicros) -> bool {
        self.from <= now && now < self.until
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.role == other.role && self.from < other.until && other.from < self.until
    }
}

/// What is delegated to a deputy, what has ended left out.
pub(crate) fn of(
    connection: &Connection,
    deputy: OperatorId,
    now: UtcMicros,
) -> Result<Vec<Delegation>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT role, tenant, begins_at, ends_at, given_by FROM delegation
         WHERE deputy = ?1 AND ends_at > ?2 ORDER BY begins_at, role",
    )?;
    let mut rows = statement.query(params![deputy.get(), now.micros()])?;
    let mut delegations = Vec::new();
    while let Some(row) = rows.next()? {
        delegations.push(Delegation {
            role: roles::read(row, 0)?,
            tenant: row.get::<_, Option<u32>>(1)?.map(TenantId),
            from: UtcMicros::from_micros(row.get(2)?),
            until: UtcMicros::from_micros(row.get(3)?),
            by: OperatorId::new(row.get(4)?),
        });
    }
    Ok(delegations)
}

/// Gives a deputy one more; those that have ended go.
pub(crate) fn write(
    connection: &Connection,
    deputy: OperatorId,
    new: &Delegation,
    now: UtcMicros,
) -> Result<(), RegisterError> {
    if new.until <= new.from || new.until <= now {
        return Err(OperatorError::DelegationEnded.into());
    }
    if new.until.micros().saturating_sub(new.from.micros()) > LENGTH_MAX_MICROS {
        return Err(OperatorError::DelegationTooLong.into());
    }
    let others = of(connection, deputy, now)?;
    if others.iter().any(|other| other.overlaps(new)) {
        return Err(OperatorError::DelegationOverlaps.into());
    }
    if others.len() >= DELEGATIONS_MAX {
        return Err(OperatorError::TooManyDelegations.into());
    }
    connection
        .prepare_cached("DELETE FROM delegation WHERE deputy = ?1 AND ends_at <= ?2")?
        .execute(params![deputy.get(), now.micros()])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO delegation (deputy, role, tenant, begins_at, ends_at, given_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![
        deputy.get(),
        new.role.as_str(),
        new.tenant.map(|tenant| tenant.0),
        new.from.micros(),
        new.until.micros(),
        new.by.get()
    ])?;
    Ok(())
}

/// Takes away what a deputy is delegated, of one role or of all; says whether anything of it had not ended.
pub(crate) fn end(
    connection: &Connection,
    deputy: OperatorId,
    role: Option<Role>,
    now: UtcMicros,
) -> Result<bool, RegisterError> {
    let (mut gone, mut living) = (
        connection.prepare_cached(
            "DELETE FROM delegation WHERE deputy = ?1 AND role = coalesce(?2, role)",
        )?,
        of(connection, deputy, now)?,
    );
    living.retain(|delegation| role.is_none_or(|role| role == delegation.role));
    gone.execute(params![deputy.get(), role.map(Role::as_str)])?;
    Ok(!living.is_empty())
}

/// Takes away what somebody delegated and does not hold any more; gives the deputies.
pub(crate) fn end_of_giver(
    connection: &Connection,
    giver: OperatorId,
) -> Result<Vec<OperatorId>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM delegation WHERE given_by = ?1 AND NOT EXISTS (
             SELECT 1 FROM operator_role held WHERE held.operator = ?1 AND held.role = delegation.role
             AND held.tenant IS delegation.tenant
         ) RETURNING deputy",
    )?;
    let deputies = statement.query_map([giver.get()], |row| Ok(OperatorId::new(row.get(0)?)))?;
    let mut deputies = deputies.collect::<Result<Vec<_>, _>>()?;
    deputies.sort_by_key(|deputy| deputy.get());
    deputies.dedup();
    Ok(deputies)
}

/// `delegated=technician@FROM/UNTIL/2,hr:3@…`, as records have it: the number behind the end is the giver's.
pub(crate) fn words(delegations: &[Delegation]) -> String {
    let mut words = "delegated=".to_owned();
    for (at, delegation) in delegations.iter().enumerate() {
        let Delegation {
            role,
            tenant,
            from,
            until,
            by,
        } = delegation;
        let comma = if at == 0 { "" } else { "," };
        let tenant = tenant.map_or(String::new(), |tenant| format!(":{}", tenant.0));
        // Writing to a text cannot fail.
        write!(words, "{comma}{role}{tenant}@{from}/{until}/{by}").ok();
    }
    if delegations.is_empty() {
        words.push('-');
    }
    words
}

/// Days a delegation may last.
pub const DELEGATION_DAYS_MAX: u32 = 90;

/// Delegations one deputy may have; they are said whole in one record.
pub const DELEGATIONS_MAX: usize = 8;

const LENGTH_MAX_MICROS: i64 = 90 * 86_400_000_000;
