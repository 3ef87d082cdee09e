//! `portvakt card`.

mod activate;
mod answer;
mod arrived;
mod block;
mod import;
mod issue;
mod list;
mod notify;
mod questions;
mod return_card;
mod show;
mod unblock;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with cards.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum CardVerb {
    /// Register a recipient; with a card at hand also activate it
    Issue(Box<issue::Issue>),
    /// Bind a card to an issuance and make it live
    Activate(activate::Activate),
    /// The ordered card is in the house
    Arrived(arrived::Arrived),
    /// The holder was told that the card is here
    Notify(notify::Notify),
    /// Deny the card at every door until it is unblocked
    Block(block::Block),
    /// Lift a block
    Unblock(unblock::Unblock),
    /// Take the card back and forget its holder
    Return(return_card::Return),
    /// One issuance with its holder; the reading is logged
    Show(show::Show),
    /// Issuances, pseudonymous
    List(list::List),
    /// Employees' cards from a CSV file, all or nothing
    Import(import::Import),
}

impl CardVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Issue(verb) => verb.run(desk),
            Self::Activate(verb) => verb.run(desk),
            Self::Arrived(verb) => verb.run(desk),
            Self::Notify(verb) => verb.run(desk),
            Self::Block(verb) => verb.run(desk),
            Self::Unblock(verb) => verb.run(desk),
            Self::Return(verb) => verb.run(desk),
            Self::Show(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
            Self::Import(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card issue --kind supplier --present main-in
  portvakt card list --state active
  portvakt card return P-3F7K2Q";
