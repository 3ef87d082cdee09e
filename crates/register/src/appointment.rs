//! Appointment: an operator's roles, training and deputies, and the end of all of it. Nobody changes their own.

use access::role::Role;
use access::{OperatorId, UtcMicros};
use rusqlite::{Connection, params};

use crate::audit::{AuditVerb, Change};
use crate::contact::TenantId;
use crate::delegation::{self, Delegation};
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::operator::{OperatorRow, refuse_unknown_tenant, row_of, tell};
use crate::operator_error::OperatorError;
use crate::register::Register;
use crate::roles::{self, Roles};

/// What is to be different about somebody's roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleChange {
    /// Roles they get.
    pub add: Vec<Role>,
    /// Roles they lose.
    pub remove: Vec<Role>,
    /// The tenant of an hr role they get.
    pub tenant: Option<TenantId>,
}

impl Register {
    /// Gives an operator roles and takes others away. What they delegated and hold no more ends with it.
    ///
    /// # Errors
    /// An [`OperatorError`], [`OperatorError::NoRole`] if none would be left; [`RegisterError::NoSuchOperator`],
    /// [`RegisterError::NoSuchTenant`].
    pub fn change_roles(
        &mut self,
        whose: OperatorId,
        wish: &RoleChange,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let changed = self.change(by, now, |draft| {
            let row = somebody_else(draft, whose, by)?;
            refuse_unknown_tenant(&draft.tx, wish.tenant)?;
            let after = wish.on(&row.roles)?;
            if after.held().is_empty() {
                return Err(OperatorError::NoRole.into());
            }
            put_in_place(draft, whose, &after)?;
            tell(draft, AuditVerb::OperatorRolesSet, whose)?;
            end_what_they_gave(draft, whose)
        });
        changed.map(|((), change)| change)
    }

    /// An operator is one no more: no role, no training, no delegation to them or by them. Row and key stay for their records.
    ///
    /// # Errors
    /// [`OperatorError::Own`], [`OperatorError::LastApprover`]; [`RegisterError::NoSuchOperator`].
    pub fn remove_operator(
        &mut self,
        whom: OperatorId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.change(by, now, |draft| remove(draft, whom))
            .map(|((), change)| change)
    }

    /// Records until just before when an operator counts as trained (M2); an instant that has passed ends it.
    ///
    /// # Errors
    /// [`OperatorError::Own`]; [`RegisterError::NoSuchOperator`].
    pub fn record_training(
        &mut self,
        whose: OperatorId,
        until: UtcMicros,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let recorded = self.change(by, now, |draft| {
            somebody_else(draft, whose, by)?;
            draft.tx.execute(
                "UPDATE operator SET trained_until = ?2 WHERE id = ?1",
                params![whose.get(), until.micros()],
            )?;
            tell(draft, AuditVerb::TrainingRecorded, whose)
        });
        recorded.map(|((), change)| change)
    }

    /// Names a deputy for a role that `by` holds themselves, from an instant until just before another (M31).
    ///
    /// # Errors
    /// An [`OperatorError`]; [`RegisterError::NoSuchOperator`].
    pub fn delegate(
        &mut self,
        deputy: OperatorId,
        (role, from, until): (Role, UtcMicros, UtcMicros),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let given = self.change(by, now, |draft| {
            somebody_else(draft, deputy, by)?;
            let own = roles::of(&draft.tx, by)?;
            if !own.held().contains(&role) {
                return Err(OperatorError::NotTheirs { role }.into());
            }
            let new = Delegation {
                role,
                tenant: own.tenant_of(role),
                from,
                until,
                by,
            };
            delegation::write(&draft.tx, deputy, &new, draft.now)?;
            tell(draft, AuditVerb::DelegationGiven, deputy)
        });
        given.map(|((), change)| change)
    }

    /// Ends what is delegated to a deputy before its time: one role, or all.
    ///
    /// # Errors
    /// [`OperatorError::Own`], [`OperatorError::NoDelegation`]; [`RegisterError::NoSuchOperator`].
    pub fn end_delegation(
        &mut self,
        deputy: OperatorId,
        role: Option<Role>,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let ended = self.change(by, now, |draft| {
            somebody_else(draft, deputy, by)?;
            if !delegation::end(&draft.tx, deputy, role, draft.now)? {
                return Err(OperatorError::NoDelegation.into());
            }
            tell(draft, AuditVerb::DelegationEnded, deputy)
        });
        ended.map(|((), change)| change)
    }
}

