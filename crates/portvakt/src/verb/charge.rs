//! `portvakt charge`.

mod export;
mod invoice;
mod list;
mod span;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with charges; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum ChargeVerb {
    List(list::List),
    Export(export::Export),
}

impl ChargeVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(desk),
            Self::Export(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt charge list --since 2026-11-01T00:00:00Z
  portvakt charge export --to november.csv";
