//! House: restating what is no person's: tenants and their contacts, schedules, special days, what doors are to do.

use std::time::Duration;

use access::{DoorId, OperatorId, UtcMicros};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};

use crate::audit::AuditVerb;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::plastic::Plastic;
use crate::{charge, door_modes, schedules, special_days};

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

/// What every row would say if it were said anew at this time.
pub(super) fn words(connection: &Connection, now: UtcMicros) -> Result<Vec<String>, RegisterError> {
    let before = now.saturating_add(Duration::from_micros(1));
    let mut all = Vec::new();
    for kind in &KINDS {
        for (key, _) in kind.due(connection, before, u32::MAX)? {
            let key = &key;
            all.push((kind.words)(&Asked { connection, key })?);
        }
    }
    Ok(all)
}

/// One kind of rows, each with a key.
struct Kind {
    /// Keys, and in whose name each was said last: of those said before `?1`, at most `?2`.
    due: &'static str,
    /// What the record says of the row with the key `?1`.
    words: fn(&Asked<'_>) -> Result<String, RegisterError>,
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
    ) -> Result<Vec<(Value, u16)>, RegisterError> {
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
            draft.sign_as(OperatorId::new(by))?;
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
const KINDS: [Kind; 9] = [
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
        said: "UPDATE tenant SET recorded_at = ?2 WHERE id = ?1",
    },
    // Who they are is sealed under the register's key, and in no record.
    Kind {
        due: "SELECT id, recorded_by FROM contact WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |contact| {
            contact.text(
                "SELECT 'tenant=' || tenant || ' contact=' || id || ' active=' || active
                     || coalesce(' leaves=' || leaves_at, '') FROM contact WHERE id = ?1",
            )
        },
        said: "UPDATE contact SET recorded_at = ?2 WHERE id = ?1",
    },
    Kind {
        due: "SELECT id, recorded_by FROM schedule WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |schedule| {
            let row = "SELECT id, name, zone, windows FROM schedule WHERE id = ?1";
            let row = schedule.one(row, schedules::read)?;
            Ok(schedules::words(&row))
        },
        said: "UPDATE schedule SET recorded_at = ?2 WHERE id = ?1",
    },
    Kind {
        due: "SELECT day, recorded_by FROM special_day WHERE recorded_at < ?1 ORDER BY day LIMIT ?2",
        words: |day| {
            let row = "SELECT day, kind FROM special_day WHERE day = ?1";
            Ok(special_days::words(day.one(row, special_days::read)?))
        },
        said: "UPDATE special_day SET recorded_at = ?2 WHERE day = ?1",
    },
    Kind {
        due: "SELECT DISTINCT door, recorded_by FROM door_hours WHERE recorded_at < ?1 ORDER BY door LIMIT ?2",
        words: |door| {
            let rows = "SELECT schedule, mode, after_first_card FROM door_hours WHERE door = ?1 ORDER BY place";
            let hours = door.all(rows, door_modes::read_hours)?;
            Ok(door_modes::hours_words(door.door()?, &hours))
        },
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
        said: "UPDATE door_order SET recorded_at = ?2 WHERE door = ?1",
    },
    Kind {
        due: "SELECT door, recorded_by FROM lockdown WHERE recorded_at < ?1 ORDER BY door LIMIT ?2",
        words: |door| Ok(format!("doors={} locked-down=1", door.door()?)),
        said: "UPDATE lockdown SET recorded_at = ?2 WHERE door = ?1",
    },
    // For whom is in no record of the house.
    Kind {
        due: "SELECT id, recorded_by FROM charge WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |charge| charge.one(CHARGE, charge_words),
        said: "UPDATE charge SET recorded_at = ?2 WHERE id = ?1",
    },
    Kind {
        due: "SELECT id, recorded_by FROM stock WHERE recorded_at < ?1 ORDER BY id LIMIT ?2",
        words: |card| {
            let row = "SELECT id, tag, blocked_by, is_lost FROM stock WHERE id = ?1";
            Ok(card.one(row, Plastic::read)?.words())
        },
        said: "UPDATE stock SET recorded_at = ?2 WHERE id = ?1",
    },
];

#[cfg(test)]
mod tests {
    use access::schedule::{SpecialDay, SpecialKind};
    use access::{DoorMode, ModeBySchedule, ModeOrder};

    use super::*;
    use crate::NewPin;
    use crate::fixture::{House, at, text};

