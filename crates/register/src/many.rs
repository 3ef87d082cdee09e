//! Many rows of one table, some dozens by one statement: what a statement costs besides its rows is half of what a short row costs.

use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::error::RegisterError;

/// Inserts rows, each with a value for every column that `into` names: a table and, in brackets, its columns. Who calls it takes the rows
/// back if one of them cannot be.
pub(crate) fn insert<const N: usize>(
    connection: &Connection,
    into: &str,
    rows: &[[ValueRef<'_>; N]],
) -> Result<(), RegisterError> {
    // Two statements a table, however many rows there are.
    let (together, rest) = rows.as_chunks::<AT_ONCE>();
    together
        .iter()
        .map(<[_; AT_ONCE]>::as_slice)
        .chain(rest.chunks(1))
        .try_for_each(|rows| write(connection, into, rows))
}

fn write<const N: usize>(
    connection: &Connection,
    into: &str,
    rows: &[[ValueRef<'_>; N]],
) -> Result<(), RegisterError> {
    let row = format!("({})", ["?"; N].join(","));
    let text = format!(
        "INSERT INTO {into} VALUES {}",
        vec![row.as_str(); rows.len()].join(",")
    );
    let mut statement = connection.prepare_cached(&text)?;
    for (place, value) in (1_usize..).zip(rows.iter().flatten()) {
        statement.raw_bind_parameter(place, ToSqlOutput::Borrowed(*value))?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// Rows of one statement.
const AT_ONCE: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT")
            .unwrap();
        connection
    }

    #[test]
    fn every_row_is_there_once_and_in_its_columns() {
        for count in [0, 1, 31, 32, 33, 64, 100] {
            let connection = table();
            let rows: Vec<[ValueRef<'_>; 2]> = (0..count)
                .map(|at| [ValueRef::Text(b"word"), ValueRef::Integer(at)])
                .collect();
            insert(&connection, "t (b, a)", &rows).unwrap();
            let found: (i64, i64) = connection
                .query_row(
                    "SELECT count(*), coalesce(sum(a), 0) FROM t WHERE b = 'word'",
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .unwrap();
            assert_eq!(found, (count, (0..count).sum()));
        }
    }

    #[test]
    fn a_row_that_cannot_be_is_an_error() {
        let rows = [[ValueRef::Integer(1)]; 40];
        assert!(insert(&table(), "t (a)", &rows).is_err());
    }
}
