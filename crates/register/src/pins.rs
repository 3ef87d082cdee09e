//! PINs: what is kept of the secrets that people type.

use access::{IssuanceId, Pin, PinHash, PinNumber};
use rusqlite::{Connection, Row};

use crate::error::RegisterError;

/// The PIN of an issuance, if it has one.
pub(crate) fn of(connection: &Connection, id: IssuanceId) -> Result<Option<Pin>, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT number, hash, duress FROM pin WHERE issuance = ?1")?;
    let mut rows = statement.query([id.get()])?;
    rows.next()?.map_or(Ok(None), |row| read(row, 0))
}

/// A PIN from the columns number, hash, duress, the first of which is `at`; `None` if they are those of no PIN.
pub(crate) fn read(row: &Row<'_>, at: usize) -> Result<Option<Pin>, RegisterError> {
    let Some(number) = row.get::<_, Option<u32>>(at)? else {
        return Ok(None);
    };
    let number = PinNumber::new(number);
    Ok(Some(Pin {
        number: number.ok_or(RegisterError::corrupt("a PIN of more than six digits"))?,
        hash: PinHash::new(row.get(at + 1)?),
        duress: row.get::<_, Option<_>>(at + 2)?.map(PinHash::new),
    }))
}

/// Takes the PIN of an issuance away; says whether there was one.
pub(crate) fn delete(connection: &Connection, id: IssuanceId) -> Result<bool, RegisterError> {
    let mut statement = connection.prepare_cached("DELETE FROM pin WHERE issuance = ?1")?;
    Ok(statement.execute([id.get()])? > 0)
}

/// Whether somebody has this number.
pub(crate) fn is_taken(connection: &Connection, number: PinNumber) -> Result<bool, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM pin WHERE number = ?1")?;
    Ok(statement.exists([number.get()])?)
}
