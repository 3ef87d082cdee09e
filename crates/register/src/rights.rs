//! Rights: what an issuance may open, from when until when, at which hours, and on what grounds (M22, M23).

use std::fmt::Write as _;

use access::{DoorId, GroupId, IssuanceId, Place, Right, ScheduleId, UtcMicros, Validity};
use rusqlite::{Connection, Row, params};

use crate::doors;
use crate::error::RegisterError;
use crate::known_schedules;
use crate::mark::listed;
use crate::right_error::RightError;

/// One door or group of doors that an issuance may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceRight {
    /// Where.
    pub place: Place,
    /// When; `None` is as long as the card itself.
    pub valid: Option<Validity>,
    /// At which hours; `None` is at any.
    pub schedule: Option<ScheduleId>,
}

/// Rights one issuance may have; a record names them, or has their count and a mark.
pub const RIGHTS_MAX: usize = 64;

impl PlaceRight {
    /// A right on a door, as long as the card itself, at any hour.
    #[must_use]
    pub const fn on(door: DoorId) -> Self {
        Self {
            place: Place::Door(door),
            valid: None,
            schedule: None,
        }
    }

    /// The right as the allowlist wants it. One that lasts as long as the card is always open here, so that cards with the
    /// same rights share one set; the card's own validity bounds it.
    pub(crate) fn to_right(self) -> Result<Right, RegisterError> {
        Ok(Right {
            place: self.place,
            valid: self.valid.map_or_else(always, Ok)?,
            schedule: self.schedule,
        })
    }

    /// Place, schedule, from and until as the table has them.
    pub(crate) fn stored(self) -> Result<[i64; 4], RegisterError> {
        let valid = self.to_right()?.valid;
        Ok([
            i64::from(place_number(self.place)),
            i64::from(self.schedule.map_or(ANY_HOUR, ScheduleId::get)),
            valid.from().micros(),
            valid.until().map_or(NO_END, UtcMicros::micros),
        ])
    }

    /// In the order of the table.
    fn key(
        &self,
    ) -> (
        Place,
        Option<ScheduleId>,
        Option<UtcMicros>,
        Option<UtcMicros>,
    ) {
        let from = self.valid.map(|valid| valid.from());
        let until = self.valid.and_then(|valid| valid.until());
        (self.place, self.schedule, from, until)
    }
}

/// Refuses what no issuance may have, all its rights together.
pub(crate) fn check(connection: &Connection, rights: &[PlaceRight]) -> Result<(), RegisterError> {
    if rights.is_empty() {
        return Err(RightError::None.into());
    }
    if rights.len() > RIGHTS_MAX {
        let (found, max) = (rights.len(), RIGHTS_MAX);
        return Err(RightError::TooMany { found, max }.into());
    }
    let mut ordered: Vec<_> = rights.iter().map(PlaceRight::key).collect();
    ordered.sort_unstable();
    let followed = ordered.iter().skip(1);
    if ordered.iter().zip(followed).any(|(one, next)| one == next) {
        return Err(RightError::Twice.into());
    }
    for right in rights {
        match right.place {
            Place::Door(door) => doors::must_exist(connection, &[door])?,
            Place::Group(group) => group_must_exist(connection, group)?,
        }
        if let Some(schedule) = right.schedule {
            known_schedules::must_exist(connection, schedule)?;
        }
    }
    Ok(())
}

/// Takes all rights of an issuance away, with their grounds.
pub(crate) fn delete(connection: &Connection, of: IssuanceId) -> Result<(), RegisterError> {
    connection
        .prepare_cached("DELETE FROM grounds WHERE issuance = ?1")?
        .execute([of.get()])?;
    Ok(())
}

/// Takes all rights on one place away, and grounds that no right is left of; says whether there were any.
pub(crate) fn delete_on(
    connection: &Connection,
    of: IssuanceId,
    place: Place,
) -> Result<bool, RegisterError> {
    let gone = connection
        .prepare_cached("DELETE FROM place_right WHERE issuance = ?1 AND place = ?2")?
        .execute(params![of.get(), place_number(place)])?;
    connection
        .prepare_cached(
            "DELETE FROM grounds WHERE issuance = ?1
             AND number NOT IN (SELECT grounds FROM place_right WHERE issuance = ?1)",
        )?
        .execute([of.get()])?;
    Ok(gone > 0)
}

