//! `portvakt approval list`.

use clap::Args;
use control::request::approval::ApprovalRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// What waits for another person, and who may approve it
///
/// No names of holders stand here; `approval show` has them for those who may approve.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let Self {} = self;
        let columns = [
            Label::Approval,
            Label::Change,
            Label::AskedBy,
            Label::Issuance,
            Label::Since,
            Label::Until,
            Label::Approvers,
        ];
        let sheet = Sheet::new(desk.lang, &columns);
        let request = Request::Approval(ApprovalRequest::List {});
        desk.list(request, sheet, &|daemon, row, sheet| {
            let Row::Approval(row) = row else {
                return false;
            };
            let about = row.issuance.map(|issuance| issuance.to_string());
            let cards = row.cards.zip(row.tenant.as_ref());
            let cards = cards.map(|(cards, tenant)| format!("{tenant}: {cards}"));
            sheet.row([
                row.approval.to_string(),
                row.verb.clone(),
                row.asked_by.clone(),
                about.or(cards).unwrap_or_default(),
                daemon.in_table(Some(row.since)),
                daemon.in_table(row.until),
                row.approvers.join(", "),
            ]);
            true
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt approval list
  portvakt --json approval list";
