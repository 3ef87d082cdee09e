//! Door modes: what an operator ordered for a door, and what it does at which hours.

use std::collections::BTreeMap;

use access::{
    DoorId, DoorMode, ModeBySchedule, ModeOrder, ModePlan, OperatorId, ScheduleId, UtcMicros,
};
use rusqlite::{Connection, Row, params};

use crate::audit::{AuditVerb, Change};
use crate::doors;
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::hours_error::HoursError;
use crate::known_schedules;
use crate::mark::listed;
use crate::register::Register;

/// Hours one door may have.
pub const DOOR_HOURS_MAX: usize = 64;

impl Register {
    /// Orders a mode for doors; it beats their hours until its end, or until it is taken back.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchDoor`]; [`RegisterError::Hours`] for an end that has passed.
    pub fn order_mode(
        &mut self,
        doors: &[DoorId],
        order: ModeOrder,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let ordered = self.change(by, now, |draft| {
            doors::must_exist(&draft.tx, doors)?;
            if order.until.is_some_and(|until| until <= now) {
                return Err(HoursError::OrderEnded.into());
            }
            doors
                .iter()
                .try_for_each(|door| order_one(draft, *door, order))
        });
        ordered.map(|((), change)| change)
    }

    /// Takes orders back: the doors do what their hours and their configuration say.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchDoor`]; [`RegisterError::Hours`] if nothing was ordered for any of them, or its end has passed.
    pub fn end_mode(
        &mut self,
        doors: &[DoorId],
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let ended = self.change(by, now, |draft| {
            doors::must_exist(&draft.tx, doors)?;
            let mut gone = 0;
            for door in doors {
                gone += end_one(draft, *door, now)?;
            }
            if gone == 0 {
                return Err(HoursError::NoOrder.into());
            }
            Ok(())
        });
        ended.map(|((), change)| change)
    }

    /// Says what doors do at which hours, in place of all that was said before. No hours at all leave a door to its
    /// configuration.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchDoor`]; [`RegisterError::Hours`] for a schedule that is not there, or too many hours.
    pub fn set_door_hours(
        &mut self,
        doors: &[DoorId],
        hours: &[ModeBySchedule],
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let set = self.change(by, now, |draft| {
            doors::must_exist(&draft.tx, doors)?;
            for door in doors {
                replace_hours(draft, *door, hours)?;
                draft.tell_hours(AuditVerb::DoorHoursSet, &hours_words(*door, hours))?;
            }
            Ok(())
        });
        set.map(|((), change)| change)
    }

    /// What every door does that does not only what its configuration says, by door. An order whose end has passed is still
    /// there; it counts no more.
    ///
    /// # Errors
    /// What SQLite says; [`StorageError::Corrupt`](crate::StorageError) for a mode that is none.
    pub fn mode_plans(&self) -> Result<Vec<(DoorId, ModePlan)>, RegisterError> {
        plans(&self.connection)
    }
}

fn order_one(draft: &mut Draft<'_>, door: DoorId, order: ModeOrder) -> Result<(), RegisterError> {
    draft.tx.execute(
        "INSERT INTO door_order (door, mode, ends_at, recorded_at, recorded_by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (door) DO UPDATE SET mode = ?2, ends_at = ?3, recorded_at = ?4, recorded_by = ?5",
        params![
            door.get(),
            order.mode.as_str(),
            order.until.map(UtcMicros::micros),
            draft.now.micros(),
            draft.operator()?.get()
        ],
    )?;
    draft.tell_hours(AuditVerb::DoorModeSet, &order_words(door, order))
}

/// Takes an order back; says how many there were.
fn end_one(draft: &mut Draft<'_>, door: DoorId, now: UtcMicros) -> Result<usize, RegisterError> {
    let gone = draft.tx.execute(
        "DELETE FROM door_order WHERE door = ?1 AND coalesce(ends_at > ?2, 1)",
        params![door.get(), now.micros()],
    )?;
    if gone > 0 {
        draft.tell_hours(AuditVerb::DoorModeEnded, &format!("door={door}"))?;
    }
    Ok(gone)
}

