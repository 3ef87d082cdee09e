//! `portvakt review`.

mod decide;
pub(crate) mod decisions;
mod list;
mod open;
mod recertify;
mod report;
mod show;
mod sign;
mod whole;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with reviews; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum ReviewVerb {
    Open(open::Open),
    List(list::List),
    Show(show::Show),
    Decide(decide::Decide),
    Sign(sign::Sign),
    Recertify(recertify::Recertify),
    Report(report::Report),
}

impl ReviewVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Open(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
            Self::Show(verb) => verb.run(desk),
            Self::Decide(verb) => verb.run(desk),
            Self::Sign(verb) => verb.run(desk),
            Self::Recertify(verb) => verb.run(desk),
            Self::Report(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt review open
  portvakt review show --undecided
  portvakt review decide 4 P-3F7K2Q cellar --revoke --reason 'reads no meters any more'
  portvakt review decide 4 --tenant Kommunen --keep --reason 'all of them work here'
  portvakt review sign 4
  portvakt review report 4 --to 2026-q4.html";
