//! `portvakt card arrived`.

use access::IssuanceId;
use clap::Args;
use control::Request;

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;

/// The ordered card is in the house
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arrived {
    /// The issuance, P-…
    issuance: IssuanceId,
}

impl Arrived {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        answer::change(
            desk,
            Request::CardArrived {
                issuance: self.issuance,
            },
        )
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card arrived P-3F7K2Q";
