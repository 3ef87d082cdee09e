//! Names: doors, readers, groups and areas are named in the configuration and numbered here, once and for ever.

use access::{AreaId, DoorId, GroupId, Place, ReaderId, UtcMicros};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::error::RegisterError;
use crate::register::Register;

impl Register {
    /// The numbers of these doors, in their order. A new name gets a new number; a name that was away gets its old one.
    ///
    /// # Errors
    /// [`RegisterError::NumbersExhausted`] after 65,535 doors; what SQLite says.
    pub fn reconcile_doors(
        &mut self,
        names: &[&str],
    ) -> Result<Vec<(String, DoorId)>, RegisterError> {
        let numbered = self.reconcile(&DOORS, names)?;
        Ok(numbered
            .into_iter()
            .map(|(name, id)| (name, DoorId::new(id)))
            .collect())
    }

    /// The door that has this name, or had it when it was in the configuration last.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn door_named(&self, name: &str) -> Result<Option<DoorId>, RegisterError> {
        Ok(known(&self.connection, &DOORS, name)?.map(DoorId::new))
    }

    /// The door of this name, else the group of doors, as [`Register::door_named`].
    ///
    /// # Errors
    /// What SQLite says.
    pub fn place_named(&self, name: &str) -> Result<Option<Place>, RegisterError> {
        if let Some(door) = self.door_named(name)? {
            return Ok(Some(Place::Door(door)));
        }
        let group = known(&self.connection, &GROUPS, name)?;
        Ok(group.map(|id| Place::Group(GroupId::new(id))))
    }

    /// The numbers of these readers, in their order; as for doors.
    ///
    /// # Errors
    /// [`RegisterError::NumbersExhausted`] after 65,535 readers; what SQLite says.
    pub fn reconcile_readers(
        &mut self,
        names: &[&str],
    ) -> Result<Vec<(String, ReaderId)>, RegisterError> {
        let numbered = self.reconcile(&READERS, names)?;
        Ok(numbered
            .into_iter()
            .map(|(name, id)| (name, ReaderId::new(id)))
            .collect())
    }

    /// The numbers of these groups of doors, in their order; as for doors.
    ///
    /// # Errors
    /// [`RegisterError::NumbersExhausted`] after 65,535 groups; what SQLite says.
    pub fn reconcile_groups(
        &mut self,
        names: &[&str],
    ) -> Result<Vec<(String, GroupId)>, RegisterError> {
        let numbered = self.reconcile(&GROUPS, names)?;
        Ok(numbered
            .into_iter()
            .map(|(name, id)| (name, GroupId::new(id)))
            .collect())
    }

    /// The numbers of these areas, in their order; as for doors.
    ///
    /// # Errors
    /// [`RegisterError::NumbersExhausted`] after 65,535 areas; what SQLite says.
    pub fn reconcile_areas(
        &mut self,
        names: &[&str],
    ) -> Result<Vec<(String, AreaId)>, RegisterError> {
        let numbered = self.reconcile(&AREAS, names)?;
        Ok(numbered
            .into_iter()
            .map(|(name, id)| (name, AreaId::new(id)))
            .collect())
    }

    /// Every name there is or was, with its number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn numbered_names(&self) -> Result<NumberedNames, RegisterError> {
        let all = |named: &Named| {
            let mut statement = self.connection.prepare_cached(named.all)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<Vec<(String, u16)>, _>>()
        };
        Ok(NumberedNames {
            doors: all(&DOORS)?,
            readers: all(&READERS)?,
            groups: all(&GROUPS)?,
            areas: all(&AREAS)?,
        })
    }

    /// Names that the log was told before this or not at all.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn names_to_tell(&self, before: UtcMicros) -> Result<Vec<NumberedName>, RegisterError> {
        let mut all = Vec::new();
        for named in [&DOORS, &READERS, &GROUPS, &AREAS] {
            let mut statement = self.connection.prepare_cached(named.untold)?;
            let rows = statement.query_map([before.micros()], |row| {
                Ok(NumberedName {
                    sort: named.what,
                    number: row.get(1)?,
                    name: row.get(0)?,
                })
            })?;
            all.extend(rows.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(all)
    }

    /// The log was told these names then. Repeatable.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn names_told(
        &mut self,
        told: &[NumberedName],
        at: UtcMicros,
    ) -> Result<(), RegisterError> {
        let transaction = self.connection.transaction()?;
        for name in told {
            let named = [&DOORS, &READERS, &GROUPS, &AREAS].into_iter();
            for named in named.filter(|named| named.what == name.sort) {
                transaction
                    .prepare_cached(named.told)?
                    .execute(params![name.number, at.micros()])?;
            }
        }
        Ok(transaction.commit()?)
    }

    fn reconcile(
        &mut self,
        named: &Named,
        names: &[&str],
    ) -> Result<Vec<(String, u16)>, RegisterError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let numbered = names
            .iter()
            .map(|name| Ok(((*name).to_owned(), number(&transaction, named, name)?)));
        let numbered = numbered.collect::<Result<Vec<_>, RegisterError>>()?;
        transaction.commit()?;
        Ok(numbered)
    }
}

/// What the doors, readers, groups and areas of the house are called, by number; also those that left the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberedNames {
    /// Doors.
    pub doors: Vec<(String, u16)>,
    /// Readers.
    pub readers: Vec<(String, u16)>,
    /// Groups of doors.
    pub groups: Vec<(String, u16)>,
    /// Areas.
    pub areas: Vec<(String, u16)>,
}

