//! `portvakt card block`.

use access::IssuanceId;
use clap::Args;
use control::Request;
use control::request::card::CardReason;

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;

/// Deny the card at every door until it is unblocked
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Block {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// Why; it is logged
    #[arg(long)]
    reason: String,
}

impl Block {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        answer::change(
            desk,
            Request::CardBlock(CardReason {
                issuance: self.issuance,
                reason: self.reason,
            }),
        )
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card block P-3F7K2Q --reason 'left at the gym'";
