//! Doors: what the doors of a list do to the rights that a card has.

use access::{Place, ScheduleId};
use rusqlite::Connection;

use super::problem::ImportFault;
use crate::error::RegisterError;
use crate::rights::PlaceRight;

/// Whether the doors of a row take the place of a card's rights. A list says doors, at any hour and as long as the card: where
/// these are the card's already, or the row names none, its rights stay as they are, whatever else it has. Where they are not and
/// it has rights that a list cannot say, the row is refused: nobody can tell from it what is to become of them.
pub(super) fn replace(
    connection: &Connection,
    had: &[PlaceRight],
    asked: Option<&[PlaceRight]>,
) -> Result<Result<bool, ImportFault>, RegisterError> {
    let Some(asked) = asked else {
        return Ok(Ok(false));
    };
    // Both in the order of the table.
    let plain = had.iter().filter(|right| can_be_listed(right));
    if plain.eq(asked) {
        return Ok(Ok(false));
    }
    let mut beside = had.iter().filter(|right| !can_be_listed(right));
    let Some(first) = beside.next() else {
        return Ok(Ok(true));
    };
    Ok(Err(ImportFault::RightsBeside {
        first: named(connection, first)?,
        others: beside.count(),
    }))
}

/// Whether it is a right as a list says it.
fn can_be_listed(right: &PlaceRight) -> bool {
    matches!(right.place, Place::Door(_)) && right.valid.is_none() && right.schedule.is_none()
}