/// What one of them is called, as the log is told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedName {
    sort: &'static str,
    number: u16,
    name: String,
}

impl NumberedName {
    /// `door=3 name=main`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}={} name={}", self.sort, self.number, self.name)
    }
}

struct Named {
    what: &'static str,
    all: &'static str,
    untold: &'static str,
    told: &'static str,
    find: &'static str,
    insert: &'static str,
}

fn known(connection: &Connection, named: &Named, name: &str) -> Result<Option<u16>, RegisterError> {
    let mut statement = connection.prepare_cached(named.find)?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

fn number(connection: &Connection, named: &Named, name: &str) -> Result<u16, RegisterError> {
    if let Some(known) = known(connection, named, name)? {
        return Ok(known);
    }
    let mut next = connection
        .prepare_cached("UPDATE counter SET value = value + 1 WHERE name = ?1 RETURNING value")?;
    let next: i64 = next.query_row([named.what], |row| row.get(0))?;
    let id =
        u16::try_from(next).map_err(|_| RegisterError::NumbersExhausted { what: named.what })?;
    connection.execute(named.insert, params![id, name])?;
    Ok(id)
}

const DOORS: Named = Named {
    what: "door",
    all: "SELECT name, id FROM door ORDER BY id",
    untold: "SELECT name, id FROM door WHERE recorded_at < ?1 ORDER BY id",
    told: "UPDATE door SET recorded_at = ?2 WHERE id = ?1",
    find: "SELECT id FROM door WHERE name = ?1",
    insert: "INSERT INTO door (id, name) VALUES (?1, ?2)",
};
const READERS: Named = Named {
    what: "reader",
    all: "SELECT name, id FROM reader ORDER BY id",
    untold: "SELECT name, id FROM reader WHERE recorded_at < ?1 ORDER BY id",
    told: "UPDATE reader SET recorded_at = ?2 WHERE id = ?1",
    find: "SELECT id FROM reader WHERE name = ?1",
    insert: "INSERT INTO reader (id, name) VALUES (?1, ?2)",
};
const GROUPS: Named = Named {
    what: "group",
    all: "SELECT name, id FROM door_group ORDER BY id",
    untold: "SELECT name, id FROM door_group WHERE recorded_at < ?1 ORDER BY id",
    told: "UPDATE door_group SET recorded_at = ?2 WHERE id = ?1",
    find: "SELECT id FROM door_group WHERE name = ?1",
    insert: "INSERT INTO door_group (id, name) VALUES (?1, ?2)",
};
const AREAS: Named = Named {
    what: "area",
    all: "SELECT name, id FROM area ORDER BY id",
    untold: "SELECT name, id FROM area WHERE recorded_at < ?1 ORDER BY id",
    told: "UPDATE area SET recorded_at = ?2 WHERE id = ?1",
    find: "SELECT id FROM area WHERE name = ?1",
    insert: "INSERT INTO area (id, name) VALUES (?1, ?2)",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::House;

    #[test]
    fn a_name_keeps_its_number_and_no_number_comes_twice() {
        let mut house = House::new();
        let mut doors = |names: &[&str]| -> Vec<u16> {
            house
                .register
                .reconcile_doors(names)
                .unwrap()
                .iter()
                .map(|(_, id)| id.get())
                .collect()
        };
        assert_eq!(doors(&["main", "side", "store"]), [1, 2, 3]);
        assert_eq!(doors(&["gate", "main"]), [4, 1]);
        assert_eq!(doors(&["store", "roof", "roof"]), [3, 5, 5]);
        assert_eq!(
            house.register.reconcile_readers(&["main"]).unwrap()[0].1,
            ReaderId::new(1)
        );
        let groups = house.register.reconcile_groups(&["main", "yard"]).unwrap();
        assert_eq!(groups[1], ("yard".to_owned(), GroupId::new(2)));
        let areas = house.register.reconcile_areas(&["yard", "yard"]).unwrap();
        assert_eq!(areas[1], ("yard".to_owned(), AreaId::new(1)));
    }

    #[test]
    fn a_name_is_known_long_after_it_left_the_configuration() {
        let mut house = House::new();
        let (gone, group) = (house.doors[2], house.group("yard"));
        drop(house.register.reconcile_doors(&["main"]).unwrap());
        drop(house.register.reconcile_groups(&["hall"]).unwrap());
        let house = house.restart();
        let found = |name: &str| house.register.place_named(name).unwrap();
        assert_eq!(found("store"), Some(Place::Door(gone)));
        assert_eq!(found("yard"), Some(Place::Group(group)));
        assert_eq!(found("roof"), None);
        assert_eq!(house.register.door_named("yard").unwrap(), None);
    }

    #[test]
    fn after_the_last_number_nothing_is_added() {
        let mut house = House::new();
        house
            .register
            .connection
            .execute("UPDATE counter SET value = 65534 WHERE name = 'door'", [])
            .unwrap();
        assert!(matches!(
            house.register.reconcile_doors(&["a", "b"]).unwrap_err(),
            RegisterError::NumbersExhausted { what: "door" }
        ));
        assert_eq!(
            house.register.reconcile_doors(&["b"]).unwrap()[0].1,
            DoorId::new(65_535)
        );
    }
}
