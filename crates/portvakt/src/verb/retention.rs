//! `portvakt retention`.

mod set;
mod show;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with the times for which events are kept; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum RetentionVerb {
    Show(show::Show),
    Set(set::Set),
}

impl RetentionVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Show(verb) => verb.run(desk),
            Self::Set(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt retention show
  portvakt retention set passage 90d";
