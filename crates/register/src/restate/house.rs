//! House: restating what is no person's: tenants and their contacts, schedules, special days, what doors are to do.

use std::time::Duration;

use access::{DoorId, OperatorId, UtcMicros};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};

use crate::audit::AuditVerb;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::fold::Subject;
use crate::mark::mark;
use crate::plastic::stock_id;
use crate::review::{self, ReviewId};
use crate::{charge, door_modes, schedules, special_days, stock};

/// Restates at most `limit` of each kind.
pub(super) fn restate(
    draft: &mut Draft<'_>,
    before: UtcMicros,
    limit: u32,
) -> Result<(), RegisterError> {
    KINDS
        .iter()
        .try_for_each(|kind| kind.restate(draft, before, limit))
}

/// What every row would say if it were said anew at this time; which it is where it says what no row can say.
pub(super) fn words(
    connection: &Connection,
    now: UtcMicros,
) -> Result<Vec<Result<String, Subject>>, RegisterError> {
    let before = now.saturating_add(Duration::from_micros(1));
    let mut all = Vec::new();
    for kind in &KINDS {
        for (key, _) in kind.due(connection, before, u32::MAX)? {
            let words = (kind.words)(&Asked {
                connection,
                key: &key,
            });
            all.push(words.map_err(|_| (kind.subject)(written(&key))));
        }
    }
    Ok(all)
}

fn written(key: &Value) -> String {
    match key {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Null | Value::Real(_) | Value::Blob(_) => "-".to_owned(),
    }
}

/// One kind of rows, each with a key.
struct Kind {
    /// Keys, and in whose name each was said last: of those said before `?1`, at most `?2`.
    due: &'static str,
    /// What the record says of the row with the key `?1`.
    words: fn(&Asked<'_>) -> Result<String, RegisterError>,
    /// What it is of.
    subject: fn(String) -> Subject,
    /// Notes at the row with the key `?1` that it was said at `?2`.
    said: &'static str,
}

impl Kind {
    /// The keys of those said before this, each with who said it last.
    fn due(
        &self,
        connection: &Connection,
        before: UtcMicros,
        limit: u32,
    ) -> Result<Vec<(Value, Option<u16>)>, RegisterError> {
        let mut statement = connection.prepare_cached(self.due)?;
        let rows = statement.query_map(params![before.micros(), limit], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn restate(
        &self,
        draft: &mut Draft<'_>,
        before: UtcMicros,
        limit: u32,
    ) -> Result<(), RegisterError> {
        for (key, by) in self.due(&draft.tx, before, limit)? {
            draft.sign_as(
                by.map(OperatorId::new)
                    .ok_or(RegisterError::NoSuchOperator)?,
            )?;
            let asked = Asked {
                connection: &draft.tx,
                key: &key,
            };
            let of_operator = (self.words)(&asked)?;
            draft.record(
                None,
                &Said {
                    verb: AuditVerb::RegisterRestated,
                    of_holder: "",
                    of_operator: &of_operator,
                },
            )?;
            draft
                .tx
                .prepare_cached(self.said)?
                .execute(params![key, draft.now.micros()])?;
        }
        Ok(())
    }
}

/// A row by its key.
struct Asked<'a> {
    connection: &'a Connection,
    key: &'a Value,
}

impl Asked<'_> {
    /// What `sql` finds for the key, in order.
    fn all<T>(
        &self,
        sql: &str,
        read: fn(&Row<'_>) -> Result<T, RegisterError>,
    ) -> Result<Vec<T>, RegisterError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.key])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read(row)?);
        }
        Ok(all)
    }

    /// The one that `sql` finds for the key.
    fn one<T>(
        &self,
        sql: &str,
        read: fn(&Row<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        let gone = RegisterError::corrupt("a row that is gone while it is said anew");
        self.all(sql, read)?.into_iter().next().ok_or(gone)
    }

    fn text(&self, sql: &str) -> Result<String, RegisterError> {
        self.one(sql, |row| Ok(row.get(0)?))
    }

    fn door(&self) -> Result<DoorId, RegisterError> {
        let door = self.one("SELECT id FROM door WHERE id = ?1", |row| Ok(row.get(0)?));
        door.map(DoorId::new)
    }
}

const CHARGE: &str =
    "SELECT c.year, c.number, c.tenant, c.kind, c.ore, c.made_at, r.year, r.number, c.exported_at
     FROM charge c LEFT JOIN charge r ON r.id = c.reverses WHERE c.id = ?1";

fn charge_words(row: &Row<'_>) -> Result<String, RegisterError> {
    let (charge, exported_at) = charge::read(row)?;
    let exported = exported_at.map_or_else(|| "-".to_owned(), |at| at.to_string());
    Ok(format!("{} exported={exported}", charge.words()))
}

