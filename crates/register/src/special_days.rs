//! Special days: holidays and other days that are no ordinary weekday, for all schedules of the house.

use access::schedule::{Calendar, SpecialDay, SpecialKind, When};
use access::{OperatorId, UtcMicros};
use rusqlite::{Connection, Row, params};

use crate::audit::{AuditVerb, Change};
use crate::error::RegisterError;
use crate::hours_error::HoursError;
use crate::register::Register;

impl Register {
    /// Makes a date a special day, of whatever kind it was before.
    ///
    /// # Errors
    /// [`RegisterError::Hours`] for a date that no calendar has.
    pub fn set_special_day(
        &mut self,
        day: SpecialDay,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        Calendar::new(&[day]).map_err(HoursError::from)?;
        let set = self.change(by, now, |draft| {
            draft.tx.execute(
                "INSERT INTO special_day (day, kind, recorded_at, recorded_by) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (day) DO UPDATE SET kind = ?2, recorded_at = ?3, recorded_by = ?4",
                params![
                    day.when.to_string(),
                    day.kind.get(),
                    now.micros(),
                    draft.operator()?.get()
                ],
            )?;
            draft.tell_hours(AuditVerb::HolidaySet, &words(day))
        });
        set.map(|((), change)| change)
    }

    /// Makes a date an ordinary day again.
    ///
    /// # Errors
    /// [`RegisterError::Hours`] if it is one.
    pub fn remove_special_day(
        &mut self,
        when: When,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let removed = self.change(by, now, |draft| {
            let gone = draft
                .tx
                .execute("DELETE FROM special_day WHERE day = ?1", [when.to_string()])?;
            if gone == 0 {
                return Err(HoursError::NoSuchDay { when }.into());
            }
            draft.tell_hours(AuditVerb::HolidayRemoved, &format!("day={when}"))
        });
        removed.map(|((), change)| change)
    }

    /// Every special day; those of every year last.
    ///
    /// # Errors
    /// What SQLite says; [`StorageError::Corrupt`](crate::StorageError) if a stored text is no date.
    pub fn special_days(&self) -> Result<Vec<SpecialDay>, RegisterError> {
        rows(&self.connection)
    }
}

/// Every special day; those of every year last.
pub(crate) fn rows(connection: &Connection) -> Result<Vec<SpecialDay>, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT day, kind FROM special_day")?;
    let mut rows = statement.query([])?;
    let mut days = Vec::new();
    while let Some(row) = rows.next()? {
        days.push(read(row)?);
    }
    days.sort_unstable();
    Ok(days)
}

/// A special day from the columns day, kind.
pub(crate) fn read(row: &Row<'_>) -> Result<SpecialDay, RegisterError> {
    let text = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
    let day = text.parse().ok().zip(SpecialKind::new(row.get(1)?));
    let (when, kind) = day.ok_or(RegisterError::corrupt("a special day that is none"))?;
    Ok(SpecialDay { when, kind })
}

/// What a record says of a special day.
pub(crate) fn words(day: SpecialDay) -> String {
    format!("day={} kind={}", day.when, day.kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    fn day(when: &str, kind: u8) -> SpecialDay {
        SpecialDay {
            when: when.parse().unwrap(),
            kind: SpecialKind::new(kind).unwrap(),
        }
    }

    #[test]
    fn a_date_is_one_kind_of_day_at_a_time() {
        let mut house = House::settled();
        let by = house.operator;
        let register = &mut house.register;
        for of in [day("12-25", 1), day("2026-12-24", 1), day("2026-12-24", 3)] {
            assert!(register.set_special_day(of, by, at(1)).unwrap().new_hours);
        }
        assert_eq!(
            register.special_days().unwrap(),
            [day("2026-12-24", 3), day("12-25", 1)]
        );
        let christmas = "12-25".parse().unwrap();
        drop(register.remove_special_day(christmas, by, at(2)).unwrap());
        let again = register.remove_special_day(christmas, by, at(3));
        assert_eq!(again.unwrap_err().to_string(), "12-25 is no special day");
    }

    #[test]
    fn a_date_that_no_calendar_has_is_refused() {
        let mut house = House::settled();
        let by = house.operator;
        let refused = house
            .register
            .set_special_day(day("2026-02-29", 1), by, at(1));
        assert_eq!(
            refused.unwrap_err().to_string(),
            "there is no date 2026-02-29"
        );
        assert_eq!(house.register.special_days().unwrap(), []);
    }
}
