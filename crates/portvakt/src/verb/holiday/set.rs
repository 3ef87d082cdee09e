//! `portvakt holiday set`.

use clap::Args;
use control::Request;
use control::request::schedule::HolidayRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Make a date a holiday, or another special day
///
/// On such a day only windows of schedules hold that name its kind. A date with its year
/// goes before the same date of every year.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Set {
    /// 2026-12-24, or 12-25 for every year
    day: String,
    /// holiday, or special2 to special8, which mean what the house says
    #[arg(long, default_value = "holiday")]
    kind: String,
}

impl Set {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = HolidayRequest::Set {
            day: self.day,
            kind: self.kind,
        };
        desk.change(Request::Holiday(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt holiday set 12-25
  portvakt holiday set 2026-12-24 --kind special2";
