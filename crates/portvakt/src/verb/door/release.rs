//! `portvakt door release`.

use clap::Args;
use control::Request;
use control::request::house::HouseRequest;

use super::places::Doors;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// End the lockdown of doors
///
/// Without names it is the whole house, and asks first.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Release {
    #[command(flatten)]
    doors: Doors,
}

impl Release {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        if self.doors.is_empty() && !desk.global.dry_run {
            desk.confirm(&Say::Fixed(Phrase::AskReleaseHouse))?;
        }
        let doors = self.doors.places();
        let request = Request::House(HouseRequest::Release { doors });
        desk.change(request, &Say::Fixed(Phrase::LockdownReleased))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt door release main
  portvakt door release --yes";
