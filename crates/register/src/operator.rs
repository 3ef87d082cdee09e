//! Operator: who may ask the controller for something, known by Unix user name and uid, both.

use access::role::Role;
use access::{KeySlot, OperatorId, UtcMicros};
use key_store::Owner;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::audit::{AuditVerb, Change};
use crate::contact::TenantId;
use crate::delegation::{self, Delegation};
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::operator_error::OperatorError;
use crate::register::Register;
use crate::roles::{self, Roles};
use crate::row_mark;
use crate::text::Text;

/// An operator to be added.
#[derive(Clone, Debug)]
pub struct NewOperator {
    /// The Unix user name.
    pub user: String,
    /// The Unix uid.
    pub uid: u32,
    /// At least one.
    pub roles: Roles,
    /// Until just before when they count as trained (M2).
    pub trained_until: Option<UtcMicros>,
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
    /// What they hold themselves.
    pub roles: Roles,
    /// Until just before when they count as trained.
    pub trained_until: Option<UtcMicros>,
    /// What is delegated to them, now or later; what has ended counts no more (M31).
    pub delegations: Vec<Delegation>,
    /// Since when they are none any more; row and key stay for their records.
    pub removed_at: Option<UtcMicros>,
}

impl OperatorRow {
    /// What they may act as at this instant: what they hold themselves, and what is delegated to them now. Each once.
    #[must_use]
    pub fn roles_at(&self, now: UtcMicros) -> Vec<Role> {
        let held = |role: &Role| {
            let mut delegated = self.delegated_at(now);
            self.roles.held().contains(role) || delegated.any(|given| given.role == *role)
        };
        Role::ALL
            .into_iter()
            .filter(|role| self.removed_at.is_none() && held(role))
            .collect()
    }

    /// The tenants whose hr they are at this instant.
    #[must_use]
    pub fn tenants_at(&self, now: UtcMicros) -> Vec<TenantId> {
        let own = self.roles.tenant().into_iter();
        let delegated = self.delegated_at(now).filter_map(|given| given.tenant);
        let mut tenants: Vec<TenantId> = own
            .chain(delegated)
            .filter(|_| self.removed_at.is_none())
            .collect();
        tenants.sort();
        tenants.dedup();
        tenants
    }

    /// Whether their training has not expired at this instant (M2).
    #[must_use]
    pub fn is_trained_at(&self, now: UtcMicros) -> bool {
        self.trained_until.is_some_and(|until| now < until)
    }

    fn delegated_at(&self, now: UtcMicros) -> impl Iterator<Item = &Delegation> {
        self.delegations
            .iter()
            .filter(move |given| given.holds_at(now))
    }
}

impl Register {
    /// Adds an operator, with a key of their own. The first of a house is added `by` nobody and signs for itself.
    ///
    /// # Errors
    /// [`OperatorError::Exists`], [`OperatorError::NoRole`], [`OperatorError::NotTheFirst`];
    /// [`RegisterError::NoSuchOperator`], [`RegisterError::NoSuchTenant`].
    pub fn add_operator(
        &mut self,
        new: &NewOperator,
        by: Option<OperatorId>,
        now: UtcMicros,
    ) -> Result<(OperatorId, Change), RegisterError> {
        let user = Text::new("user", &new.user)?;
        if new.roles.held().is_empty() {
            return Err(OperatorError::NoRole.into());
        }
        self.change_by(by, now, |draft| {
            refuse_known(&draft.tx, user.expose(), new.uid, by)?;
            refuse_unknown_tenant(&draft.tx, new.roles.tenant())?;
            let id = insert(draft, user.expose(), new)?;
            if by.is_none() {
                draft.sign_as(id)?;
            }
            tell(draft, AuditVerb::OperatorAdded, id)?;
            Ok(id)
        })
    }

    /// Everyone who is or was an operator, in the order they were added.
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
            .map(|id| row_of(&self.connection, OperatorId::new(id)))
            .collect()
    }

    /// The operator with this uid **and** this user name; nobody else, a group or root included.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn operator_by(&self, uid: u32, user: &str) -> Result<Option<OperatorRow>, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM operator WHERE uid = ?1 AND user = ?2 AND removed_at IS NULL",
        )?;
        let id: Option<u16> = statement
            .query_row(params![uid, user], |row| row.get(0))
            .optional()?;
        id.map(|id| row_of(&self.connection, OperatorId::new(id)))
            .transpose()
    }
}

/// Records a change of an operator, with all that the register has of them after it.
pub(crate) fn tell(
    draft: &mut Draft<'_>,
    verb: AuditVerb,
    id: OperatorId,
) -> Result<(), RegisterError> {
    let mut row = row_of(&draft.tx, id)?;
    row.delegations = delegation::of(&draft.tx, id, draft.now)?;
    draft.record(
        None,
        &Said {
            verb,
            of_holder: "",
            of_operator: &format!(
                "{} row={}",
                words(verb, &row),
                row_mark::of_operator(&draft.tx, id)?
            ),
        },
    )?;
    draft
        .tx
        .prepare_cached("UPDATE operator SET recorded_at = ?2 WHERE id = ?1")?
        .execute(params![id.get(), draft.now.micros()])?;
    Ok(())
}