    /// One of everything, said by a second operator.
    fn furnished() -> (House, OperatorId) {
        let mut house = House::settled();
        let second = crate::NewOperator {
            user: "per".into(),
            uid: 1002,
            roles: crate::Roles::new(&[access::role::Role::Technician], None).unwrap(),
            trained_until: None,
        };
        let (by, _) = house
            .register
            .add_operator(&second, Some(house.operator), at(1))
            .unwrap();
        let (doors, schedule) = (house.doors.clone(), house.schedule("office"));
        let register = &mut house.register;
        let (tenant, _) = register.add_tenant(&text("Staten"), by, at(1)).unwrap();
        let left = house.contact.contact;
        drop(register.contact_left(left, by, at(1)).unwrap());
        let day = SpecialDay {
            when: "12-25".parse().unwrap(),
            kind: SpecialKind::new(1).unwrap(),
        };
        drop(register.set_special_day(day, by, at(1)).unwrap());
        let hours = ModeBySchedule {
            schedule,
            mode: DoorMode::Unlocked,
            after_first_card: true,
        };
        drop(
            register
                .set_door_hours(&doors[..1], &[hours; 2], by, at(1))
                .unwrap(),
        );
        for (door, until) in [(1, None), (2, Some(at(2)))] {
            let order = ModeOrder {
                mode: DoorMode::Locked,
                until,
            };
            drop(
                register
                    .order_mode(&doors[door..=door], order, by, at(1))
                    .unwrap(),
            );
        }
        drop(register.lock_down(&doors[2..], by, at(1)).unwrap());
        assert_eq!(tenant, crate::TenantId(2));
        house.settle();
        (house, by)
    }

    /// What is said anew of the house, apart from operators.
    fn said(house: &mut House, before: i64, limit: u32, now: i64) -> Vec<(OperatorId, String)> {
        let change = house.register.restate(at(before), limit, at(now)).unwrap();
        assert!(!change.new_hours && change.allowlist.is_empty());
        let of_house = change.records.into_iter().map(|(_, audit)| audit);
        of_house
            .filter(|audit| audit.holder.is_none() && !audit.operator_text.contains("roles="))
            .inspect(|audit| assert_eq!(audit.verb, AuditVerb::RegisterRestated))
            .map(|audit| (audit.operator, audit.operator_text))
            .collect()
    }

    #[test]
    fn what_is_no_persons_is_said_anew_once_in_the_name_of_who_said_it_last() {
        let (mut house, by) = furnished();
        let first = house.operator;
        let all = said(&mut house, 3, 10, 9);
        let words: Vec<(OperatorId, &str)> =
            all.iter().map(|(by, said)| (*by, said.as_str())).collect();
        assert_eq!(
            words,
            [
                (by, "tenant=1 responsible=- name=Kommunen"),
                (by, "tenant=2 responsible=- name=Staten"),
                (by, "tenant=1 contact=1 active=0"),
                (
                    first,
                    "schedule=1 name=office zone=Europe/Oslo windows=mon-fri 08:00-16:00"
                ),
                (by, "day=12-25 kind=holiday"),
                (by, "door=1 hours=1:unlocked+,1:unlocked+"),
                (by, "door=2 mode=locked until=-"),
                (by, "doors=3 locked-down=1"),
            ]
        );
        assert_eq!(said(&mut house, 3, 10, 10), []);
        assert_eq!(said(&mut house, 10, 10, 11).len(), all.len());
    }

    #[test]
    fn a_page_at_a_time_comes_to_an_end() {
        let (mut house, _) = furnished();
        let page = |house: &mut House| said(house, 3, 1, 9).len();
        let pages = [page(&mut house), page(&mut house), page(&mut house)];
        assert_eq!(pages, [7, 1, 0], "there are two tenants");
    }

    #[test]
    fn what_was_said_again_meanwhile_is_not_due() {
        let (mut house, by) = furnished();
        let doors = house.doors.clone();
        drop(house.register.lock_down(&doors[2..], by, at(4)).unwrap());
        house.settle();
        let all = said(&mut house, 1, 10, 9);
        assert_eq!(all, [], "the tenant's contact left since");
        let all = said(&mut house, 4, 10, 9);
        assert!(!all.iter().any(|(_, said)| said.contains("locked-down")));
    }

    #[test]
    fn a_pin_is_told_to_be_there_and_no_more() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 7);
        let pin = NewPin {
            digits: access::PinDigits::chosen("159268").unwrap(),
            duress: None,
        };
        let by = house.operator;
        let (number, _) = house.register.set_pin(id, &pin, by, at(3)).unwrap();
        house.settle();
        let change = house.register.restate(at(4), 10, at(5)).unwrap();
        let told = change.records.iter().find(|(_, it)| it.holder.is_some());
        let told = &told.unwrap().1;
        assert!(told.holder_text.contains(" pin=1 duress=0 "));
        let told = told.holder_text.clone() + &told.operator_text;
        assert!(!told.contains("159268") && !told.contains(&number.to_string()));
    }
}
