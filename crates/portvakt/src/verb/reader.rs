//! `portvakt reader`.

mod list;
mod set_key;
mod show;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with readers.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum ReaderVerb {
    /// Every reader and how it stands
    List(list::List),
    /// One reader, with what it says it is and its counters
    Show(show::Show),
    /// Give the controller a reader's Secure Channel key
    SetKey(set_key::SetKey),
}

impl ReaderVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(desk),
            Self::Show(verb) => verb.run(desk),
            Self::SetKey(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader list
  portvakt reader show main-in
  portvakt reader set-key main-in --key-file main-in.key";
