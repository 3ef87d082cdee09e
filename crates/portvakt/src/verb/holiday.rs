//! `portvakt holiday`.

mod list;
mod remove;
mod set;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with holidays; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum HolidayVerb {
    Set(set::Set),
    List(list::List),
    Remove(remove::Remove),
}

impl HolidayVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Set(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
            Self::Remove(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt holiday set 12-25
  portvakt holiday set 2026-12-24 --kind special2
  portvakt holiday list";
