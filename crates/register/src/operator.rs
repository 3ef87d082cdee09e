//! Operator: who may ask the controller for something, known by Unix user name and uid, both.

use std::str::FromStr;

use access::role::Role;
use access::{KeySlot, OperatorId, UtcMicros};
use key_store::Owner;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::audit::{AuditVerb, Change};
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::register::Register;
use crate::text::Text;

/// An operator to be added.
#[derive(Clone, Debug)]
pub struct NewOperator {
    /// The Unix user name.
    pub user: String,
    /// The Unix uid.
    pub uid: u32,
    /// At least one.
    pub roles: Vec<Role>,
}

/// An operator as registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorRow {
    /// The number, never given twice.
    pub id: OperatorId,
    /// Where the operator's key lies.
    pub slot: KeySlot,
    /// The Unix user name.
    pub user: String,
    /// The Unix uid.
    pub uid: u32,
    /// The roles, without doublets.
    pub roles: Vec<Role>,
}

impl Register {
    /// Adds an operator, with a key of their own. The first of a house is added `by` nobody and signs for itself.
    ///
    /// # Errors
    /// [`RegisterError::OperatorExists`], [`RegisterError::NoRole`], [`RegisterError::NotTheFirstOperator`],
    /// [`RegisterError::NoSuchOperator`].
    pub fn add_operator(
        &mut self,
        new: &NewOperator,
        by: Option<OperatorId>,
        now: UtcMicros,
    ) -> Result<(OperatorId, Change), RegisterError> {
        let user = Text::new("user", &new.user)?;
        if new.roles.is_empty() {
            return Err(RegisterError::NoRole);
        }
        self.change_by(by, now, |draft| {
            refuse_known(&draft.tx, user.expose(), new.uid, by)?;
            let id = insert(draft, user.expose(), new)?;
            if by.is_none() {
                draft.sign_as(id)?;
            }
            let roles: Vec<&str> = new.roles.iter().map(|role| role.as_str()).collect();
            let of_operator = format!("added={id} uid={} roles={}", new.uid, roles.join(","));
            draft.record(
                None,
                &Said {
                    verb: AuditVerb::OperatorAdded,
                    of_holder: "",
                    of_operator: &of_operator,
                },
            )?;
            Ok(id)
        })
    }

    /// Every operator, in the order they were added.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn operators(&self) -> Result<Vec<OperatorRow>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM operator ORDER BY id")?;
        let ids = statement
            .query_map([], |row| row.get::<_, u16>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        ids.into_iter()
            .map(|id| row_of(&self.connection, id))
            .collect()
    }

    /// The operator with this uid **and** this user name; nobody else, a group or root included.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn operator_by(&self, uid: u32, user: &str) -> Result<Option<OperatorRow>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM operator WHERE uid = ?1 AND user = ?2")?;
        let id: Option<u16> = statement
            .query_row(params![uid, user], |row| row.get(0))
            .optional()?;
        id.map(|id| row_of(&self.connection, id)).transpose()
    }
}

fn refuse_known(
    tx: &Transaction<'_>,
    user: &str,
    uid: u32,
    by: Option<OperatorId>,
) -> Result<(), RegisterError> {
    if tx
        .prepare("SELECT 1 FROM operator WHERE user = ?1 OR uid = ?2")?
        .exists(params![user, uid])?
    {
        return Err(RegisterError::OperatorExists);
    }
    if by.is_none() && tx.prepare("SELECT 1 FROM operator")?.exists([])? {
        return Err(RegisterError::NotTheFirstOperator);
    }
    Ok(())
}

fn insert(
    draft: &mut Draft<'_>,
    user: &str,
    new: &NewOperator,
) -> Result<OperatorId, RegisterError> {
    let id = u16::try_from(draft.number("operator")?)
        .map_err(|_| RegisterError::NumbersExhausted { what: "operator" })?;
    let slot = draft.allocate(Owner::Operator(id))?;
    draft.tx.execute(
        "INSERT INTO operator (id, user, uid, slot, slot_generation, added_at, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
        params![id, user, new.uid, slot.index, slot.generation, draft.now.micros()],
    )?;
    for role in &new.roles {
        draft.tx.execute(
            "INSERT OR IGNORE INTO operator_role (operator, role) VALUES (?1, ?2)",
            params![id, role.as_str()],
        )?;
    }
    Ok(OperatorId::new(id))
}

fn row_of(connection: &Connection, id: u16) -> Result<OperatorRow, RegisterError> {
    let mut statement = connection
        .prepare_cached("SELECT role FROM operator_role WHERE operator = ?1 ORDER BY role")?;
    let names = statement
        .query_map([id], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let roles = names
        .iter()
        .map(|name| Role::from_str(name))
        .collect::<Result<Vec<_>, _>>();
    let roles = roles.map_err(|_| RegisterError::corrupt("an unknown role"))?;
    let mut statement =
        connection.prepare_cached("SELECT user, uid, slot FROM operator WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| {
        Ok(OperatorRow {
            id: OperatorId::new(id),
            user: row.get(0)?,
            uid: row.get(1)?,
            slot: KeySlot::new(row.get(2)?),
            roles,
        })
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    fn new(user: &str, uid: u32) -> NewOperator {
        NewOperator {
            user: user.into(),
            uid,
            roles: vec![Role::Receptionist, Role::Auditor, Role::Auditor],
        }
    }

    #[test]
    fn user_and_uid_must_both_match() {
        let mut house = House::new();
        let (id, change) = house
            .register
            .add_operator(&new("rita", 1002), Some(house.operator), at(1))
            .unwrap();
        let rita = house.register.operator_by(1002, "rita").unwrap().unwrap();
        assert_eq!(
            (rita.id, rita.roles.as_slice()),
            (id, [Role::Auditor, Role::Receptionist].as_slice())
        );
        assert_eq!(change.records[0].1.operator, house.operator);
        assert_eq!(house.register.operator_by(1001, "rita").unwrap(), None);
        assert_eq!(house.register.operator_by(1002, "tekla").unwrap(), None);
        assert_eq!(house.register.operator_by(0, "root").unwrap(), None);
        assert_eq!(house.register.operators().unwrap().len(), 2);
    }

    #[test]
    fn a_second_of_either_or_without_a_role_or_an_author_is_refused() {
        let mut house = House::settled();
        let by = Some(house.operator);
        let living = house.keys.live().len();
        let mut refused =
            |new: &NewOperator, by| house.register.add_operator(new, by, at(1)).unwrap_err();
        assert!(matches!(
            refused(&new("tekla", 7), by),
            RegisterError::OperatorExists
        ));
        assert!(matches!(
            refused(&new("rita", 1001), by),
            RegisterError::OperatorExists
        ));
        assert!(matches!(
            refused(&new("rita", 7), None),
            RegisterError::NotTheFirstOperator
        ));
        assert!(matches!(
            refused(&new("rita", 7), Some(OperatorId::new(99))),
            RegisterError::NoSuchOperator
        ));
        let none = NewOperator {
            roles: Vec::new(),
            ..new("rita", 7)
        };
        assert!(matches!(refused(&none, by), RegisterError::NoRole));
        assert_eq!(house.register.outbox_pending(9).unwrap(), []);
        assert_eq!(house.keys.live().len(), living);
    }
}
