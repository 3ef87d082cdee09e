//! `portvakt reader`.

mod accept_swap;
mod comset;
mod firmware;
mod identify;
mod list;
mod pair;
mod rotate_key;
mod set_key;
mod show;
mod test_open;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with readers.; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum ReaderVerb {
    List(list::List),
    Show(show::Show),
    Identify(identify::Identify),
    Comset(comset::Comset),
    Firmware(firmware::Firmware),
    SetKey(set_key::SetKey),
    RotateKey(rotate_key::RotateKey),
    Pair(pair::Pair),
    AcceptSwap(accept_swap::AcceptSwap),
    TestOpen(test_open::TestOpen),
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
            Self::Identify(verb) => verb.run(desk),
            Self::Comset(verb) => verb.run(desk),
            Self::Firmware(verb) => verb.run(desk),
            Self::SetKey(verb) => verb.run(desk),
            Self::RotateKey(verb) => verb.run(desk),
            Self::Pair(verb) => verb.run(desk),
            Self::AcceptSwap(verb) => verb.run(desk),
            Self::TestOpen(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader list
  portvakt reader show main-in
  portvakt reader set-key main-in --key-file main-in.key
  portvakt reader pair main-in --for 5m";