/// A right as an operator writes it: `yard@office`; times of its own are said, not told.
fn named(connection: &Connection, right: &PlaceRight) -> Result<String, RegisterError> {
    let name = |sql: &str, id: u16| -> Result<String, RegisterError> {
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement.query_row([id], |row| row.get(0))?)
    };
    let mut words = match right.place {
        Place::Door(door) => name("SELECT name FROM door WHERE id = ?1", door.get())?,
        Place::Group(group) => name("SELECT name FROM door_group WHERE id = ?1", group.get())?,
    };
    if let Some(schedule) = right.schedule.map(ScheduleId::get) {
        words.push('@');
        words.push_str(&name("SELECT name FROM schedule WHERE id = ?1", schedule)?);
    }
    if right.valid.is_some() {
        words.push_str(" with times of its own");
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use access::{IssuanceId, Validity};

    use crate::RegisterError;
    use crate::fixture::{House, at, text};
    use crate::import::ImportFault;
    use crate::import::fixture::{Sheet, terms};
    use crate::rights::PlaceRight;
    use access::Place;

    fn grant(house: &mut House, id: IssuanceId, right: PlaceRight) {
        let (by, reason) = (house.operator, text("works late"));
        let granted = house.register.grant(id, (&[right], &reason), by, at(1));
        drop(granted.unwrap());
    }

    /// Cards changed by a list, or the problem it has.
    fn imported(house: &mut House, sheet: &Sheet) -> Result<u64, ImportFault> {
        let rows = sheet.rows(house);
        let plan = house.register.import_plan(rows, terms(), at(1)).unwrap();
        if let Some(problem) = plan.difference().problems.first() {
            assert_eq!((plan.difference().conflicts, problem.column), (1, "doors"));
            return Err(problem.fault.clone());
        }
        let (by, none) = (house.operator, &mut |_| {});
        let imported = house.register.import(&plan, by, at(1), none).unwrap();
        Ok(imported.changed)
    }

    /// A card by list, with a right at hours, one on a group and one for a time beside; and the list.
    fn house_with_more() -> (House, IssuanceId, Sheet) {
        let mut house = House::settled();
        let sheet = Sheet::new(&[("Kari", 1)]);
        assert_eq!(imported(&mut house, &sheet), Ok(0));
        let id = house.register.find_by_tag(&house.tag(1)).unwrap().unwrap();
        let store = PlaceRight::on(house.doors[2]);
        let schedule = Some(house.schedule("office"));
        let place = Place::Group(house.group("yard"));
        grant(&mut house, id, PlaceRight { schedule, ..store });
        grant(&mut house, id, PlaceRight { place, ..store });
        let valid = Some(Validity::new(at(5), None).unwrap());
        grant(&mut house, id, PlaceRight { valid, ..store });
        (house, id, sheet)
    }

    #[test]
    fn a_list_with_the_same_doors_leaves_every_right_and_its_grounds_alone() {
        let (mut house, id, sheet) = house_with_more();
        let before = house.register.rights(id).unwrap();
        assert_eq!(imported(&mut house, &sheet), Ok(0));
        assert_eq!(imported(&mut house, &sheet.with_end(0, at(50))), Ok(1));
        assert_eq!(house.register.rights(id).unwrap(), before);
        let said = house.register.outbox_pending(99).unwrap().pop().unwrap().1;
        assert!(
            said.operator_text
                .ends_with("rights=1,2,3@1795348805000000/,3#1,g1")
        );
        let connection = &house.register.connection;
        let grounds = "SELECT count(*) FROM grounds";
        let grounds: u32 = connection.query_row(grounds, [], |row| row.get(0)).unwrap();
        assert_eq!(grounds, 4);
        let list = house.register.allowlist().unwrap();
        assert_eq!(list.find(&house.tag(1)).unwrap().rights.len(), 5);
    }

    #[test]
    fn a_list_with_other_doors_takes_no_right_away_that_a_list_cannot_say() {
        let (mut house, id, sheet) = house_with_more();
        let before = house.register.rights(id).unwrap();
        let sheet = sheet.with_doors(0, &["main", "store"]);
        assert_eq!(
            imported(&mut house, &sheet).unwrap_err().to_string(),
            "the card has rights that a list cannot say: store with times of its own, and 2 more; \
             change them by right grant and right revoke, or leave the doors out"
        );
        assert_eq!(house.register.rights(id).unwrap(), before);
        let sheet = sheet.with_doors(0, &[]).with_end(0, at(50));
        assert_eq!(imported(&mut house, &sheet), Ok(1));
        assert_eq!(house.register.rights(id).unwrap(), before);
    }

    #[test]
    fn a_right_at_hours_is_never_made_one_at_any_hour() {
        let mut house = House::settled();
        let sheet = Sheet::new(&[("Kari", 1)]).with_doors(0, &["main"]);
        assert_eq!(imported(&mut house, &sheet), Ok(0));
        let id = house.register.find_by_tag(&house.tag(1)).unwrap().unwrap();
        let main = PlaceRight::on(house.doors[0]);
        let schedule = Some(house.schedule("office"));
        let (by, reason) = (house.operator, text("office hours only"));
        let revoked = house.register.revoke(id, (main.place, &reason), by, at(1));
        drop(revoked.unwrap());
        let at_hours = PlaceRight { schedule, ..main };
        grant(&mut house, id, at_hours);
        let fault = imported(&mut house, &sheet).unwrap_err();
        assert!(
            fault.to_string().contains(": main@office; change"),
            "{fault}"
        );
        assert_eq!(house.register.rights(id).unwrap(), [at_hours]);
    }

    #[test]
    fn doors_are_left_out_only_for_a_card_that_is_known() {
        let mut house = House::settled();
        let by = house.operator;
        let sheet = Sheet::new(&[("Kari", 1)]);
        assert_eq!(imported(&mut house, &sheet), Ok(0));
        let without = sheet.with_doors(0, &[]);
        assert_eq!(imported(&mut house, &without), Ok(0));
        let id = house.register.find_by_tag(&house.tag(1)).unwrap().unwrap();
        drop(house.register.return_card(id, true, by, at(1)).unwrap());
        let rows = without.rows(&house);
        let plan = house.register.import_plan(rows, terms(), at(1)).unwrap();
        assert_eq!(plan.difference().problems[0].fault, ImportFault::NoDoors);
        let refused = house.register.import(&plan, by, at(1), &mut |_| {});
        let refused = refused.unwrap_err();
        assert!(matches!(
            refused,
            RegisterError::ImportProblems { count: 1 }
        ));
    }
}
