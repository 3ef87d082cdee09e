//! `portvakt person`.

mod leave;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done about people; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum PersonVerb {
    Leave(leave::Leave),
}

impl PersonVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Leave(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt person leave P-3F7K2Q --dry-run
  portvakt person leave P-3F7K2Q --with-others
  portvakt person leave --operator rita P-3F7K2Q";
