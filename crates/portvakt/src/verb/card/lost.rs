//! `portvakt card lost`.

use access::IssuanceId;
use clap::Args;
use control::Request;

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;

/// Report a card lost: denied at every door, and its tenant charged
///
/// Whoever uses it later raises lost-card-used. Lost cards: card list --state lost.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Lost {
    /// The issuance, P-…
    issuance: IssuanceId,
}

impl Lost {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let issuance = self.issuance;
        answer::change(desk, Request::CardLost { issuance })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card lost P-3F7K2Q";
