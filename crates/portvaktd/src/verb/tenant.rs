//! `tenant add`, `tenant contact`, `tenant contact-leave` and `tenant list`.

use std::ops::ControlFlow;
use std::time::Duration;

use access::OperatorId;
use access::role::Act;
use control::reply::card::CardRow;
use control::reply::tenant::{ContactLeave, ContactRow, TenantRow};
use control::request::TenantContact;
use control::request::tenant::TenantRequest;
use control::{CardState, Code, Moment, Private, Refusal, Reply, Row};
use register::{ContactPerson, Register, RegisterError};

use super::card_list::pseudonymous;
use super::leavers;
use super::wording::{private, text};
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Desk, Effect, refusal};
use crate::leaving;
use crate::names::Names;

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: TenantRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        TenantRequest::Add {
            tenant,
            responsible,
            mobile,
        } => add_with(asker, (tenant, [responsible, mobile]), dry_run).await,
        TenantRequest::Responsible {
            tenant,
            name,
            mobile,
        } => responsible(asker, (tenant, name, mobile), dry_run).await,
        TenantRequest::Rule {
            tenant,
            employee_cards_by_hr,
        } => rule(asker, (tenant, employee_cards_by_hr), dry_run).await,
        TenantRequest::ContactLeave {
            tenant,
            name,
            mobile,
            followed_by,
        } => {
            let leaving = Leaving {
                by: asker.operator.id,
                names: asker.controller.names.clone(),
                tenant,
                contact: (name, mobile),
                followed_by,
                dry_run,
            };
            contact_leave(asker, leaving, outlet).await
        }
        TenantRequest::LeaversBegin { tenant, rows } => {
            leavers::take(asker, (tenant, rows), outlet).await
        }
        TenantRequest::LeaversRows { .. } | TenantRequest::LeaversEnd {} => {
            let what = "there is nothing here to go on with; begin it";
            Err(Refusal::new(Code::Usage, what).into())
        }
    }
}

/// A new tenant.
pub(super) async fn add(asker: &Asker, tenant: String, dry_run: bool) -> Result<Reply, Stop> {
    let (by, name) = (asker.operator.id, text("tenant", &tenant)?);
    let added = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            register.add_tenant(&name, by, now)
        })
    });
    added.await??;
    Ok(Reply::Done { warning: None })
}

/// A new tenant together with the contact person who answers for it (M24).
async fn add_with(
    asker: &Asker,
    (tenant, [name, mobile]): (String, [Private; 2]),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (by, tenant) = (asker.operator.id, text("tenant", &tenant)?);
    let person = person(&name, &mobile)?;
    let added = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            register.add_tenant_with((&tenant, &person), by, now)
        })
    });
    added.await??;
    Ok(Reply::Done { warning: None })
}

/// Lets a contact person answer for the tenant (M24); whoever is not known yet is added, if there is a mobile.
async fn responsible(
    asker: &Asker,
    (tenant, name, mobile): (String, Private, Option<Private>),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let new = mobile
        .as_ref()
        .map(|mobile| person(&name, mobile))
        .transpose()?;
    let set = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let tenant = register.tenant(&tenant)?;
            let mobile = mobile.as_ref().map(Private::expose);
            let known = register.contact_by(tenant, name.expose(), mobile);
            let is_unknown = matches!(
                known,
                Err(RegisterError::NoSuchContact | RegisterError::ContactInactive)
            );
            match new.filter(|_| is_unknown) {
                Some(person) => register
                    .add_responsible(tenant, &person, by, now)
                    .map(|(_, change)| ((), change)),
                None => Ok(((), register.set_responsible(known?, by, now)?)),
            }
        })
    });
    set.await??;
    Ok(Reply::Done { warning: None })
}

/// Has the tenant's employee cards wait for its personnel office, or no longer (M16).
async fn rule(
    asker: &Asker,
    (tenant, by_hr): (String, bool),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (by, at) = (asker.operator.id, asker.at);
    let set = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let tenant = register.tenant(&tenant)?;
            let change = register.set_cards_by_hr(tenant, by_hr, by, now)?;
            Ok((tenant, change))
        })
    });
    let tenant = set.await??;
    let roster = asker.controller.roster();
    let is_governed = roster
        .iter()
        .any(|known| known.tenants_at(at).contains(&tenant));
    let warning = (by_hr && !is_governed).then(|| NO_HR.to_owned());
    Ok(Reply::Done { warning })
}

/// A contact person who is to leave.
struct Leaving {
    by: OperatorId,
    names: Names,
    tenant: String,
    contact: (Private, Option<Private>),
    followed_by: Option<Private>,
    dry_run: bool,
}

