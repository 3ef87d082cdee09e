//! Card approval: a tenant's employee cards that wait for its personnel office (M16). Until then they open nothing.

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::{Connection, OptionalExtension, params};

use crate::contact::TenantId;
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::kind::Kind;

/// Cards that came with one import for one tenant; given once, from 1. [`NO_BATCH`] is that of a card issued by itself.
pub(crate) type Batch = u32;

/// A card that was issued by itself.
pub(crate) const NO_BATCH: Batch = 0;

/// Whether cards of this kind wait for the tenant's personnel office.
pub(crate) fn is_wanted(
    connection: &Connection,
    kind: &Kind,
    tenant: TenantId,
) -> Result<bool, RegisterError> {
    if kind.is_visitor() {
        return Ok(false);
    }
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM tenant WHERE id = ?1 AND cards_by_hr = 1")?;
    Ok(statement.exists([tenant.0])?)
}

/// Has an issuance wait, in the name of who makes the change.
pub(crate) fn ask(
    draft: &Draft<'_>,
    issuance: IssuanceId,
    batch: Batch,
) -> Result<(), RegisterError> {
    let mut statement = draft.tx.prepare_cached(
        "INSERT INTO card_approval (issuance, batch, asked_by, asked_at) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let (by, now) = (draft.operator()?.get(), draft.now.micros());
    statement.execute(params![issuance.get(), batch, by, now])?;
    Ok(())
}

/// Ends its waiting, if it waits.
pub(crate) fn end(connection: &Connection, issuance: IssuanceId) -> Result<(), RegisterError> {
    let mut statement =
        connection.prepare_cached("DELETE FROM card_approval WHERE issuance = ?1")?;
    statement.execute([issuance.get()])?;
    Ok(())
}

/// Who issued or imported a card that waits, and when.
pub(crate) fn asked(
    connection: &Connection,
    issuance: IssuanceId,
) -> Result<Option<(OperatorId, UtcMicros)>, RegisterError> {
    let mut statement = connection
        .prepare_cached("SELECT asked_by, asked_at FROM card_approval WHERE issuance = ?1")?;
    let asked: Option<(u16, i64)> = statement
        .query_row([issuance.get()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(asked.map(|(by, at)| (OperatorId::new(by), UtcMicros::from_micros(at))))
}
