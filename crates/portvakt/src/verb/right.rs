//! `portvakt right`.

mod grant;
mod list;
mod revoke;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with rights; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum RightVerb {
    Grant(grant::Grant),
    Revoke(revoke::Revoke),
    List(list::List),
}

impl RightVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Grant(verb) => verb.run(desk),
            Self::Revoke(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt right grant P-3F7K2Q cellar@office-hours --reason 'reads the meters'
  portvakt right revoke P-3F7K2Q cellar --reason 'meters are read from afar'
  portvakt right list P-3F7K2Q";
