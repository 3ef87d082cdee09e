//! Every cell of every table, changed by hand: found, or in the list of those that carry no authority.

mod argued;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;

use argued::{WITHOUT_AUTHORITY, held_in_the_document, table};

use super::super::Fold;
use super::logged::Logged;
use crate::fixture::{at, text};
use crate::{Kind, NewIssuance};

/// A house in which every table has a row that lives.
fn furnished() -> Logged {
    let mut logged = Logged::new();
    for (act, of) in FURNISHING {
        logged.act(*act, *of);
    }
    let house = &mut logged.house;
    let (own, temporary) = (house.active_employee("Kari", 900), logged.issued[1]);
    let until = at(5_000);
    let stands_in = NewIssuance {
        kind: Kind::Forgotten { until },
        instead_of: Some(own),
        ..house.supplier("Kari")
    };
    let replaces = NewIssuance {
        replaces: Some(temporary),
        ..house.employee("Siv")
    };
    for new in [stands_in, replaces] {
        let _change = logged.issue_this(&new).unwrap();
    }
    let quarter = "2026-Q1".parse().unwrap();
    logged.house.register.told_overdue(quarter, at(9)).unwrap();
    let restored =
        "INSERT INTO restored (life, restored_at, backup_at, told_until) VALUES (2, 1, 1, 1)";
    let connection = &logged.house.register.connection;
    connection.execute(restored, []).unwrap();
    logged.drain();
    // An employee's card that waits for the tenant.
    logged.act(46, 132);
    logged.act(0, 1);
    logged
}

/// Commands by number, each with what it is about.
const FURNISHING: &[(u8, u8)] = &[
    // Operators: one with a delegation, one who left.
    (32, 1),
    (32, 2),
    (35, 200),
    (37, 5),
    // A supplier and a new hire with live cards; the first has a PIN, further rights, a PIN and a block, and was lost.
    (0, 0),
    (25, 0),
    (4, 0),
    (4, 1),
    (9, 0),
    (7, 0),
    (40, 0),
    (28, 0),
    (29, 0),
    (28, 0),
    (45, 0),
    (5, 0),
    (48, 2),
    // One whose superior vouched, one who is forgotten, one who is returned and held.
    (0, 204),
    (22, 2),
    (0, 2),
    (11, 3),
    (12, 3),
    (0, 6),
    (31, 4),
    (11, 4),
    // The house.
    (13, 3),
    (14, 1),
    (15, 1),
    (16, 1),
    (17, 1),
    (46, 1),
    // A review that is signed and one that is not.
    (42, 0),
    (43, 0),
    (44, 0),
    (42, 1),
    (43, 0),
    (38, 0),
];

struct Cell {
    table: String,
    column: String,
    value: Value,
    key: String,
    columns: Vec<String>,
}

#[test]
fn each_cell_that_is_changed_by_hand_is_found_or_carries_no_authority() {
    let logged = furnished();
    assert_eq!(logged.disagreements(), []);
    let (mut all, mut unseen) = (BTreeSet::new(), BTreeMap::new());
    for cell in cells(&logged) {
        let name = (cell.table.clone(), cell.column.clone());
        all.insert(name.clone());
        for sql in cell.edits() {
            if logged.found_after(&sql) == Some(false) {
                unseen.entry(name.clone()).or_insert(sql);
            }
        }
    }
    let mut argued = BTreeSet::new();
    for (tables, columns, _) in WITHOUT_AUTHORITY {
        for table in tables.split(", ") {
            let named = columns.iter().map(|column| (*column).to_owned());
            argued.extend(named.map(|column| (table.to_owned(), column)));
        }
    }
    let stale: Vec<_> = argued
        .iter()
        .filter(|name| !unseen.contains_key(*name))
        .collect();
    assert_eq!(
        stale,
        Vec::<&(String, String)>::new(),
        "argued, and found all the same"
    );
    unseen.retain(|name, _| !argued.contains(name));
    assert_eq!(
        unseen,
        BTreeMap::new(),
        "changed by hand, and nobody sees it"
    );
    let tables: BTreeSet<String> = all.iter().map(|(table, _)| table.clone()).collect();
    let mut expected: BTreeSet<String> = tables_of(&logged).into_iter().collect();
    // What is in it is on its way; the next test is about that.
    expected.remove("outbox");
    assert_eq!(tables, expected, "every table has a row that is tried");
    held_in_the_document(&table(&all, &argued));
}

#[test]
fn each_cell_of_a_record_on_its_way_is_bound_to_the_others() {
    let mut logged = Logged::new();
    let by = logged.house.operator;
    let id = logged.house.active_supplier("Kari", 7);
    let reason = text("left behind");
    drop(
        logged
            .house
            .register
            .block(id, &reason, by, at(20))
            .unwrap(),
    );
    let whole = logged.house.register.outbox_pending(9).unwrap();
    assert_eq!(whole.len(), 3);
    let mut fold = logged.fold();
    for at in [0, 2] {
        fold.take_outbox(whole[at].0.get(), 0);
    }
    let rows = Fold::default();
    let missing = fold.house_against(&rows, at(9));
    let missing = missing.into_iter().filter_map(|it| it.expected);
    let missing: Vec<String> = missing.filter(|it| it.contains("record")).collect();
    let number = whole[1].0.get();
    assert_eq!(missing, [format!("the record with the number {number}")]);
    let connection = &logged.house.register.connection;
    let tried = cells_of(&logged, "outbox");
    assert!(tried.len() > 16, "{}", tried.len());
    for sql in tried.iter().flat_map(Cell::edits) {
        connection
            .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; BEGIN")
            .unwrap();
        let is_edited = connection.execute(&sql, []).is_ok();
        let pending = logged.house.register.outbox_pending(9);
        // One that is taken away leaves a gap in the log.
        let is_whole = pending.is_ok_and(|pending| pending.len() == whole.len());
        assert!(!is_whole || !is_edited, "{sql}");
        connection.execute_batch("ROLLBACK").unwrap();
    }
}

