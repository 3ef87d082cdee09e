//! Lockdown: doors that no card opens until they are released; kept, so that a restart releases none.

use access::{DoorId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::doors;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::hours_error::HoursError;
use crate::register::Register;

impl Register {
    /// Locks doors down; those that are already stay so.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchDoor`]; [`RegisterError::Hours`] for no doors at all.
    pub fn lock_down(
        &mut self,
        doors: &[DoorId],
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let locked = self.change(by, now, |draft| {
            with_each(draft, doors, |draft, door| {
                draft.tx.execute(
                    "INSERT INTO lockdown (door, recorded_at, recorded_by) VALUES (?1, ?2, ?3)
                     ON CONFLICT (door) DO UPDATE SET recorded_at = ?2, recorded_by = ?3",
                    params![door.get(), draft.now.micros(), draft.operator()?.get()],
                )?;
                Ok(())
            })?;
            tell(draft, AuditVerb::DoorsLockedDown, doors)
        });
        locked.map(|((), change)| change)
    }

    /// Releases doors from a lockdown; those that were in none stay so.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchDoor`]; [`RegisterError::Hours`] for no doors at all.
    pub fn release(
        &mut self,
        doors: &[DoorId],
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let released = self.change(by, now, |draft| {
            with_each(draft, doors, |draft, door| {
                let release = "DELETE FROM lockdown WHERE door = ?1";
                draft.tx.execute(release, [door.get()])?;
                Ok(())
            })?;
            tell(draft, AuditVerb::DoorsReleased, doors)
        });
        released.map(|((), change)| change)
    }

    /// The doors that are locked down, ascending; for the site at every start.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn locked_down(&self) -> Result<Vec<DoorId>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT door FROM lockdown ORDER BY door")?;
        let doors = statement.query_map([], |row| Ok(DoorId::new(row.get(0)?)))?;
        Ok(doors.collect::<Result<_, _>>()?)
    }
}

fn with_each(
    draft: &Draft<'_>,
    doors: &[DoorId],
    each: fn(&Draft<'_>, DoorId) -> Result<(), RegisterError>,
) -> Result<(), RegisterError> {
    if doors.is_empty() {
        return Err(HoursError::NoDoors.into());
    }
    doors::must_exist(&draft.tx, doors)?;
    doors.iter().try_for_each(|door| each(draft, *door))
}

/// As many records as it takes to name every door.
fn tell(draft: &mut Draft<'_>, verb: AuditVerb, doors: &[DoorId]) -> Result<(), RegisterError> {
    for doors in doors.chunks(DOORS_A_RECORD) {
        let numbers: Vec<String> = doors.iter().map(DoorId::to_string).collect();
        let of_operator = format!("doors={}", numbers.join(","));
        draft.record(
            None,
            &Said {
                verb,
                of_holder: "",
                of_operator: &of_operator,
            },
        )?;
    }
    Ok(())
}

/// So many numbers fit one record.
const DOORS_A_RECORD: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::AUDIT_TEXT_MAX;
    use crate::fixture::{House, at};

    #[test]
    fn a_lockdown_survives_a_restart_and_ends_only_by_release() {
        let mut house = House::settled();
        let (doors, by) = (house.doors.clone(), house.operator);
        let change = house.register.lock_down(&doors[..2], by, at(1)).unwrap();
        assert!(!change.new_hours && change.allowlist.is_empty());
        assert_eq!(change.records[0].1.operator_text, "doors=1,2");
        let mut house = house.restart();
        assert_eq!(house.register.locked_down().unwrap(), doors[..2]);
        drop(house.register.lock_down(&doors[1..], by, at(2)).unwrap());
        drop(house.register.release(&doors[..1], by, at(3)).unwrap());
        let house = house.restart();
        assert_eq!(house.register.locked_down().unwrap(), doors[1..]);
    }

    #[test]
    fn a_lockdown_of_no_door_or_of_one_that_is_not_there_is_refused() {
        let mut house = House::settled();
        let (doors, by) = (house.doors.clone(), house.operator);
        let refused = house.register.lock_down(&[], by, at(1)).unwrap_err();
        assert_eq!(refused.to_string(), "at least one door is needed");
        let nowhere = [doors[0], DoorId::new(99)];
        let refused = house.register.lock_down(&nowhere, by, at(1)).unwrap_err();
        assert!(matches!(refused, RegisterError::NoSuchDoor));
        assert_eq!(house.register.locked_down().unwrap(), []);
    }

    #[test]
    fn the_longest_record_names_every_door() {
        assert!("doors=".len() + DOORS_A_RECORD * "65535,".len() <= AUDIT_TEXT_MAX);
    }
}
