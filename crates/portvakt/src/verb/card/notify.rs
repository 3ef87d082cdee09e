//! `portvakt card notify`.

use access::IssuanceId;
use clap::Args;
use control::Request;

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;

/// The holder was told that the card is here
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Notify {
    /// The issuance, P-…
    issuance: IssuanceId,
}

impl Notify {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        answer::change(
            desk,
            Request::CardNotify {
                issuance: self.issuance,
            },
        )
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card notify P-3F7K2Q";
