//! `portvakt clock confirm`.

use clap::Args;
use control::request::house::HouseRequest;
use control::{Moment, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Take the time of a clock that jumped ahead and is held
///
/// While it is held, a card is let in only if it would be by the old time and the new.
/// Write the time that a clock you trust shows, not this machine's; it must agree with
/// the controller's within five minutes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Confirm {
    /// The time now
    time: String,
}

impl Confirm {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let now = desk.connect()?.read_time(&self.time)?;
        let now = Moment::from(now.timestamp());
        let request = Request::House(HouseRequest::ConfirmClock { now });
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt clock confirm '2026-11-23 16:00'
  portvakt clock confirm 'today 16:00'";