/// What is said of an operator, as it would be said anew.
pub(crate) fn said(connection: &Connection, id: OperatorId) -> Result<String, RegisterError> {
    let row = row_of(connection, id)?;
    let mark = row_mark::of_operator(connection, id)?;
    Ok(format!(
        "{} row={mark}",
        words(AuditVerb::RegisterRestated, &row)
    ))
}

pub(crate) fn words(verb: AuditVerb, row: &OperatorRow) -> String {
    let which = if verb == AuditVerb::OperatorAdded {
        "added"
    } else {
        "operator"
    };
    let instant = |at: Option<UtcMicros>| at.map_or("-".to_owned(), |at| at.to_string());
    let (id, uid, roles) = (row.id, row.uid, row.roles.words());
    let (trained, removed) = (instant(row.trained_until), instant(row.removed_at));
    let delegated = delegation::words(&row.delegations);
    format!("{which}={id} uid={uid} {roles} trained={trained} {delegated} removed={removed}")
}

fn refuse_known(
    tx: &Transaction<'_>,
    user: &str,
    uid: u32,
    by: Option<OperatorId>,
) -> Result<(), RegisterError> {
    if tx
        .prepare("SELECT 1 FROM operator WHERE (user = ?1 OR uid = ?2) AND removed_at IS NULL")?
        .exists(params![user, uid])?
    {
        return Err(OperatorError::Exists.into());
    }
    if by.is_none() && tx.prepare("SELECT 1 FROM operator")?.exists([])? {
        return Err(OperatorError::NotTheFirst.into());
    }
    Ok(())
}

/// For a role that is bound to a tenant.
pub(crate) fn refuse_unknown_tenant(
    tx: &Transaction<'_>,
    tenant: Option<TenantId>,
) -> Result<(), RegisterError> {
    let mut known = tx.prepare_cached("SELECT 1 FROM tenant WHERE id = ?1")?;
    match tenant {
        Some(tenant) if !known.exists([tenant.0])? => Err(RegisterError::NoSuchTenant),
        Some(_) | None => Ok(()),
    }
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
        "INSERT INTO operator (id, user, uid, slot, slot_generation, added_at, recorded_at, trained_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)",
        params![
            id,
            user,
            new.uid,
            slot.index,
            slot.generation,
            draft.now.micros(),
            new.trained_until.map(UtcMicros::micros)
        ],
    )?;
    let id = OperatorId::new(id);
    roles::write(&draft.tx, id, &new.roles)?;
    Ok(id)
}

pub(crate) fn row_of(
    connection: &Connection,
    id: OperatorId,
) -> Result<OperatorRow, RegisterError> {
    let roles = roles::of(connection, id)?;
    let delegations = delegation::of(connection, id, UtcMicros::from_micros(i64::MIN))?;
    let mut statement = connection.prepare_cached(
        "SELECT user, uid, slot, trained_until, removed_at FROM operator WHERE id = ?1",
    )?;
    let instant = |micros: Option<i64>| micros.map(UtcMicros::from_micros);
    let found = statement.query_row([id.get()], |row| {
        Ok(OperatorRow {
            id,
            user: row.get(0)?,
            uid: row.get(1)?,
            slot: KeySlot::new(row.get(2)?),
            roles,
            trained_until: instant(row.get(3)?),
            delegations,
            removed_at: instant(row.get(4)?),
        })
    });
    found.optional()?.ok_or(RegisterError::NoSuchOperator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    fn new(user: &str, uid: u32) -> NewOperator {
        NewOperator {
            user: user.into(),
            uid,
            roles: Roles::new(&[Role::Receptionist, Role::Auditor, Role::Auditor], None).unwrap(),
            trained_until: None,
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
            (rita.id, rita.roles.held()),
            (id, [Role::Receptionist, Role::Auditor].as_slice())
        );
        assert_eq!(change.records[0].1.operator, house.operator);
        let told = &change.records[0].1.operator_text;
        assert!(
            told.starts_with(
                "added=2 uid=1002 roles=receptionist,auditor tenant=- trained=- delegated=- removed=- row="
            ),
            "{told}"
        );
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
            RegisterError::Operator(OperatorError::Exists)
        ));
        assert!(matches!(
            refused(&new("rita", 1001), by),
            RegisterError::Operator(OperatorError::Exists)
        ));
        assert!(matches!(
            refused(&new("rita", 7), None),
            RegisterError::Operator(OperatorError::NotTheFirst)
        ));
        assert!(matches!(
            refused(&new("rita", 7), Some(OperatorId::new(99))),
            RegisterError::NoSuchOperator
        ));
        let hr_of = |tenant| NewOperator {
            roles: Roles::new(&[Role::Hr], Some(TenantId(tenant))).unwrap(),
            ..new("rita", 7)
        };
        assert!(matches!(
            refused(&hr_of(9), by),
            RegisterError::NoSuchTenant
        ));
        let none = NewOperator {
            roles: Roles::default(),
            ..new("rita", 7)
        };
        assert!(matches!(
            refused(&none, by),
            RegisterError::Operator(OperatorError::NoRole)
        ));
        assert_eq!(house.register.outbox_pending(9).unwrap(), []);
        assert_eq!(house.keys.live().len(), living);
    }
}
