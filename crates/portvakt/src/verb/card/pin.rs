//! `portvakt card pin`.

mod clear;
mod set;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// Set and clear the PIN of an issuance
#[derive(Debug, Subcommand)]
#[command(arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) enum PinVerb {
    Set(set::Set),
    Clear(clear::Clear),
}

impl PinVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Set(verb) => verb.run(desk),
            Self::Clear(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card pin set P-3F7K2Q
  portvakt card pin clear P-3F7K2Q";
