//! `portvakt witness`.

mod connection;
pub(crate) mod http_request;
mod list;
mod poster;
mod push;
mod reply;
mod run;
mod server;
mod stock;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with witnesses; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum WitnessVerb {
    Run(run::Run),
    Push(push::Push),
    List(list::List),
}

impl WitnessVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Run(verb) => verb.run(desk),
            Self::Push(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt witness run --listen 0.0.0.0:8480 --state /var/lib/portvakt-witness --log verifier.txt
  portvakt witness push
  portvakt witness list";
