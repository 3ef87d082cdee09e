//! Tally: how many cards were given out and taken back in each hour, which names nobody and stays when holders are forgotten.

use access::UtcMicros;
use rusqlite::{Connection, params};

use crate::counter::{counted, stored};
use crate::error::RegisterError;
use crate::kind::Kind;
use crate::register::Register;

/// Cards of one kind in one hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourOfCards {
    /// When the hour begins.
    pub begins: UtcMicros,
    /// The kind.
    pub kind: String,
    /// How many were issued.
    pub issued: u64,
    /// How many were returned.
    pub returned: u64,
}

impl Register {
    /// Every hour before `until` in which a card was issued or returned, oldest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn hours_of_cards(&self, until: UtcMicros) -> Result<Vec<HourOfCards>, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT hour, kind, issued, returned FROM card_hour WHERE hour * ?1 < ?2 ORDER BY hour, kind",
        )?;
        let mut rows = statement.query([HOUR_MICROS, until.micros()])?;
        let mut hours = Vec::new();
        while let Some(row) = rows.next()? {
            let hour: i64 = row.get(0)?;
            hours.push(HourOfCards {
                begins: UtcMicros::from_micros(hour.saturating_mul(HOUR_MICROS)),
                kind: row.get(1)?,
                issued: counted(row.get(2)?)?,
                returned: counted(row.get(3)?)?,
            });
        }
        Ok(hours)
    }
}

/// Counts cards of one kind that were issued in the hour of `at`.
pub(crate) fn count_issued(
    connection: &Connection,
    (kind, count): (&Kind, u64),
    at: UtcMicros,
) -> Result<(), RegisterError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO card_hour (hour, kind, issued) VALUES (?1, ?2, ?3)
         ON CONFLICT (hour, kind) DO UPDATE SET issued = issued + excluded.issued",
    )?;
    let hour = at.micros() / HOUR_MICROS;
    statement.execute(params![hour, kind.name(), stored(count)])?;
    Ok(())
}

const HOUR_MICROS: i64 = 3_600_000_000;

#[cfg(test)]
mod tests {
    use crate::fixture::{House, at};

    #[test]
    fn cards_out_are_counted_also_of_those_who_are_forgotten() {
        let mut house = House::settled();
        let by = house.operator;
        let kept = house.active_employee("Per", 1);
        let gone = house.active_supplier("Kari", 2);
        drop(
            house
                .register
                .return_card(gone, true, by, at(7_200))
                .unwrap(),
        );
        house.settle();
        let count = |house: &House| {
            let hours = house.register.hours_of_cards(at(9_000)).unwrap();
            let hours = hours.into_iter();
            hours
                .map(|hour| (hour.begins, hour.kind, hour.issued, hour.returned))
                .collect::<Vec<_>>()
        };
        let hours = [
            (at(0), "employee".to_owned(), 1, 0),
            (at(0), "supplier".to_owned(), 1, 0),
            (at(7_200), "supplier".to_owned(), 0, 1),
        ];
        assert_eq!(count(&house), hours);
        drop(house.register.finish_return(gone, at(7_300)).unwrap());
        assert_eq!(count(&house), hours);
        assert_eq!(house.register.hours_of_cards(at(0)).unwrap(), []);
        assert_eq!(house.register.hours_of_cards(at(3_600)).unwrap().len(), 2);
        assert!(house.register.find(kept).is_ok());
    }

    #[test]
    fn cards_of_a_register_from_before_are_counted() {
        let mut house = House::settled();
        house.active_employee("Per", 1);
        let before = house.register.hours_of_cards(at(9_000)).unwrap();
        let seed = include_str!("schema/010-reviews.sql");
        let from = seed
            .find("INSERT INTO card_hour (hour, kind, issued)\nSELECT")
            .unwrap();
        let until = seed.find("CREATE TRIGGER").unwrap();
        let connection = &house.register.connection;
        connection.execute_batch("DELETE FROM card_hour").unwrap();
        connection.execute_batch(&seed[from..until]).unwrap();
        assert_eq!(house.register.hours_of_cards(at(9_000)).unwrap(), before);
    }
}
