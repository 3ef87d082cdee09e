//! `portvakt schedule`.

mod list;
mod remove;
mod set;
mod show;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with schedules; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum ScheduleVerb {
    Set(set::Set),
    List(list::List),
    Show(show::Show),
    Remove(remove::Remove),
}

impl ScheduleVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Set(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
            Self::Show(verb) => verb.run(desk),
            Self::Remove(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt schedule set office-hours 'mon-fri 08:00-16:00' 'sat 10:00-14:00'
  portvakt schedule show office-hours
  portvakt schedule list";
