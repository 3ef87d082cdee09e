//! Schedules: at which hours rights and modes hold. Kept as text, checked before it is written.

use access::schedule::{TimetableBuilder, Window, is_within};
use access::{OperatorId, ScheduleId, UtcMicros};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::audit::{AuditVerb, Change};
use crate::counter::counted;
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::hours_error::{HoursError, SCHEDULE_NAME_MAX};
use crate::mark::listed;
use crate::register::Register;

/// A schedule as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSchedule {
    /// What it is called, as doors are: letters, digits, `-`, `_`, `.`.
    pub name: String,
    /// Whose clocks count, by IANA's name.
    pub zone: String,
    /// Its windows, one a text, as in `mon-fri 08:00-16:00`.
    pub windows: Vec<String>,
}

/// A schedule as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRow {
    /// The number; given once and never again.
    pub id: ScheduleId,
    /// What it is called.
    pub name: String,
    /// Whose clocks count.
    pub zone: String,
    /// When it holds.
    pub windows: Vec<Window>,
}

impl Register {
    /// Makes a schedule, or puts this in place of the whole of what has the name already.
    ///
    /// # Errors
    /// [`RegisterError::Hours`] for a name, a zone or windows that no schedule may have; [`RegisterError::NumbersExhausted`].
    pub fn set_schedule(
        &mut self,
        new: &NewSchedule,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(ScheduleId, Change), RegisterError> {
        let windows = checked(new)?;
        self.change(by, now, |draft| {
            let id = match id_of(&draft.tx, &new.name)? {
                Some(known) => known,
                None => fresh_id(draft)?,
            };
            draft.tx.execute(
                "INSERT INTO schedule (id, name, zone, windows, recorded_at, recorded_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (id) DO UPDATE SET zone = ?3, windows = ?4, recorded_at = ?5, recorded_by = ?6",
                params![
                    id.get(),
                    new.name,
                    new.zone,
                    joined(&windows),
                    now.micros(),
                    draft.operator()?.get()
                ],
            )?;
            let row = ScheduleRow {
                id,
                name: new.name.clone(),
                zone: new.zone.clone(),
                windows,
            };
            draft.tell_hours(AuditVerb::ScheduleSet, &words(&row))?;
            Ok(id)
        })
    }

    /// Whether to set a schedule only takes away: it holds at fewer minutes than the one of its name does now, and no door's mode is
    /// by it, which might open further without.
    ///
    /// # Errors
    /// As [`Register::set_schedule`].
    pub fn narrows(&self, new: &NewSchedule) -> Result<bool, RegisterError> {
        let windows = checked(new)?;
        let known = rows(&self.connection)?;
        let Some(known) = known.into_iter().find(|row| row.name == new.name) else {
            return Ok(false);
        };
        let mut of_doors = self
            .connection
            .prepare_cached("SELECT 1 FROM door_hours WHERE schedule = ?1")?;
        Ok(known.zone == new.zone
            && is_within(&windows, &known.windows)
            && !of_doors.exists([known.id.get()])?)
    }

    /// Takes a schedule away, and with it the rights at its hours of issuances that were returned: those come to no door again,
    /// and the record of the return names them.
    ///
    /// # Errors
    /// [`RegisterError::Hours`] if there is none of that name, or while a live right or a door's hours use it.
    pub fn remove_schedule(
        &mut self,
        name: &str,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let removed = self.change(by, now, |draft| {
            let id = named(&draft.tx, name)?;
            draft.tx.execute(
                "DELETE FROM place_right WHERE at_hours = ?1
                 AND issuance IN (SELECT id FROM issuance WHERE state = 'returned')",
                [id.get()],
            )?;
            let rights = count(
                &draft.tx,
                "SELECT count(*) FROM place_right WHERE at_hours = ?1",
                id,
            )?;
            let doors = count(
                &draft.tx,
                "SELECT count(DISTINCT door) FROM door_hours WHERE schedule = ?1",
                id,
            )?;
            if rights + doors > 0 {
                return Err(HoursError::ScheduleInUse { rights, doors }.into());
            }
            draft
                .tx
                .execute("DELETE FROM schedule WHERE id = ?1", [id.get()])?;
            let of_operator = format!("schedule={id} name={name}");
            draft.tell_hours(AuditVerb::ScheduleRemoved, &of_operator)
        });
        removed.map(|((), change)| change)
    }

    /// Every schedule, by name.
    ///
    /// # Errors
    /// What SQLite says; [`StorageError::Corrupt`](crate::StorageError) if a stored text is no schedule.
    pub fn schedules(&self) -> Result<Vec<ScheduleRow>, RegisterError> {
        rows(&self.connection)
    }

    /// The number of the schedule of this name.
    ///
    /// # Errors
    /// [`RegisterError::Hours`] if there is none.
    pub fn schedule(&self, name: &str) -> Result<ScheduleId, RegisterError> {
        named(&self.connection, name)
    }
}

/// Every schedule, by name.
pub(crate) fn rows(connection: &Connection) -> Result<Vec<ScheduleRow>, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT id, name, zone, windows FROM schedule ORDER BY name")?;
    let mut rows = statement.query([])?;
    let mut schedules = Vec::new();
    while let Some(row) = rows.next()? {
        schedules.push(read(row)?);
    }
    Ok(schedules)
}

