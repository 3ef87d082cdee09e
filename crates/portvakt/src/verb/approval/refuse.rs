//! `portvakt approval refuse`.

use clap::Args;
use control::request::approval::ApprovalRequest;
use control::{Request, Waiting};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutApproval, Say};

/// Refuse what another person asked for, or withdraw what you asked for yourself
///
/// The reason of a change is recorded where it is about an issuance. Cards are taken back:
/// their holders are forgotten, as after any return.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Refuse {
    /// What waits: A-… for a change, B-… for the cards of an import, P-… for one card
    #[arg(value_name = "WHAT")]
    approval: Waiting,
    /// Why
    #[arg(long)]
    reason: String,
}

impl Refuse {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let approval = self.approval;
        let request = Request::Approval(ApprovalRequest::Refuse {
            approval,
            reason: self.reason,
        });
        let approval = &approval.to_string();
        desk.change(
            request,
            &Say::AboutApproval(AboutApproval::Refused { approval }),
        )
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt approval refuse A-12 --reason 'she is on leave, not gone'";
