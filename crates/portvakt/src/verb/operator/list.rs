//! `portvakt operator list`.

use access::role::Role;
use clap::Args;
use control::reply::operator::DelegationRow;
use control::request::operator::OperatorRequest;
use control::{Request, Row};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{Label, Lang};

/// Who operates the controller, and as what
///
/// Delegations are shown with who gave them, until they end.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let columns = [
            Label::Operator,
            Label::Uid,
            Label::Roles,
            Label::Tenant,
            Label::TrainedUntil,
            Label::Delegated,
        ];
        let lang = desk.lang;
        let sheet = Sheet::new(lang, &columns);
        let request = Request::Operator(OperatorRequest::List {});
        desk.list(request, sheet, &|daemon, row, sheet| {
            let Row::Operator(row) = row else {
                return false;
            };
            let roles: Vec<&str> = row.roles.iter().copied().map(Role::as_str).collect();
            let delegations = row.delegations.iter();
            let delegations: Vec<String> = delegations
                .map(|given| delegated(daemon, given, lang))
                .collect();
            sheet.row([
                row.operator.clone(),
                row.uid.to_string(),
                lang.words(&roles),
                row.tenant.clone().unwrap_or_default(),
                daemon.in_table(row.trained_until),
                delegations.join("; "),
            ]);
            true
        })
    }
}

/// `daily-manager 2026-12-24 00:00 – 2027-01-03 00:00 (dina)`.
fn delegated(daemon: &Daemon, given: &DelegationRow, lang: Lang) -> String {
    let (from, until) = (
        daemon.in_table(Some(given.from)),
        daemon.in_table(Some(given.until)),
    );
    let tenant = given.tenant.as_ref();
    let tenant = tenant.map_or_else(String::new, |tenant| format!(" {tenant}"));
    let role = lang.word(given.role.as_str());
    format!("{role}{tenant} {from} – {until} ({})", given.by)
}

const EXAMPLES: &str = "\
Examples:
  portvakt operator list
  portvakt --json operator list";
