//! `portvakt review sign`.

use clap::Args;
use control::Request;
use control::request::review::ReviewRequest;

use super::whole;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Sign a review, once nothing in it is undecided
///
/// What it says is then decided. The record in the log holds how much was decided which
/// way, a hash over every decision, the hash of the review before and the root of the log;
/// it says also how many of the cards the signer had issued.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Sign {
    /// The review
    review: u32,
}

impl Sign {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        if !desk.global.dry_run {
            desk.confirm(&Say::Fixed(Phrase::AskSignReview))?;
        }
        let review = self.review;
        let request = Request::Review(ReviewRequest::Sign { review });
        whole::change(desk, request)
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt review sign 4 --dry-run
  portvakt review sign 4 --yes";
