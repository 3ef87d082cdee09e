//! `portvakt review open`.

use clap::Args;
use control::Request;
use control::request::review::ReviewRequest;

use super::whole;
use crate::desk::Desk;
use crate::failure::Failure;

/// Open the review of a quarter: every card and every right as they stand
///
/// One is open at a time. What is issued or granted later is in the next one; a card that
/// is returned meanwhile leaves it. Only the operations manager opens, decides and signs.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Open {
    /// Which quarter [default: the one that ended, if it has no signed review; or else this one]
    #[arg(long, value_name = "2026-Q4")]
    quarter: Option<String>,
}

impl Open {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let quarter = self.quarter;
        let request = Request::Review(ReviewRequest::Open { quarter });
        whole::change(desk, request)
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt review open
  portvakt review open --quarter 2026-Q4";
