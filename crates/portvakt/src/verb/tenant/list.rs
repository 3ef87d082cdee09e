//! `portvakt tenant list`.

use clap::Args;
use control::reply::tenant::TenantRow;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// Every tenant with its contact persons
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let sheet = Sheet::new(desk.lang, &[Label::Tenant, Label::Contact, Label::Mobile]);
        desk.list(Request::TenantList {}, sheet, &|_, row, sheet| {
            let Row::Tenant(tenant) = row else {
                return false;
            };
            place(tenant, sheet);
            true
        })
    }
}

/// A row for each contact; one without, for a tenant that has none and may issue none.
fn place(tenant: &TenantRow, sheet: &mut Sheet) {
    for contact in &tenant.contacts {
        let name = contact.name.expose().to_owned();
        sheet.row([
            tenant.tenant.clone(),
            name,
            contact.mobile.expose().to_owned(),
        ]);
    }
    if tenant.contacts.is_empty() {
        sheet.row([tenant.tenant.clone(), String::new(), String::new()]);
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt tenant list";
