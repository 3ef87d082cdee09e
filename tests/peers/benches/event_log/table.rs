//! The peer: an SQLite table with one index, WAL and `synchronous = FULL`, in clear.

use std::path::Path;

use access::{Holder, UtcMicros};
use rusqlite::{Connection, params};

/// A table of passages.
pub(crate) struct Table(Connection);

impl Table {
    /// Makes one in this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        let connection = Connection::open(folder.join("peer.db")).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE event (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL, door INTEGER NOT NULL,
                    reader INTEGER NOT NULL, issuance INTEGER NOT NULL, reason INTEGER NOT NULL, generation INTEGER NOT NULL);
                 CREATE INDEX by_issuance ON event (issuance, time);",
            )
            .unwrap();
        Self(connection)
    }

    /// Every passage of a card, oldest first.
    pub(crate) fn of(&mut self, holder: Holder) -> Vec<(i64, i64, i64)> {
        let mut asked = self
            .0
            .prepare_cached(
                "SELECT time, door, reason FROM event WHERE issuance = ?1 ORDER BY time",
            )
            .unwrap();
        let rows = asked.query_map([holder.issuance.get()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// Writes passages, durable when this returns.
    pub(crate) fn append(&mut self, passages: &[(UtcMicros, Holder)]) {
        let transaction = self.0.transaction().unwrap();
        {
            let mut insert = transaction
                .prepare_cached(
                    "INSERT INTO event (time, kind, door, reader, issuance, reason, generation) VALUES (?1, 1, ?2, ?2, ?3, 0, 812)",
                )
                .unwrap();
            for (time, holder) in passages {
                let row = params![time.micros(), 7, holder.issuance.get()];
                insert.execute(row).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
}
