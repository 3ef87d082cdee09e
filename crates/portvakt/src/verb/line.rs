//! `portvakt line`.

mod list;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with lines.; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum LineVerb {
    List(list::List),
}

impl LineVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt line list";
