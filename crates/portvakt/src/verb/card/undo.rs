//! `portvakt card undo`.

use access::IssuanceId;
use clap::Args;
use control::Request;
use control::request::life::LifeRequest;

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;

/// Withdraw a mistyped issue before a card was live
///
/// Its holder is forgotten as at a return. On the day of the issue whoever issued it may do
/// this; later, or what somebody else issued, whoever may issue cards.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Undo {
    /// The issuance, P-…
    issuance: IssuanceId,
}

impl Undo {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let issuance = self.issuance;
        answer::change(desk, Request::CardLife(LifeRequest::Undo { issuance }))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card undo P-3F7K2Q";
