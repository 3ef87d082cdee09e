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