/// The rights of an issuance, doors before groups.
pub(crate) fn of(
    connection: &Connection,
    id: IssuanceId,
) -> Result<Vec<PlaceRight>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT place, schedule, valid_from, valid_until FROM place_right WHERE issuance = ?1
         ORDER BY place, schedule, valid_from, valid_until",
    )?;
    let mut rows = statement.query([id.get()])?;
    let mut rights = Vec::new();
    while let Some(row) = rows.next()? {
        rights.extend(read(row, 0)?);
    }
    Ok(rights)
}

/// The rights of an issuance, doors before groups, and when each was granted.
pub(crate) fn with_grants(
    connection: &Connection,
    id: IssuanceId,
) -> Result<Vec<(PlaceRight, UtcMicros)>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT r.place, r.schedule, r.valid_from, r.valid_until, g.granted_at FROM place_right r
         JOIN grounds g ON g.issuance = r.issuance AND g.number = r.grounds
         WHERE r.issuance = ?1 ORDER BY r.place, r.schedule, r.valid_from, r.valid_until",
    )?;
    let mut rows = statement.query([id.get()])?;
    let mut rights = Vec::new();
    while let Some(row) = rows.next()? {
        let granted_at = UtcMicros::from_micros(row.get(4)?);
        rights.extend(read(row, 0)?.map(|right| (right, granted_at)));
    }
    Ok(rights)
}

/// One right from the columns place, schedule, `valid_from`, `valid_until`, the first of which is `at`; `None` if they are
/// those of no right.
pub(crate) fn read(row: &Row<'_>, at: usize) -> Result<Option<PlaceRight>, RegisterError> {
    let Some(place) = row.get::<_, Option<u32>>(at)? else {
        return Ok(None);
    };
    let schedule = row.get(at + 1)?;
    let (from, until) = (row.get(at + 2)?, row.get(at + 3)?);
    let valid = match (from, until) {
        (NO_BEGINNING, NO_END) => None,
        (from, until) => {
            let until = (until != NO_END).then_some(UtcMicros::from_micros(until));
            Some(Validity::new(UtcMicros::from_micros(from), until)?)
        }
    };
    Ok(Some(PlaceRight {
        place: place_of(place)?,
        valid,
        schedule: (schedule != ANY_HOUR).then_some(ScheduleId::new(schedule)),
    }))
}

/// Rights as a word of a record: `1,g2`, with `#` and a schedule, and with a time where it is not the card's; so many of
/// them that they do not fit by their mark.
pub(crate) fn word(rights: &[PlaceRight]) -> String {
    let mut word = String::new();
    for right in rights {
        let comma = if word.is_empty() { "" } else { "," };
        // Writing to a string does not fail.
        let _written = match right.place {
            Place::Door(door) => write!(word, "{comma}{door}"),
            Place::Group(group) => write!(word, "{comma}g{group}"),
        };
        if let Some(schedule) = right.schedule {
            let _written = write!(word, "#{schedule}");
        }
        if let Some(valid) = right.valid {
            let until = valid
                .until()
                .map_or_else(String::new, |until| until.micros().to_string());
            let _written = write!(word, "@{}/{until}", valid.from().micros());
        }
    }
    listed(rights.len(), word)
}

fn group_must_exist(connection: &Connection, group: GroupId) -> Result<(), RegisterError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM door_group WHERE id = ?1")?;
    if statement.exists([group.get()])? {
        Ok(())
    } else {
        Err(RightError::NoSuchGroup.into())
    }
}

/// A place as it is stored.
pub(crate) fn place_number(place: Place) -> u32 {
    match place {
        Place::Door(door) => u32::from(door.get()),
        Place::Group(group) => GROUPS_FROM + u32::from(group.get()),
    }
}