impl RoleChange {
    /// What there is after it.
    fn on(&self, before: &Roles) -> Result<Roles, OperatorError> {
        if self.add.is_empty() && self.remove.is_empty() {
            return Err(OperatorError::NoChange);
        }
        let moves = self.tenant.is_some() && self.tenant != before.tenant();
        let is_new = |role: Role| !before.held().contains(&role) || (role == Role::Hr && moves);
        if let Some(role) = self.add.iter().copied().find(|role| !is_new(*role)) {
            return Err(OperatorError::Held { role });
        }
        let mut lost = self.remove.iter().copied();
        if let Some(role) = lost.find(|role| !before.held().contains(role)) {
            return Err(OperatorError::NotHeld { role });
        }
        let kept = before.held().iter().chain(&self.add).copied();
        let held: Vec<Role> = kept.filter(|role| !self.remove.contains(role)).collect();
        let old = before.tenant().filter(|_| held.contains(&Role::Hr));
        Roles::new(&held, self.tenant.or(old))
    }
}

/// Takes everything that makes somebody an operator, within a change.
pub(crate) fn remove(draft: &mut Draft<'_>, whom: OperatorId) -> Result<(), RegisterError> {
    somebody_else(draft, whom, draft.operator()?)?;
    put_in_place(draft, whom, &Roles::default())?;
    delegation::end(&draft.tx, whom, None, draft.now)?;
    draft.tx.execute(
        "UPDATE operator SET trained_until = NULL, removed_at = ?2 WHERE id = ?1",
        params![whom.get(), draft.now.micros()],
    )?;
    tell(draft, AuditVerb::OperatorRemoved, whom)?;
    end_what_they_gave(draft, whom)
}

/// The operator, who is not `by` and was not removed.
fn somebody_else(
    draft: &Draft<'_>,
    whom: OperatorId,
    by: OperatorId,
) -> Result<OperatorRow, RegisterError> {
    if whom == by {
        return Err(OperatorError::Own.into());
    }
    let row = row_of(&draft.tx, whom)?;
    if row.removed_at.is_some() {
        return Err(RegisterError::NoSuchOperator);
    }
    Ok(row)
}

/// Writes these roles, unless nobody were left who could approve a change of operators.
fn put_in_place(draft: &Draft<'_>, whose: OperatorId, roles: &Roles) -> Result<(), RegisterError> {
    let before = Managers::of(&draft.tx)?;
    roles::write(&draft.tx, whose, roles)?;
    if Managers::of(&draft.tx)?.approve_as_well_as(&before) {
        Ok(())
    } else {
        Err(OperatorError::LastApprover.into())
    }
}

/// What a role that is gone had given to deputies goes with it.
fn end_what_they_gave(draft: &mut Draft<'_>, giver: OperatorId) -> Result<(), RegisterError> {
    for deputy in delegation::end_of_giver(&draft.tx, giver)? {
        tell(draft, AuditVerb::DelegationEnded, deputy)?;
    }
    Ok(())
}

/// Who holds the two roles that approve each other's changes of operators.
struct Managers {
    daily: Vec<u16>,
    operations: Vec<u16>,
}

impl Managers {
    fn of(connection: &Connection) -> Result<Self, RegisterError> {
        let holders = |role: Role| {
            let mut statement =
                connection.prepare_cached("SELECT operator FROM operator_role WHERE role = ?1")?;
            let holders = statement.query_map([role.as_str()], |row| row.get(0))?;
            Ok::<_, RegisterError>(holders.collect::<Result<_, _>>()?)
        };
        Ok(Self {
            daily: holders(Role::DailyManager)?,
            operations: holders(Role::OperationsManager)?,
        })
    }

    /// Whether one can ask what another may approve.
    fn are_two(&self) -> bool {
        let mut daily = self.daily.iter();
        daily.any(|one| self.operations.iter().any(|other| one != other))
    }

    fn approve_as_well_as(&self, before: &Self) -> bool {
        (self.are_two() || !before.are_two())
            && (!self.daily.is_empty() || before.daily.is_empty())
            && (!self.operations.is_empty() || before.operations.is_empty())
    }
}

#[cfg(test)]
mod tests;
