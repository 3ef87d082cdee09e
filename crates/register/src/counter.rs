//! Counter: the last number given of each sort, and counts as SQLite stores them.

use rusqlite::{Connection, OptionalExtension};

use crate::error::RegisterError;

/// The last number given.
pub(crate) fn counter(connection: &Connection, name: &str) -> Result<u64, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT value FROM counter WHERE name = ?1")?;
    let value = statement.query_row([name], |row| row.get(0)).optional()?;
    counted(value.ok_or(RegisterError::corrupt("a counter is missing"))?)
}

/// A count as SQLite stores it; none comes near the end.
pub(crate) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as SQLite stored it.
pub(crate) fn counted(stored: i64) -> Result<u64, RegisterError> {
    u64::try_from(stored).map_err(|_| RegisterError::corrupt("a count below zero"))
}
