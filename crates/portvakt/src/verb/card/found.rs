//! `portvakt card found`.

use access::IssuanceId;
use clap::Args;
use control::Request;

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;

/// A lost card was found: it is as before, and the charge is given back
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Found {
    /// The issuance, P-…
    issuance: IssuanceId,
}

impl Found {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let issuance = self.issuance;
        answer::change(desk, Request::CardFound { issuance })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card found P-3F7K2Q";
