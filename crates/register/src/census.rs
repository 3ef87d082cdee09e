//! Census: what is in the register of a backup, read without touching it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::database;
use crate::error::RegisterError;

/// How much there is of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    /// Issuances that were not returned.
    pub cards: u64,
    /// Those of them that are visitors'.
    pub visitors: u64,
    /// Tenants.
    pub tenants: u64,
    /// Operators who were not removed.
    pub operators: u64,
    /// Readers it knows the names of.
    pub readers: u64,
    /// Changes that wait for approval.
    pub waiting: u64,
}

/// Looks at a register that nobody has open, and changes nothing of it.
///
/// # Errors
/// As [`Register::open`](crate::Register::open).
pub fn census(path: &Path) -> Result<Census, RegisterError> {
    database::look(path)?;
    let connection = Connection::open_with_flags(
        database::immutable(path),
        OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI,
    )?;
    let count = |of: &str| -> Result<u64, RegisterError> {
        let sql = format!("SELECT count(*) FROM {of}");
        Ok(connection
            .query_row(&sql, [], |row| row.get::<_, u32>(0))?
            .into())
    };
    Ok(Census {
        cards: count("issuance WHERE state <> 'returned'")?,
        visitors: count("issuance WHERE state <> 'returned' AND kind <> 'employee'")?,
        tenants: count("tenant")?,
        operators: count("operator WHERE removed_at IS NULL")?,
        readers: count("reader")?,
        waiting: count("waiting_change")?,
    })
}
