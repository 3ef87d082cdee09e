//! `portvakt approval show`.

use clap::Args;
use control::request::approval::ApprovalRequest;
use control::{Reply, Request, Waiting};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::Label;

/// Everything that was asked, names included; the reading is logged
///
/// For who asked, and for those who may approve it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// What waits: A-…
    #[arg(value_name = "WHAT")]
    approval: Waiting,
}

impl Show {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let approval = self.approval;
        let reply = daemon.ask(Request::Approval(ApprovalRequest::Show { approval }))?;
        let Reply::Approval(view) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(view);
        }
        let row = &view.row;
        desk.field(Label::Approval, &row.approval.to_string())?;
        desk.field(Label::AskedBy, &row.asked_by)?;
        desk.field(Label::Since, &daemon.shown(row.since))?;
        if let Some(until) = row.until {
            desk.field(Label::Until, &daemon.shown(until))?;
        }
        desk.field(Label::Approvers, &row.approvers.join(", "))?;
        if let Some(doubt) = &view.doubt {
            desk.field(Label::Doubt, doubt.expose())?;
        }
        let asked = view.asked.iter();
        let asked = asked.map(|field| (field.field.as_str(), field.value.expose()));
        desk.fields(asked)
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt approval show A-12";
