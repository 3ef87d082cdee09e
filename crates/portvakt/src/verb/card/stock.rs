//! `portvakt card stock`.

mod add;
mod block;
mod found;
mod list;
mod remove;
mod unblock;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with the house's own cards; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum StockVerb {
    Add(add::Add),
    List(list::List),
    Block(block::Block),
    Unblock(unblock::Unblock),
    Found(found::Found),
    Remove(remove::Remove),
}

impl StockVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Add(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
            Self::Block(verb) => verb.run(desk),
            Self::Unblock(verb) => verb.run(desk),
            Self::Found(verb) => verb.run(desk),
            Self::Remove(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card stock add --present main-in
  portvakt card stock list";