/// What every door does that does not only what its configuration says, by door.
pub(crate) fn plans(connection: &Connection) -> Result<Vec<(DoorId, ModePlan)>, RegisterError> {
    let mut plans: BTreeMap<DoorId, ModePlan> = BTreeMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT schedule, mode, after_first_card, door FROM door_hours ORDER BY door, place",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let plan = plans.entry(DoorId::new(row.get(3)?)).or_default();
        plan.by_schedule.push(read_hours(row)?);
    }
    let mut statement = connection.prepare_cached("SELECT mode, ends_at, door FROM door_order")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let plan = plans.entry(DoorId::new(row.get(2)?)).or_default();
        plan.order = Some(read_order(row)?);
    }
    Ok(plans.into_iter().collect())
}

/// Hours from the columns schedule, mode, `after_first_card`.
pub(crate) fn read_hours(row: &Row<'_>) -> Result<ModeBySchedule, RegisterError> {
    Ok(ModeBySchedule {
        schedule: ScheduleId::new(row.get(0)?),
        mode: mode(row, 1)?,
        after_first_card: row.get(2)?,
    })
}

/// An order from the columns mode, `ends_at`.
pub(crate) fn read_order(row: &Row<'_>) -> Result<ModeOrder, RegisterError> {
    Ok(ModeOrder {
        mode: mode(row, 0)?,
        until: row.get::<_, Option<i64>>(1)?.map(UtcMicros::from_micros),
    })
}

/// What a record says of a door's hours.
pub(crate) fn hours_words(door: DoorId, hours: &[ModeBySchedule]) -> String {
    let words: Vec<String> = hours.iter().map(word).collect();
    format!("door={door} hours={}", listed(words.len(), words.join(",")))
}

/// What a record says of an order.
pub(crate) fn order_words(door: DoorId, order: ModeOrder) -> String {
    let until = order
        .until
        .map_or_else(|| "-".to_owned(), |until| until.to_string());
    format!("door={door} mode={} until={until}", order.mode.as_str())
}

fn replace_hours(
    draft: &Draft<'_>,
    door: DoorId,
    hours: &[ModeBySchedule],
) -> Result<(), RegisterError> {
    if hours.len() > DOOR_HOURS_MAX {
        let (found, max) = (hours.len(), DOOR_HOURS_MAX);
        return Err(HoursError::TooManyHours { found, max }.into());
    }
    draft
        .tx
        .execute("DELETE FROM door_hours WHERE door = ?1", [door.get()])?;
    let mut statement = draft.tx.prepare_cached(
        "INSERT INTO door_hours (door, place, schedule, mode, after_first_card, recorded_at, recorded_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (place, by) in (0_u32..).zip(hours) {
        known_schedules::must_exist(&draft.tx, by.schedule)?;
        statement.execute(params![
            door.get(),
            place,
            by.schedule.get(),
            by.mode.as_str(),
            by.after_first_card,
            draft.now.micros(),
            draft.operator()?.get()
        ])?;
    }
    Ok(())
}

fn mode(row: &Row<'_>, at: usize) -> Result<DoorMode, RegisterError> {
    let name = row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?;
    DoorMode::from_name(name).ok_or(RegisterError::corrupt("an unknown mode of a door"))
}