/// As the records of their making say it.
const KINDS: [Kind; 10] = [
    Kind {
        due: "SELECT id, recorded_by FROM tenant WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |tenant| {
            let words = "SELECT 'tenant=' || id || ' responsible=' || coalesce(responsible, '-')
                 || iif(cards_by_hr, ' cards-by-hr=1', '') FROM tenant WHERE id = ?1";
            let recertified = "SELECT recertified_at FROM tenant WHERE id = ?1";
            let at = tenant.one(recertified, |row| Ok(row.get::<_, Option<i64>>(0)?))?;
            let at = at.map(UtcMicros::from_micros);
            let at = at.map_or_else(String::new, |at| format!(" recertified={at}"));
            let name = tenant.text("SELECT name FROM tenant WHERE id = ?1")?;
            Ok(format!("{}{at} name={name}", tenant.text(words)?))
        },
        subject: Subject::Tenant,
        said: "UPDATE tenant SET recorded_at = ?2 WHERE id = ?1",
    },
    // Who they are is sealed under the register's key; a record has the mark of it.
    Kind {
        due: "SELECT id, recorded_by FROM contact WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |contact| {
            let words = "SELECT 'tenant=' || tenant || ' contact=' || id || ' active=' || active
                     || ' leaves=' || coalesce(leaves_at, '-') FROM contact WHERE id = ?1";
            let person = "SELECT person FROM contact WHERE id = ?1";
            let sealed = contact.one(person, |row| Ok(mark(&row.get::<_, Vec<u8>>(0)?)))?;
            Ok(format!("{} sealed={sealed}", contact.text(words)?))
        },
        subject: Subject::Contact,
        said: "UPDATE contact SET recorded_at = ?2 WHERE id = ?1",
    },
    Kind {
        due: "SELECT id, recorded_by FROM schedule WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |schedule| {
            let row = "SELECT id, name, zone, windows FROM schedule WHERE id = ?1";
            let row = schedule.one(row, schedules::read)?;
            Ok(schedules::words(&row))
        },
        subject: Subject::Schedule,
        said: "UPDATE schedule SET recorded_at = ?2 WHERE id = ?1",
    },
    Kind {
        due: "SELECT day, recorded_by FROM special_day WHERE recorded_at < ?1 ORDER BY day LIMIT ?2",
        words: |day| {
            let row = "SELECT day, kind FROM special_day WHERE day = ?1";
            Ok(special_days::words(day.one(row, special_days::read)?))
        },
        subject: Subject::SpecialDay,
        said: "UPDATE special_day SET recorded_at = ?2 WHERE day = ?1",
    },
    Kind {
        due: "SELECT DISTINCT door, recorded_by FROM door_hours WHERE recorded_at < ?1 ORDER BY door LIMIT ?2",
        words: |door| {
            let rows = "SELECT schedule, mode, after_first_card FROM door_hours WHERE door = ?1 ORDER BY place";
            let hours = door.all(rows, door_modes::read_hours)?;
            Ok(door_modes::hours_words(door.door()?, &hours))
        },
        subject: Subject::DoorHours,
        said: "UPDATE door_hours SET recorded_at = ?2 WHERE door = ?1",
    },
    // Orders whose end is that long ago count no more.
    Kind {
        due: "SELECT door, recorded_by FROM door_order WHERE recorded_at < ?1 AND coalesce(ends_at > ?1, 1)
              ORDER BY door LIMIT ?2",
        words: |door| {
            let row = "SELECT mode, ends_at FROM door_order WHERE door = ?1";
            let order = door.one(row, door_modes::read_order)?;
            Ok(door_modes::order_words(door.door()?, order))
        },
        subject: Subject::DoorOrder,
        said: "UPDATE door_order SET recorded_at = ?2 WHERE door = ?1",
    },
    Kind {
        due: "SELECT door, recorded_by FROM lockdown WHERE recorded_at < ?1 ORDER BY door LIMIT ?2",
        words: |door| Ok(format!("doors={} locked-down=1", door.door()?)),
        subject: Subject::Lockdown,
        said: "UPDATE lockdown SET recorded_at = ?2 WHERE door = ?1",
    },
    // For whom is in no record of the house.
    Kind {
        due: "SELECT id, recorded_by FROM charge WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |charge| charge.one(CHARGE, charge_words),
        subject: Subject::Charge,
        said: "UPDATE charge SET recorded_at = ?2 WHERE id = ?1",
    },
    Kind {
        due: "SELECT id, recorded_by FROM stock WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |card| {
            let id = card.one("SELECT id FROM stock WHERE id = ?1", |row| stock_id(row.get(0)?));
            stock::said(card.connection, id?)
        },
        subject: Subject::Stock,
        said: "UPDATE stock SET recorded_at = ?2 WHERE id = ?1",
    },
    Kind {
        due: "SELECT id, coalesce(signed_by, opened_by) FROM review WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |review| {
            let id = review.one("SELECT id FROM review WHERE id = ?1", |row| Ok(row.get(0)?))?;
            Ok(review::load(review.connection, Some(ReviewId(id)))?.words())
        },
        subject: Subject::Review,
        said: "UPDATE review SET recorded_at = ?2 WHERE id = ?1",
    },
];

#[cfg(test)]
mod tests;