/// The place that is stored so.
pub(crate) fn place_of(number: u32) -> Result<Place, RegisterError> {
    let (is_group, id) = match number.checked_sub(GROUPS_FROM) {
        Some(group) => (true, group),
        None => (false, number),
    };
    let id = u16::try_from(id).map_err(|_| RegisterError::corrupt("a right on no place"))?;
    Ok(if is_group {
        Place::Group(GroupId::new(id))
    } else {
        Place::Door(DoorId::new(id))
    })
}

/// Neither beginning nor end: what a right without times of its own is stored as.
fn always() -> Result<Validity, RegisterError> {
    Ok(Validity::new(UtcMicros::from_micros(NO_BEGINNING), None)?)
}

/// A group is stored as this and its number.
const GROUPS_FROM: u32 = 65_536;
const ANY_HOUR: u16 = 0;
pub(crate) const NO_BEGINNING: i64 = i64::MIN;
const NO_END: i64 = i64::MAX;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    fn right(door: u16, valid: Option<(i64, i64)>) -> PlaceRight {
        PlaceRight {
            valid: valid.map(|(from, until)| Validity::new(at(from), Some(at(until))).unwrap()),
            ..PlaceRight::on(DoorId::new(door))
        }
    }

    fn in_group(group: u16, schedule: Option<u16>) -> PlaceRight {
        PlaceRight {
            place: Place::Group(GroupId::new(group)),
            schedule: schedule.map(ScheduleId::new),
            ..right(1, None)
        }
    }

    #[test]
    fn what_no_card_may_have_is_refused() {
        let mut house = House::new();
        let groups = house.register.reconcile_groups(&["yard"]).unwrap();
        assert_eq!(groups[0].1, GroupId::new(1));
        assert_eq!(house.schedule("office"), ScheduleId::new(1));
        let check = |rights: &[PlaceRight]| check(&house.register.connection, rights);
        check(&[
            right(1, None),
            right(1, Some((0, 1))),
            right(1, Some((0, 2))),
            right(2, Some((0, 1))),
            in_group(1, None),
            in_group(1, Some(1)),
        ])
        .unwrap();
        let says = |rights: &[PlaceRight]| check(rights).unwrap_err().to_string();
        assert_eq!(says(&[]), "at least one door is needed");
        assert_eq!(says(&[right(9, None)]), "no such door");
        assert_eq!(says(&[in_group(2, None)]), "no such group of doors");
        assert_eq!(says(&[in_group(1, Some(2))]), "no such schedule");
        assert_eq!(
            says(&[in_group(1, Some(1)), right(1, None), in_group(1, Some(1))]),
            "the same right twice"
        );
        let many = vec![right(1, None); RIGHTS_MAX + 1];
        assert_eq!(says(&many), "65 rights on one card, at most 64");
    }

    #[test]
    fn every_place_survives_its_number() {
        for id in [1, 2, u16::MAX] {
            for place in [Place::Door(DoorId::new(id)), Place::Group(GroupId::new(id))] {
                assert_eq!(place_of(place_number(place)).unwrap(), place);
            }
        }
        assert!(place_of(2 * GROUPS_FROM).is_err());
    }

    #[test]
    fn the_longest_word_fits_a_record() {
        let longest = Validity::new(
            UtcMicros::from_micros(1_000_000_000_000_000_000),
            Some(UtcMicros::from_micros(i64::MAX - 1)),
        )
        .unwrap();
        assert_eq!(
            word(&[right(1, None), right(2, None), in_group(3, Some(4))]),
            "1,2,g3#4"
        );
        let untimed: Vec<PlaceRight> = (0..RIGHTS_MAX).map(|_| right(u16::MAX, None)).collect();
        assert!(word(&untimed).len() < crate::AUDIT_TEXT_MAX / 2);
        let timed = PlaceRight {
            valid: Some(longest),
            ..in_group(7, None)
        };
        assert!(word(&[timed]).starts_with("g7@1000000000000000000/"));
        let many = word(&[timed; RIGHTS_MAX]);
        assert!(many.starts_with("64*") && many.len() < 20, "{many}");
    }
}