/// Hours as a word of a record: `3:unlocked`, with a `+` where a card must come first.
fn word(by: &ModeBySchedule) -> String {
    let first = if by.after_first_card { "+" } else { "" };
    format!("{}:{}{first}", by.schedule, by.mode.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    fn order(mode: DoorMode, until: Option<i64>) -> ModeOrder {
        ModeOrder {
            mode,
            until: until.map(at),
        }
    }

    #[test]
    fn an_order_stands_until_its_end_or_until_it_is_taken_back() {
        let mut house = House::settled();
        let (door, by) = (house.doors[0], house.operator);
        let register = &mut house.register;
        let unlocked = order(DoorMode::Unlocked, Some(60));
        let change = register.order_mode(&[door], unlocked, by, at(1)).unwrap();
        assert!(change.new_hours);
        assert_eq!(
            change.records[0].1.operator_text,
            "door=1 mode=unlocked until=2026-11-22T12:01:00.000000Z"
        );
        let locked = order(DoorMode::Locked, None);
        drop(register.order_mode(&[door], locked, by, at(2)).unwrap());
        let plans = register.mode_plans().unwrap();
        assert_eq!(plans[0].1.order, Some(locked));
        drop(register.end_mode(&[door], by, at(3)).unwrap());
        assert_eq!(register.mode_plans().unwrap(), []);
        drop(register.order_mode(&[door], unlocked, by, at(4)).unwrap());
        for refused in [
            register.end_mode(&[door], by, at(60)).unwrap_err(),
            register.end_mode(&[house.doors[1]], by, at(5)).unwrap_err(),
        ] {
            assert!(matches!(refused, RegisterError::Hours(HoursError::NoOrder)));
        }
    }

    #[test]
    fn what_cannot_be_ordered_is_refused() {
        let mut house = House::settled();
        let (door, by) = (house.doors[0], house.operator);
        let ended = order(DoorMode::Unlocked, Some(5));
        let refused = house.register.order_mode(&[door], ended, by, at(5));
        assert_eq!(
            refused.unwrap_err().to_string(),
            "the end of the order has passed"
        );
        let nowhere = DoorId::new(99);
        let refused = house
            .register
            .order_mode(&[nowhere], order(DoorMode::Card, None), by, at(5));
        assert!(matches!(refused.unwrap_err(), RegisterError::NoSuchDoor));
        let hours = [ModeBySchedule {
            schedule: ScheduleId::new(7),
            mode: DoorMode::Unlocked,
            after_first_card: false,
        }];
        let refused = house.register.set_door_hours(&[door], &hours, by, at(5));
        assert_eq!(refused.unwrap_err().to_string(), "no such schedule");
        let many = [hours[0]; DOOR_HOURS_MAX + 1];
        let refused = house.register.set_door_hours(&[door], &many, by, at(5));
        assert_eq!(
            refused.unwrap_err().to_string(),
            "65 hours for one door, at most 64"
        );
        assert_eq!(house.register.mode_plans().unwrap(), []);
    }

    #[test]
    fn the_hours_of_a_door_are_replaced_whole_and_keep_their_schedule() {
        let mut house = House::settled();
        let (door, by) = (house.doors[1], house.operator);
        let schedule = house.schedule("office");
        let register = &mut house.register;
        let hours = [DoorMode::Unlocked, DoorMode::CardAndPin].map(|mode| ModeBySchedule {
            schedule,
            mode,
            after_first_card: mode == DoorMode::Unlocked,
        });
        let change = register.set_door_hours(&[door], &hours, by, at(2)).unwrap();
        assert_eq!(
            change.records[0].1.operator_text,
            "door=2 hours=1:unlocked+,1:card+pin"
        );
        let plans = register.mode_plans().unwrap();
        assert_eq!(
            (plans[0].0, plans[0].1.by_schedule.as_slice()),
            (door, &hours[..])
        );
        let refused = register.remove_schedule("office", by, at(3)).unwrap_err();
        assert!(matches!(
            refused,
            RegisterError::Hours(HoursError::ScheduleInUse {
                rights: 0,
                doors: 1
            })
        ));
        drop(register.set_door_hours(&[door], &[], by, at(4)).unwrap());
        assert_eq!(register.mode_plans().unwrap(), []);
        drop(register.remove_schedule("office", by, at(5)).unwrap());
    }
}