/// What a record says of a schedule.
pub(crate) fn words(row: &ScheduleRow) -> String {
    let windows = listed(row.windows.len(), joined(&row.windows));
    format!(
        "schedule={} name={} zone={} windows={windows}",
        row.id, row.name, row.zone
    )
}

/// A schedule from the columns id, name, zone, windows.
pub(crate) fn read(row: &Row<'_>) -> Result<ScheduleRow, RegisterError> {
    let text = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
    let windows = text.split(BETWEEN).map(str::parse);
    let windows = windows.collect::<Result<_, _>>();
    Ok(ScheduleRow {
        id: ScheduleId::new(row.get(0)?),
        name: row.get(1)?,
        zone: row.get(2)?,
        windows: windows.map_err(|_| RegisterError::corrupt("a schedule that is none"))?,
    })
}

/// The windows of a schedule that may be.
fn checked(new: &NewSchedule) -> Result<Vec<Window>, HoursError> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let length = new.name.chars().count();
    if !(1..=SCHEDULE_NAME_MAX).contains(&length) || !new.name.chars().all(is_plain) {
        return Err(HoursError::Name);
    }
    let windows = new.windows.iter().map(|window| window.parse());
    let windows: Vec<Window> = windows.collect::<Result<_, _>>()?;
    // Asked of the one who will have to hold by it.
    TimetableBuilder::default().add(ScheduleId::new(1), &new.zone, &windows)?;
    Ok(windows)
}

fn joined(windows: &[Window]) -> String {
    let texts: Vec<String> = windows.iter().map(Window::to_string).collect();
    texts.join(BETWEEN)
}

fn named(connection: &Connection, name: &str) -> Result<ScheduleId, RegisterError> {
    id_of(connection, name)?.ok_or_else(|| HoursError::NoSuchSchedule.into())
}

fn id_of(connection: &Connection, name: &str) -> Result<Option<ScheduleId>, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT id FROM schedule WHERE name = ?1")?;
    let id: Option<u16> = statement.query_row([name], |row| row.get(0)).optional()?;
    Ok(id.map(ScheduleId::new))
}

fn fresh_id(draft: &Draft<'_>) -> Result<ScheduleId, RegisterError> {
    let what = "schedule";
    let id = u16::try_from(draft.number(what)?);
    id.map(ScheduleId::new)
        .map_err(|_| RegisterError::NumbersExhausted { what })
}

fn count(connection: &Connection, sql: &str, id: ScheduleId) -> Result<u64, RegisterError> {
    counted(connection.query_row(sql, [id.get()], |row| row.get(0))?)
}

/// Stands between two windows.
const BETWEEN: &str = "; ";

#[cfg(test)]
mod tests {
    use access::{DoorMode, ModeBySchedule};

    use super::*;
    use crate::fixture::{House, at, text};

    fn office(windows: &[&str]) -> NewSchedule {
        NewSchedule {
            name: "office".to_owned(),
            zone: "Europe/Oslo".to_owned(),
            windows: windows.iter().map(|window| (*window).to_owned()).collect(),
        }
    }

