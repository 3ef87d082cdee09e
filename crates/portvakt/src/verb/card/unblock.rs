//! `portvakt card unblock`.

use access::IssuanceId;
use clap::Args;
use control::Request;
use control::request::card::CardReason;

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;

/// Lift a block
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Unblock {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// Why; it is logged
    #[arg(long)]
    reason: String,
}

impl Unblock {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        answer::change(
            desk,
            Request::CardUnblock(CardReason {
                issuance: self.issuance,
                reason: self.reason,
            }),
        )
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card unblock P-3F7K2Q --reason 'found again'";
