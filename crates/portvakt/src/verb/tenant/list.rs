//! `portvakt tenant list`.

use clap::Args;
use control::reply::tenant::TenantRow;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::{Sheet, count};
use crate::text::{Label, Lang};

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
        let (lang, sheet) = (desk.lang, Sheet::new(desk.lang, &HEADINGS));
        desk.list(Request::TenantList {}, sheet, &|_, row, sheet| {
            let Row::Tenant(tenant) = row else {
                return false;
            };
            place(tenant, lang, sheet);
            true
        })
    }
}

/// A row for each contact; one without, for a tenant that has none and may issue none.
fn place(tenant: &TenantRow, lang: Lang, sheet: &mut Sheet) {
    let by_hr = lang.yes_or_no(tenant.employee_cards_by_hr);
    let row = |[name, mobile, responsible]: [String; 3]| {
        let cards = count(tenant.cards);
        let by_hr = by_hr.to_owned();
        [
            tenant.tenant.clone(),
            name,
            mobile,
            responsible,
            cards,
            by_hr,
        ]
    };
    for contact in &tenant.contacts {
        sheet.row(row([
            contact.name.expose().to_owned(),
            contact.mobile.expose().to_owned(),
            lang.yes_or_no(contact.responsible).to_owned(),
        ]));
    }
    if tenant.contacts.is_empty() {
        sheet.row(row(Default::default()));
    }
}

const HEADINGS: [Label; 6] = [
    Label::Tenant,
    Label::Contact,
    Label::Mobile,
    Label::Responsible,
    Label::Cards,
    Label::CardsByHr,
];

const EXAMPLES: &str = "\
Examples:
  portvakt tenant list";
