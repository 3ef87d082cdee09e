//! What may be changed by hand unseen, and the table of it that the auditor reads.

use std::collections::{BTreeMap, BTreeSet};

use super::{NEW_ROW, ROW};

/// What may be changed by hand without being found, and why nobody gains by it. Held against what is found, each way.
pub(super) const WITHOUT_AUTHORITY: &[(&str, &[&str], &str)] = &[
    (
        "area, door, door_group, reader",
        &["recorded_at"],
        "when the log was told; a name that is told anew as another one is a difference",
    ),
    (
        "card_hour",
        &["hour", "kind", "issued", "returned", ROW, NEW_ROW],
        "counts for reports; every card given out and taken back is in the log itself",
    ),
    (
        "charge",
        &["id"],
        "the number of the row; what refers to it is compared",
    ),
    (
        "charge, contact, door_hours, door_order, lockdown, schedule, special_day, stock, tenant",
        &["recorded_at", "recorded_by"],
        "when it was told last and in whose name it is told anew; what is told anew and is not what was known is a difference",
    ),
    (
        "contact, tenant",
        &["added_at"],
        "shown nowhere; the record of the adding has its time",
    ),
    (
        "counter",
        &["value", NEW_ROW],
        "higher ones only: no number is given twice. The allowlist's generation opens nothing; nobody asks for another counter",
    ),
    ("departed", &["number"], "the number of the row"),
    (
        "door_hours",
        &["place"],
        "only the order counts, and that is compared",
    ),
    (
        "door_hours",
        &["after_first_card"],
        "any number but 0 is yes; yes for no is found",
    ),
    (
        "issuance, operator, review",
        &["recorded_at"],
        "when it was told last; what is told anew and is not what was known is a difference",
    ),
    (
        "restored",
        &[
            "life",
            "restored_at",
            "backup_at",
            "told_until",
            ROW,
            NEW_ROW,
        ],
        "what a restore was, for `status`; the first record of the new log says it, and no right hangs on it",
    ),
    (
        "review",
        &[
            "own",
            "log_size",
            "log_root",
            "decisions",
            "hash",
            "signed_by",
        ],
        "of an open one only: not read before it is signed, and written then",
    ),
    (
        "review_count",
        &["is_card", NEW_ROW],
        "any number but 0 is yes; yes for no is found. A row of an open review: it cannot be signed then",
    ),
    (
        "review_overdue",
        &["quarter", "told_at", ROW, NEW_ROW],
        "keeps the event from being told twice; `status` says what is overdue by the reviews themselves",
    ),
    (
        "tenant",
        &["cards_by_hr"],
        "any number but 0 is yes; yes for no is found",
    ),
    (
        "tombstone",
        &["id", "kind", "forgotten_at", NEW_ROW],
        "no record may tell whose it was; the place of the key is compared. One more keeps a pseudonym from being given",
    ),
];

/// The table as the auditor reads it: a line for each table of the register.
pub(super) fn table(
    all: &BTreeSet<(String, String)>,
    argued: &BTreeSet<(String, String)>,
) -> String {
    let mut compared = BTreeMap::<&str, Vec<&str>>::new();
    for name in all {
        let (table, column) = (name.0.as_str(), name.1.as_str());
        let columns = compared.entry(table).or_default();
        if !argued.contains(name) && column != ROW && column != NEW_ROW {
            columns.push(column);
        }
    }
    let mut lines = vec![
        "| table | a change by hand is found in |".to_owned(),
        "|---|---|".to_owned(),
    ];
    for (table, columns) in compared {
        let columns = if columns.is_empty() {
            "nothing".to_owned()
        } else {
            columns.join(", ")
        };
        lines.push(format!("| {table} | {columns} |"));
    }
    lines.push(String::new());
    lines.push("| not found in | of | why nobody gains by it |".to_owned());
    lines.push("|---|---|---|".to_owned());
    for (tables, columns, why) in WITHOUT_AUTHORITY {
        lines.push(format!("| {} | {tables} | {why} |", columns.join(", ")));
    }
    lines.join("\n") + "\n"
}

/// `PORTVAKT_WRITE_CELLS=1 cargo test -p register --lib cells` writes it anew.
pub(super) fn held_in_the_document(table: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/auditor.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (there, after) = rest.split_once(END).unwrap();
    if std::env::var_os("PORTVAKT_WRITE_CELLS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(there, table, "docs/auditor.md is to be written anew");
}

const BEGIN: &str = "<!-- cells: written by the test of this name -->\n";
const END: &str = "<!-- end of cells -->\n";
