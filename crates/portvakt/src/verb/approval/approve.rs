//! `portvakt approval approve`.

use clap::Args;
use control::request::approval::ApprovalRequest;
use control::{Reply, Request, Waiting};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutApproval, Phrase, Say};

/// Approve what another person asked for
///
/// A change is then done in that person's name; your approval stands in the log beside it.
/// A tenant's employee cards open from then on. Nobody approves their own.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Approve {
    /// What waits: A-… for a change, B-… for the cards of an import, P-… for one card
    #[arg(value_name = "WHAT")]
    approval: Waiting,
}

impl Approve {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let approval = self.approval;
        let request = Request::Approval(ApprovalRequest::Approve { approval });
        let reply = desk.connect()?.ask(request)?;
        if let Reply::Done { warning } = &reply {
            return desk.done(warning.as_deref(), &Say::Fixed(Phrase::Done));
        }
        let Reply::Approved(approved) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(approved);
        }
        let named = approval.to_string();
        let about = approved.issuance.map(|issuance| issuance.to_string());
        let cards = approved.cards.map(|cards| cards.to_string());
        let about = about.or(cards).unwrap_or_default();
        let say = Say::AboutApproval(AboutApproval::Approved {
            approval: &named,
            verb: &approved.verb,
            about: &about,
        });
        desk.out.line(&desk.lang.say(&say))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt approval approve A-12
  portvakt approval approve B-3
  portvakt --dry-run approval approve A-12";
