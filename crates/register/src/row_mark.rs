//! Row mark: everything the register has of an issuance or an operator in one mark, so that a record binds also what no word of
//! it says: who issued and blocked, when, on what grounds, under which card, PIN and key.

use access::{IssuanceId, OperatorId};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

use crate::error::RegisterError;
use crate::mark::short;
use crate::state::State;

/// Stands in the words of an issuance until the mark is known: when the change that tells of it is whole.
pub(crate) const BLANK: &str = " row=0000000000000000";

/// The words with the mark in the place of the [`BLANK`].
pub(crate) fn stamped(words: &str, mark: &str) -> String {
    words.replacen(BLANK, &format!(" row={mark}"), 1)
}

/// The words with this mark in the place of the one they have; words without one stay. What anybody typed comes behind it.
pub(crate) fn renewed(words: &str, mark: &str) -> String {
    let Some((before, rest)) = words.split_once(ROW) else {
        return words.to_owned();
    };
    match rest.get(mark.len()..) {
        Some(after) => format!("{before}{ROW}{mark}{after}"),
        None => words.to_owned(),
    }
}

/// Takes rows, table by table, and gives their mark.
#[derive(Default)]
pub(crate) struct Marker(Sha256);

impl Marker {
    /// Each value with its type and length, so that no two lists of rows come to the same octets.
    pub(crate) fn row<'v>(&mut self, values: impl IntoIterator<Item = ValueRef<'v>>) -> &mut Self {
        self.0.update(b"row");
        for value in values {
            self.value(value);
        }
        self
    }

    /// No further row of this table.
    pub(crate) fn end(&mut self) -> &mut Self {
        self.0.update(b"end");
        self
    }

    pub(crate) fn mark(self) -> String {
        short(self.0)
    }

    /// The rows a statement finds, to their end.
    fn add(&mut self, connection: &Connection, rows: &str, of: u32) -> Result<(), RegisterError> {
        let mut statement = connection.prepare_cached(rows)?;
        let columns = statement.column_count();
        let mut rows = statement.query([of])?;
        while let Some(row) = rows.next()? {
            self.row([]);
            for at in 0..columns {
                self.value(row.get_ref(at)?);
            }
        }
        self.end();
        Ok(())
    }

    fn value(&mut self, value: ValueRef<'_>) {
        let mut octets = |kind: u8, octets: &[u8]| {
            self.0.update([kind]);
            self.0.update(octets.len().to_le_bytes());
            self.0.update(octets);
        };
        match value {
            ValueRef::Null => octets(0, &[]),
            ValueRef::Integer(number) => octets(1, &number.to_le_bytes()),
            ValueRef::Real(number) => octets(2, &number.to_le_bytes()),
            ValueRef::Text(text) => octets(3, text),
            ValueRef::Blob(blob) => octets(4, blob),
        }
    }
}

/// The mark over every row that hangs on an issuance. Of a returned one only its own row counts: what hung on it goes.
pub(crate) fn of_issuance(
    connection: &Connection,
    id: IssuanceId,
) -> Result<String, RegisterError> {
    let mut marker = Marker::default();
    let is_returned = connection
        .prepare_cached("SELECT 1 FROM issuance WHERE id = ?1 AND state = ?2")?
        .exists((id.get(), State::Returned.name()))?;
    let counted = if is_returned { 1 } else { TABLES };
    for rows in OF_ISSUANCE.iter().take(counted) {
        marker.add(connection, rows, id.get())?;
    }
    Ok(marker.mark())
}

/// The mark over every row that hangs on an operator and that the words about them leave out.
pub(crate) fn of_operator(
    connection: &Connection,
    id: OperatorId,
) -> Result<String, RegisterError> {
    let mut marker = Marker::default();
    for rows in &OF_OPERATOR {
        marker.add(connection, rows, u32::from(id.get()))?;
    }
    Ok(marker.mark())
}

const ROW: &str = " row=";
/// How many tables have rows of an issuance.
pub(crate) const TABLES: usize = 10;
/// Never changed: records of two years have these marks. A further column gets a word of its own.
/// Not in it: when the newest record was written, which is about the log and not about the holder; that two cards are one
/// person's, since the other one may be forgotten sooner.
const OF_ISSUANCE: [&str; TABLES] = [
    "SELECT kind, state, tenant, contact, valid_from, valid_until, blocked_at, blocked_by, return_duty_told_at, signed_at,
            issued_at, issued_by, returned_at, returned_by, slot, slot_generation, holder, held_since, held_until, held_by,
            lost_at, lost_by, unsure, superior, end_told, unnamed
     FROM issuance WHERE id = ?1",
    "SELECT tag, number FROM card WHERE issuance = ?1",
    "SELECT number, approver, granted_at, reason FROM grounds WHERE issuance = ?1 ORDER BY number",
    "SELECT place, schedule, valid_from, valid_until, grounds FROM place_right WHERE issuance = ?1
     ORDER BY place, schedule, valid_from, valid_until",
    "SELECT number, hash, duress FROM pin WHERE issuance = ?1",
    "SELECT batch, asked_by, asked_at FROM card_approval WHERE issuance = ?1",
    "SELECT review, place, verdict, decided_at, decided_by, reason FROM review_decision WHERE issuance = ?1
     ORDER BY review, place",
    "SELECT year, number FROM charge WHERE issuance = ?1 ORDER BY year, number",
    "SELECT at, slot, slot_generation FROM departed WHERE issuance = ?1",
    "SELECT id FROM waiting_change WHERE issuance = ?1 ORDER BY id",
];
const OF_OPERATOR: [&str; 2] = [
    "SELECT user, uid, slot, slot_generation, added_at FROM operator WHERE id = ?1",
    "SELECT at, issuance, slot, slot_generation FROM departed WHERE operator = ?1",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at, text};

    #[test]
    fn a_mark_stays_what_it_is_from_version_to_version() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 7);
        let mark = of_issuance(&house.register.connection, id).unwrap();
        assert_eq!(mark, "5dd8b4a5d34499c6");
        let mark = of_operator(&house.register.connection, house.operator).unwrap();
        assert_eq!(mark, "1eecb31fa4be2778");
    }

    #[test]
    fn each_record_of_a_change_has_the_mark_of_its_end() {
        let mut house = House::settled();
        let own = house.active_employee("Kari", 7);
        let by = house.operator;
        let change = house
            .register
            .block(own, &text("row=x"), by, at(5))
            .unwrap();
        let mark = of_issuance(&house.register.connection, own).unwrap();
        let told = &change.records[0].1.holder_text;
        assert!(told.contains(&format!("{ROW}{mark} ")), "{told}");
        assert!(told.ends_with("row=x"), "{told}");
        let pending = house.register.outbox_pending(99).unwrap();
        assert_eq!(&pending.last().unwrap().1.holder_text, told);
        assert_eq!(stamped("kind=x", "1"), "kind=x");
        assert_eq!(renewed("a row=1", "22"), "a row=1");
    }
}
