//! `portvakt door`.

mod list;
mod open;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with doors.; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum DoorVerb {
    List(list::List),
    Open(open::Open),
}

impl DoorVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(desk),
            Self::Open(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt door list
  portvakt door open main --reason delivery";