fn tables_of(logged: &Logged) -> Vec<String> {
    strings(
        logged,
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
}

fn strings(logged: &Logged, sql: &str) -> Vec<String> {
    let mut statement = logged.house.register.connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Every cell of the first rows of every table.
fn cells(logged: &Logged) -> Vec<Cell> {
    let tables = tables_of(logged).into_iter();
    let tables = tables.filter(|table| table != "outbox");
    tables.flat_map(|table| cells_of(logged, &table)).collect()
}

/// Of what hangs on an issuance those whose card was not returned: on the others nothing hangs any more.
fn cells_of(logged: &Logged, table: &str) -> Vec<Cell> {
    let info = |what: &str| {
        let sql = format!("SELECT name FROM pragma_table_xinfo('{table}') WHERE {what}");
        strings(logged, &sql)
    };
    let (columns, keys) = (info("hidden = 0"), info("pk > 0 ORDER BY pk"));
    let connection = &logged.house.register.connection;
    let living = if HANGS_ON_A_CARD.contains(&table) {
        "WHERE issuance IN (SELECT id FROM issuance WHERE state <> 'returned')"
    } else {
        ""
    };
    let named = columns.join(", ");
    let sql = format!("SELECT {named} FROM {table} {living} LIMIT {ROWS}");
    let mut statement = connection.prepare(&sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut cells = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let value = |column: &String| -> Value {
            let at = columns.iter().position(|it| it == column).unwrap();
            row.get(at).unwrap()
        };
        let is = |key: &String| format!("{key} IS {}", literal(&value(key)));
        let key = keys.iter().map(is).collect::<Vec<_>>().join(" AND ");
        let cell = |column: &str, value| Cell {
            table: table.to_owned(),
            column: column.to_owned(),
            value,
            key: key.clone(),
            columns: columns.clone(),
        };
        cells.extend(columns.iter().map(|column| cell(column, value(column))));
        cells.push(cell(ROW, Value::Null));
        cells.push(cell(NEW_ROW, value(&keys[0])));
    }
    cells
}

impl Cell {
    /// Statements that change nothing else.
    fn edits(&self) -> Vec<String> {
        let Self {
            table,
            column,
            key,
            columns,
            ..
        } = self;
        if column == ROW {
            return vec![format!("DELETE FROM {table} WHERE {key}")];
        }
        let others = self.others();
        if column == NEW_ROW {
            let named = columns.join(", ");
            let (first, rest) = named.split_once(", ").unwrap();
            let copy = |other| {
                let other = literal(other);
                format!(
                    "INSERT INTO {table} ({first}, {rest}) SELECT {other}, {rest} FROM {table} WHERE {key}"
                )
            };
            return others.iter().map(copy).collect();
        }
        let edit = |other| {
            format!(
                "UPDATE {table} SET {column} = {} WHERE {key}",
                literal(other)
            )
        };
        others.iter().map(edit).collect()
    }

    /// What else could stand there.
    fn others(&self) -> Vec<Value> {
        let mut others = vec![Value::Null];
        match &self.value {
            Value::Integer(number) => {
                let near = [
                    number.wrapping_add(1),
                    number.wrapping_sub(1),
                    0,
                    1_i64.wrapping_sub(*number),
                ];
                others.extend(near.map(Value::Integer));
            }
            Value::Text(text) => {
                let known = [
                    "",
                    "employee",
                    "active",
                    "technician",
                    "revoke",
                    "unlocked",
                    "card-blocked",
                ];
                others.push(Value::Text(format!("{text}x")));
                others.extend(known.map(|word| Value::Text(word.to_owned())));
            }
            Value::Blob(blob) => {
                let mut flipped = blob.clone();
                if let Some(last) = flipped.last_mut() {
                    *last ^= 1;
                }
                others.extend([Value::Blob(flipped), Value::Blob(vec![0; blob.len()])]);
            }
            Value::Null => {
                others = vec![
                    Value::Integer(1),
                    Value::Text("x".to_owned()),
                    Value::Blob(vec![7; 16]),
                ];
            }
            Value::Real(_) => {}
        }
        others.retain(|other| *other != self.value);
        others
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Blob(blob) => {
            let hex: String = blob.iter().map(|octet| format!("{octet:02x}")).collect();
            format!("x'{hex}'")
        }
    }
}

/// Rows of a table that are changed.
const ROWS: u32 = 3;
const ROW: &str = "a row taken away";
const NEW_ROW: &str = "a row more";
const HANGS_ON_A_CARD: &[&str] = &[
    "card",
    "card_approval",
    "grounds",
    "pin",
    "place_right",
    "replacement",
    "review_decision",
    "stand_in",
];
