//! Doors: those the register knows by number.

use access::DoorId;
use rusqlite::Connection;

use crate::error::RegisterError;

/// Refuses numbers that no door has.
pub(crate) fn must_exist(connection: &Connection, doors: &[DoorId]) -> Result<(), RegisterError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM door WHERE id = ?1")?;
    for door in doors {
        if !statement.exists([door.get()])? {
            return Err(RegisterError::NoSuchDoor);
        }
    }
    Ok(())
}
