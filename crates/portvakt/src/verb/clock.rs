//! `portvakt clock`.

mod confirm;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done about the controller's clock; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum ClockVerb {
    Confirm(confirm::Confirm),
}

impl ClockVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Confirm(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt status
  portvakt clock confirm '2026-11-23 16:00'";
