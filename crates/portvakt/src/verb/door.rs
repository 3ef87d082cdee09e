//! `portvakt door`.

mod hours;
mod list;
mod lockdown;
mod mode;
mod open;
mod places;
mod release;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with doors.; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum DoorVerb {
    List(list::List),
    Open(open::Open),
    Mode(mode::Mode),
    Hours(hours::Hours),
    Lockdown(lockdown::Lockdown),
    Release(release::Release),
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
            Self::Mode(verb) => verb.run(desk),
            Self::Hours(verb) => verb.run(desk),
            Self::Lockdown(verb) => verb.run(desk),
            Self::Release(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt door list
  portvakt door open main --reason delivery
  portvakt door mode unlocked main --until 'today 18:00'
  portvakt door lockdown";