impl Leaving {
    /// The cards that are suspended by it, as they are afterwards, and whether nobody answers for the tenant from now on.
    fn carry_out(&self, desk: &mut Desk) -> Result<(Vec<CardRow>, bool), Refusal> {
        let who = self.who(&desk.register).map_err(|cause| refusal(&cause))?;
        let now = desk.ledger.clock.now().utc;
        let mut bound = Vec::new();
        let listed = desk.register.bound_to(who.0, &mut |row| {
            bound.push(CardRow {
                state: CardState::Blocked,
                ..pseudonymous(&row, &self.names, now)
            });
            ControlFlow::Continue(())
        });
        listed.map_err(|cause| refusal(&cause))?;
        let is_left_alone = leaving::contact(desk, who, self.by, self.dry_run)?;
        Ok((bound, is_left_alone))
    }

    fn who(
        &self,
        register: &Register,
    ) -> Result<(register::ContactId, Option<register::ContactId>), RegisterError> {
        let tenant = register.tenant(&self.tenant)?;
        let (name, mobile) = &self.contact;
        let mobile = mobile.as_ref().map(Private::expose);
        let contact = register.contact_by(tenant, name.expose(), mobile)?;
        let follower = self.followed_by.as_ref();
        let follower = follower.map(|name| register.contact_by(tenant, name.expose(), None));
        Ok((contact, follower.transpose()?))
    }
}

/// A contact person leaves: every card bound to them is suspended (M14), and told under its pseudonym.
async fn contact_leave(
    asker: &Asker,
    leaving: Leaving,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let left = asker
        .controller
        .desk
        .ask(move |desk| leaving.carry_out(desk));
    let (bound, without_contact) = left.await??;
    let cards = u64::try_from(bound.len()).unwrap_or(u64::MAX);
    for row in bound {
        outlet.row(Row::Card(Box::new(row))).await?;
    }
    Ok(Reply::ContactLeave(ContactLeave {
        cards,
        without_contact,
    }))
}

/// What should be looked at: tenants for which nobody answers (M24).
pub(super) async fn warnings(asker: &Asker) -> Vec<String> {
    let asked = asker
        .controller
        .desk
        .ask(|desk| desk.register.tenants_without_contact(NAMED_MAX));
    let Ok(found) = tokio::time::timeout(ANSWERS_WITHIN, asked).await else {
        return vec!["the register is busy; what it would say is left out here".to_owned()];
    };
    let Ok(Ok((names, count))) = found else {
        return Vec::new();
    };
    let named = names.len();
    let mut warnings: Vec<String> = names
        .into_iter()
        .map(|name| {
            format!("tenant \"{name}\" has no responsible contact, so nothing is issued for it; see tenant contact")
        })
        .collect();
    if count > named {
        warnings.push(format!(
            "{} more tenants have none; see tenant list",
            count - named
        ));
    }
    warnings
}

/// A new contact person of a tenant: their name and mobile.
pub(super) async fn contact(
    asker: &Asker,
    TenantContact {
        tenant,
        name,
        mobile,
    }: TenantContact,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let person = person(&name, &mobile)?;
    let added = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let tenant = register.tenant(&tenant)?;
            register.add_contact(tenant, &person, by, now)
        })
    });
    added.await??;
    Ok(Reply::Done { warning: None })
}

/// Every tenant the asker may see with its contact persons; a logged reading.
pub(super) async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let found = asker
        .controller
        .desk
        .ask(|desk| desk.register.tenants().map_err(|cause| refusal(&cause)))
        .await?;
    let mut tenants = found?;
    let scope = asker.scope(Act::ReadHolder);
    tenants.retain(|tenant| scope.covers(tenant.id));
    let active =
        |tenant: &register::TenantRow| tenant.contacts.iter().filter(|row| row.active).count();
    let persons: usize = tenants.iter().map(active).sum();
    asker
        .reading(
            "tenant-list",
            "contact persons",
            u64::try_from(persons).unwrap_or(u64::MAX),
        )
        .await?;
    let rows = tenants.into_iter().map(|tenant| {
        let active = tenant.contacts.iter().filter(|contact| contact.active);
        let contacts = active.map(|contact| ContactRow {
            name: private(&contact.person.name),
            mobile: private(&contact.person.mobile),
            responsible: tenant.responsible == Some(contact.id),
            leaves: contact.leaves_at.map(Moment::from),
        });
        Row::Tenant(TenantRow {
            tenant: tenant.name.clone(),
            contacts: contacts.collect(),
            cards: Some(tenant.cards),
            employee_cards_by_hr: tenant.cards_by_hr,
        })
    });
    let rows: Vec<Row> = rows.collect();
    outlet.rows(rows).await
}

fn person(name: &Private, mobile: &Private) -> Result<ContactPerson, Refusal> {
    Ok(ContactPerson {
        name: text("name", name.expose())?,
        mobile: text("mobile", mobile.expose())?,
    })
}

/// Tenants named in the status.
const NAMED_MAX: usize = 8;

/// The status does not wait longer for the register, which may be carrying an import out.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);

const NO_HR: &str = "nobody has the role hr of this tenant yet, so its employee cards open nothing until somebody does: portvakt operator role";