    #[test]
    fn a_schedule_is_kept_as_it_is_written_and_replaced_whole() {
        let mut house = House::settled();
        let by = house.operator;
        let first = office(&["mon-fri 08:00-16:00", "sat 10:00-14:00"]);
        let (id, change) = house.register.set_schedule(&first, by, at(1)).unwrap();
        assert!(change.new_hours && change.allowlist.is_empty());
        assert_eq!(
            change.records[0].1.operator_text,
            "schedule=1 name=office zone=Europe/Oslo windows=mon-fri 08:00-16:00; sat 10:00-14:00"
        );
        let second = office(&["daily 22:00-06:00+1"]);
        let (again, later) = house.register.set_schedule(&second, by, at(2)).unwrap();
        assert_eq!((again, later.generation), (id, change.generation.next()));
        let rows = house.register.schedules().unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].windows[0].to_string(), "daily 22:00-06:00+1");
        assert_eq!(house.register.schedule("office").unwrap(), id);
    }

    #[test]
    fn a_schedule_is_narrower_only_within_the_one_before_and_where_no_door_goes_by_it() {
        let mut house = House::settled();
        let (by, door) = (house.operator, house.doors[0]);
        let wide = office(&["mon-fri 08:00-16:00", "sat 10:00-14:00"]);
        assert!(!house.register.narrows(&wide).unwrap(), "there is none yet");
        drop(house.register.set_schedule(&wide, by, at(1)).unwrap());
        let utc = NewSchedule {
            zone: "UTC".to_owned(),
            ..office(&["mon 09:00-10:00"])
        };
        for (new, is) in [
            (office(&["mon 09:00-10:00", "sat 10:00-14:00"]), true),
            (wide.clone(), true),
            (office(&["mon 07:59-10:00"]), false),
            (office(&["sun 10:00-11:00"]), false),
            (office(&["mon 09:00-10:00", "holiday 09:00-10:00"]), false),
            (utc, false),
        ] {
            assert_eq!(house.register.narrows(&new).unwrap(), is, "{new:?}");
        }
        let id = house.register.schedule("office").unwrap();
        let hours = [ModeBySchedule {
            schedule: id,
            mode: DoorMode::Locked,
            after_first_card: false,
        }];
        let doors = house.register.set_door_hours(&[door], &hours, by, at(2));
        drop(doors.unwrap());
        let less = office(&["mon 09:00-10:00"]);
        assert!(
            !house.register.narrows(&less).unwrap(),
            "a door locked less"
        );
    }

    #[test]
    fn what_no_schedule_may_be_is_refused_before_anything_is_written() {
        let mut house = House::settled();
        let by = house.operator;
        let good = office(&["mon 08:00-16:00"]);
        let elsewhere = NewSchedule {
            zone: "Europe/Olso".to_owned(),
            ..good.clone()
        };
        let nameless = NewSchedule {
            name: "office@home".to_owned(),
            ..good.clone()
        };
        for (new, says) in [
            (office(&[]), "a schedule without windows would never hold"),
            (office(&["mon 8-16"]), "\"mon 8-16\" is no window"),
            (
                office(&["mon 08:00-10:00", "mon 09:00-11:00"]),
                "the windows 08:00-10:00 and",
            ),
            (
                office(&["mon 16:00-08:00"]),
                "the window 16:00-08:00 ends before",
            ),
            (elsewhere, "\"Europe/Olso\" is no time zone"),
            (nameless, "a schedule's name is 1 to 48 letters"),
        ] {
            let refusal = house.register.set_schedule(&new, by, at(1)).unwrap_err();
            assert!(refusal.to_string().starts_with(says), "{refusal}");
        }
        assert_eq!(house.register.schedules().unwrap(), []);
        assert_eq!(house.register.outbox_pending(9).unwrap(), []);
    }

    #[test]
    fn rights_of_a_card_that_was_returned_keep_no_schedule() {
        let mut house = House::settled();
        let by = house.operator;
        let schedule = Some(house.schedule("office"));
        let store = crate::PlaceRight::on(house.doors[2]);
        let at_hours = crate::PlaceRight { schedule, ..store };
        let reason = text("office hours");
        let [gone, there] = [("Kari", 7), ("Per", 8)].map(|(name, card)| {
            let id = house.active_supplier(name, card);
            let granted = house.register.grant(id, (&[at_hours], &reason), by, at(3));
            drop(granted.unwrap());
            id
        });
        let returned = house.register.return_card(gone, true, by, at(4));
        let told = returned.unwrap().records[0].1.operator_text.clone();
        assert!(told.contains("rights=1,2,3#1 "), "{told}");
        let in_use = HoursError::ScheduleInUse {
            rights: 1,
            doors: 0,
        };
        let refused = house.register.remove_schedule("office", by, at(5));
        assert_eq!(refused.unwrap_err().to_string(), in_use.to_string());
        assert_eq!(house.register.rights(gone).unwrap().len(), 3);
        let asked = (store.place, &reason);
        drop(house.register.revoke(there, asked, by, at(6)).unwrap());
        drop(house.register.remove_schedule("office", by, at(7)).unwrap());
        assert_eq!(house.register.rights(gone).unwrap().len(), 2);
        house.settle();
        drop(house.register.finish_return(gone, at(8)).unwrap());
        house.register.check().unwrap();
    }

    #[test]
    fn a_number_is_never_given_to_another_schedule() {
        let mut house = House::settled();
        let by = house.operator;
        let new = office(&["mon 08:00-16:00"]);
        let (first, _) = house.register.set_schedule(&new, by, at(1)).unwrap();
        let change = house.register.remove_schedule("office", by, at(2)).unwrap();
        assert!(change.new_hours);
        let again = house.register.remove_schedule("office", by, at(2));
        assert!(matches!(
            again.unwrap_err(),
            RegisterError::Hours(HoursError::NoSuchSchedule)
        ));
        let (second, _) = house.register.set_schedule(&new, by, at(3)).unwrap();
        assert_ne!(first, second);
    }
}
