//! `operator add`, `role`, `training`, `delegate`, `remove` and `list`: who operates the controller (M1, M2, M31).

use access::role::{Act, Permission, Role, permission};
use access::{OperatorId, UtcMicros};
use control::reply::operator::{DelegationRow, OperatorRow};
use control::request::operator::OperatorRequest;
use control::{Code, Moment, Refusal, Reply, Row};
use register::{
    Change, Delegation, NewOperator, Register, RegisterError, RoleChange, Roles, TenantId,
};

use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::desk::{Effect, refusal};
use crate::passwd;

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: OperatorRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        OperatorRequest::Add {
            user,
            roles,
            tenant,
        } => add(asker, (user, roles, tenant), dry_run).await,
        OperatorRequest::Role {
            user,
            add,
            remove,
            tenant,
        } => role(asker, (user, add, remove, tenant), dry_run).await,
        OperatorRequest::Training { user, until } => training(asker, user, until, dry_run).await,
        OperatorRequest::Delegate {
            user,
            role,
            from,
            until,
        } => delegate(asker, (user, role, from, until), dry_run).await,
        OperatorRequest::EndDelegation { user, role } => end(asker, user, role, dry_run).await,
        OperatorRequest::Remove { user } => remove(asker, user, dry_run).await,
        OperatorRequest::List {} => list(asker, outlet).await,
    }
}

/// A user of the system becomes an operator; what they are known by is the system's to say.
async fn add(
    asker: &Asker,
    (user, roles, tenant): (String, Vec<Role>, Option<String>),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let uid = uid_of(&user)?;
    let warning = untrained_still(&user, &roles);
    let by = asker.operator.id;
    let added = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let new = NewOperator {
                user,
                uid,
                roles: Roles::new(&roles, tenant_of(register, tenant)?)?,
                trained_until: None,
            };
            register.add_operator(&new, Some(by), now)
        })
    });
    added.await??;
    Ok(Reply::Done { warning })
}

fn uid_of(user: &str) -> Result<u32, Refusal> {
    let found = passwd::number_of(user).map_err(|cause| {
        Refusal::new(
            Code::Failed,
            format_args!("the system's users cannot be read: {cause}"),
        )
    })?;
    let unknown = || {
        let what = format!(
            "this system has no user \"{user}\"; make one with adduser {user} and put it into the group portvakt, then add it here"
        );
        Refusal::new(Code::NotFound, what)
    };
    found.ok_or_else(unknown)
}

/// What is still to be done for whoever may issue by their role.
fn untrained_still(user: &str, roles: &[Role]) -> Option<String> {
    let issues = permission(roles, Act::IssueCard) == Permission::May;
    issues.then(|| {
        format!(
            "{user} issues no card before training is recorded: portvakt operator training {user} --until DATE"
        )
    })
}

async fn role(
    asker: &Asker,
    (user, add, remove, tenant): (String, Vec<Role>, Vec<Role>, Option<String>),
    dry_run: bool,
) -> Result<Reply, Stop> {
    // An hr role that moves to another tenant is taken from the one it had.
    let takes = !remove.is_empty() || tenant.is_some();
    let effect = if takes {
        Effect::Revokes
    } else {
        Effect::Gives
    };
    change(asker, &user, (effect, dry_run), move |register, wish| {
        let roles = RoleChange {
            add,
            remove,
            tenant: tenant_of(register, tenant)?,
        };
        register.change_roles(wish.whose, &roles, wish.by, wish.now)
    })
    .await
}

async fn training(
    asker: &Asker,
    user: String,
    until: Moment,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let until = until.utc();
    let has_passed = until <= asker.controller.ledger.clock.now().utc;
    let effect = if has_passed {
        Effect::Revokes
    } else {
        Effect::Gives
    };
    change(asker, &user, (effect, dry_run), move |register, wish| {
        register.record_training(wish.whose, until, wish.by, wish.now)
    })
    .await?;
    let warning = has_passed.then(|| format!("{until} has passed: {user} is not trained now"));
    Ok(Reply::Done { warning })
}

async fn delegate(
    asker: &Asker,
    (user, role, from, until): (String, Role, Option<Moment>, Moment),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (from, until) = (from.map(Moment::utc), until.utc());
    change(
        asker,
        &user,
        (Effect::Gives, dry_run),
        move |register, wish| {
            let span = (role, from.unwrap_or(wish.now), until);
            register.delegate(wish.whose, span, wish.by, wish.now)
        },
    )
    .await
}

