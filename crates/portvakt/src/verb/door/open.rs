//! `portvakt door open`.

use clap::Args;
use control::Request;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutDoor, Say};

/// Open a door once, for its usual time
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Open {
    /// The door's name
    door: String,
    /// Why; it is logged with your name
    #[arg(long)]
    reason: String,
}

impl Open {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = Request::DoorOpen {
            door: self.door.clone(),
            reason: self.reason,
        };
        let said = Say::AboutDoor {
            door: &self.door,
            what: AboutDoor::Opened,
        };
        desk.change(request, &said)
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt door open main --reason 'delivery, Ola at the ramp'";
