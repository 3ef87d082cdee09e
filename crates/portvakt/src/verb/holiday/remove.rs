//! `portvakt holiday remove`.

use clap::Args;
use control::Request;
use control::request::schedule::HolidayRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Make a date an ordinary day again
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Remove {
    /// The date as it was set
    day: String,
}

impl Remove {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = HolidayRequest::Remove { day: self.day };
        desk.change(Request::Holiday(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt holiday remove 2026-12-24";