async fn end(
    asker: &Asker,
    user: String,
    role: Option<Role>,
    dry_run: bool,
) -> Result<Reply, Stop> {
    change(
        asker,
        &user,
        (Effect::Revokes, dry_run),
        move |register, wish| register.end_delegation(wish.whose, role, wish.by, wish.now),
    )
    .await
}

async fn remove(asker: &Asker, user: String, dry_run: bool) -> Result<Reply, Stop> {
    change(
        asker,
        &user,
        (Effect::Revokes, dry_run),
        |register, wish| register.remove_operator(wish.whose, wish.by, wish.now),
    )
    .await
}

/// Who is to be changed, by whom, and when it is.
#[derive(Clone, Copy)]
struct Wish {
    whose: OperatorId,
    by: OperatorId,
    now: UtcMicros,
}

/// Changes something about the operator with this user name.
async fn change(
    asker: &Asker,
    user: &str,
    (effect, dry_run): (Effect, bool),
    work: impl FnOnce(&mut Register, Wish) -> Result<Change, RegisterError> + Send + 'static,
) -> Result<Reply, Stop> {
    let (whose, by) = (known(asker, user)?, asker.operator.id);
    let changed = asker.controller.desk.ask(move |desk| {
        desk.change(effect, dry_run, |register, now| {
            Ok(((), work(register, Wish { whose, by, now })?))
        })
    });
    changed.await??;
    Ok(Reply::Done { warning: None })
}

/// The operator with this user name, if they are one still.
pub(super) fn known(asker: &Asker, user: &str) -> Result<OperatorId, Refusal> {
    let roster = asker.controller.roster();
    let mut present = roster
        .iter()
        .filter(|operator| operator.removed_at.is_none());
    let names = present.clone().map(|operator| operator.user.as_str());
    let found = present.find(|operator| operator.user == user);
    let found = found.ok_or_else(|| not_found("operator", user, names))?;
    Ok(found.id)
}

fn tenant_of(register: &Register, name: Option<String>) -> Result<Option<TenantId>, RegisterError> {
    name.map(|name| register.tenant(&name)).transpose()
}

/// Who operates the controller, with what has ended left out.
async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let names = asker
        .controller
        .desk
        .ask(|desk| desk.register.tenant_names());
    let tenants = names.await?.map_err(|cause| refusal(&cause))?;
    let roster = asker.controller.roster();
    let listed = Listed {
        tenants: &tenants,
        roster: &roster,
        now: asker.controller.ledger.clock.now().utc,
    };
    let present = roster
        .iter()
        .filter(|operator| operator.removed_at.is_none());
    let rows: Vec<Row> = present
        .map(|operator| Row::Operator(listed.row(operator)))
        .collect();
    outlet.rows(rows).await
}

/// What a row is spelt by.
struct Listed<'a> {
    tenants: &'a [(TenantId, String)],
    roster: &'a [register::OperatorRow],
    now: UtcMicros,
}

impl Listed<'_> {
    fn row(&self, operator: &register::OperatorRow) -> OperatorRow {
        let lasting = operator.delegations.iter();
        let lasting = lasting.filter(|delegation| delegation.until > self.now);
        OperatorRow {
            operator: operator.user.clone(),
            uid: operator.uid,
            roles: operator.roles.held().to_vec(),
            tenant: self.tenant(operator.roles.tenant()),
            trained_until: operator.trained_until.map(Moment::from),
            delegations: lasting
                .map(|delegation| self.delegation(delegation))
                .collect(),
        }
    }

    fn delegation(&self, delegation: &Delegation) -> DelegationRow {
        let mut givers = self.roster.iter();
        let giver = givers.find(|operator| operator.id == delegation.by);
        DelegationRow {
            role: delegation.role,
            tenant: self.tenant(delegation.tenant),
            from: Moment::from(delegation.from),
            until: Moment::from(delegation.until),
            by: giver.map_or_else(String::new, |giver| giver.user.clone()),
        }
    }

    fn tenant(&self, id: Option<TenantId>) -> Option<String> {
        let named = self.tenants.iter().find(|(known, _)| Some(*known) == id);
        named.map(|(_, name)| name.clone())
    }
}
