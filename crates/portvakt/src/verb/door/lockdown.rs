//! `portvakt door lockdown`.

use clap::Args;
use control::Request;
use control::request::house::HouseRequest;

use super::places::Doors;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Lock doors down at once: no card opens them until they are released
///
/// Without names it is the whole house. Exit buttons go on letting people out. It
/// survives a restart.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Lockdown {
    #[command(flatten)]
    doors: Doors,
}

impl Lockdown {
    /// Does it, without a question: it is for haste.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let doors = self.doors.places();
        let request = Request::House(HouseRequest::LockDown { doors });
        desk.change(request, &Say::Fixed(Phrase::LockedDown))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt door lockdown
  portvakt door lockdown --group floor-2
  portvakt door release";
