//! `portvakt area`.

mod forgive;
mod list;
mod muster;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with areas; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum AreaVerb {
    List(list::List),
    Muster(muster::Muster),
    Forgive(forgive::Forgive),
}

impl AreaVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(desk),
            Self::Muster(verb) => verb.run(desk),
            Self::Forgive(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt area list
  portvakt area muster
  portvakt area forgive --card P-3F7K2Q";
