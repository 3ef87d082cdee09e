//! `tenant add`, `tenant contact` and `tenant list`.

use control::reply::tenant::{ContactRow, TenantRow};
use control::request::TenantContact;
use control::{Reply, Row};
use register::ContactPerson;

use super::wording::{private, text};
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Effect, refusal};

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
    let person = ContactPerson {
        name: text("name", name.expose())?,
        mobile: text("mobile", mobile.expose())?,
    };
    let added = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let tenant = register.tenant(&tenant)?;
            register.add_contact(tenant, &person, by, now)
        })
    });
    added.await??;
    Ok(Reply::Done { warning: None })
}

/// Every tenant with its contact persons; a logged reading.
pub(super) async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let found = asker
        .controller
        .desk
        .ask(|desk| desk.register.tenants().map_err(|cause| refusal(&cause)))
        .await?;
    let tenants = found?;
    let persons: usize = tenants.iter().map(|tenant| tenant.contacts.len()).sum();
    asker
        .reading(
            "tenant-list",
            "contact persons",
            u64::try_from(persons).unwrap_or(u64::MAX),
        )
        .await?;
    let rows = tenants.into_iter().map(|tenant| {
        let contacts = tenant.contacts.iter().map(|contact| ContactRow {
            name: private(&contact.person.name),
            mobile: private(&contact.person.mobile),
        });
        Row::Tenant(TenantRow {
            tenant: tenant.name.clone(),
            contacts: contacts.collect(),
        })
    });
    let rows: Vec<Row> = rows.collect();
    outlet.rows(rows).await
}
