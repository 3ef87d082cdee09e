//! Twins: two cards of one person, one of which stands in for the other.

use std::collections::HashMap;

use access::IssuanceId;
use rusqlite::{Connection, OptionalExtension};

use crate::error::RegisterError;
use crate::pseudonym::pseudonym;

/// The other card of the same person.
pub(crate) fn of(
    connection: &Connection,
    id: IssuanceId,
) -> Result<Option<IssuanceId>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT stands_for FROM stand_in WHERE issuance = ?1
         UNION ALL SELECT issuance FROM stand_in WHERE stands_for = ?1",
    )?;
    let twin: Option<u32> = statement
        .query_row([id.get()], |row| row.get(0))
        .optional()?;
    twin.map(pseudonym).transpose()
}

/// Every card that has one, with the other.
pub(crate) fn all(
    connection: &Connection,
) -> Result<HashMap<IssuanceId, IssuanceId>, RegisterError> {
    let mut statement = connection.prepare("SELECT issuance, stands_for FROM stand_in")?;
    let mut rows = statement.query([])?;
    let mut twins = HashMap::new();
    while let Some(row) = rows.next()? {
        let (one, other) = (pseudonym(row.get(0)?)?, pseudonym(row.get(1)?)?);
        twins.extend([(one, other), (other, one)]);
    }
    Ok(twins)
}

/// Parts an issuance and its twin.
pub(crate) fn part(connection: &Connection, id: IssuanceId) -> Result<(), RegisterError> {
    connection
        .prepare_cached("DELETE FROM stand_in WHERE ?1 IN (issuance, stands_for)")?
        .execute([id.get()])?;
    Ok(())
}
