//! `portvakt schedule remove`.

use clap::Args;
use control::Request;
use control::request::schedule::ScheduleRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Take a schedule away that no right and no door uses
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Remove {
    /// Its name
    schedule: String,
}

impl Remove {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = ScheduleRequest::Remove {
            schedule: self.schedule,
        };
        desk.change(Request::Schedule(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt schedule remove office-hours";
