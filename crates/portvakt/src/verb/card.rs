//! `portvakt card`.

mod activate;
mod answer;
mod arrived;
mod block;
mod change;
mod choice;
mod form;
mod found;
mod hold;
mod import;
mod issue;
mod last_read;
mod list;
mod lost;
mod notify;
mod order;
mod paper;
mod pin;
mod questions;
mod registered;
mod return_card;
mod show;
mod stock;
mod trace;
mod unblock;
mod undo;
mod vouch;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with cards.; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum CardVerb {
    Issue(Box<issue::Issue>),
    Order(order::Order),
    Vouch(vouch::Vouch),
    Activate(activate::Activate),
    Arrived(arrived::Arrived),
    Notify(notify::Notify),
    Change(change::Change),
    Undo(undo::Undo),
    Block(block::Block),
    Unblock(unblock::Unblock),
    Lost(lost::Lost),
    Found(found::Found),
    Return(return_card::Return),
    Hold(hold::Hold),
    Show(show::Show),
    Form(paper::Form),
    LastRead(last_read::LastRead),
    List(list::List),
    Import(import::Import),
    Trace(trace::Trace),
    #[command(subcommand)]
    Stock(stock::StockVerb),
    #[command(subcommand)]
    Pin(pin::PinVerb),
}

impl CardVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Issue(verb) => verb.run(desk),
            Self::Order(verb) => verb.run(desk),
            Self::Vouch(verb) => verb.run(desk),
            Self::Activate(verb) => verb.run(desk),
            Self::Arrived(verb) => verb.run(desk),
            Self::Notify(verb) => verb.run(desk),
            Self::Change(verb) => verb.run(desk),
            Self::Undo(verb) => verb.run(desk),
            Self::Block(verb) => verb.run(desk),
            Self::Unblock(verb) => verb.run(desk),
            Self::Lost(verb) => verb.run(desk),
            Self::Found(verb) => verb.run(desk),
            Self::Return(verb) => verb.run(desk),
            Self::Hold(verb) => verb.run(desk),
            Self::Show(verb) => verb.run(desk),
            Self::Form(verb) => verb.run(desk),
            Self::LastRead(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
            Self::Import(verb) => verb.run(desk),
            Self::Trace(verb) => verb.run(desk),
            Self::Stock(verb) => verb.run(desk),
            Self::Pin(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card issue --kind supplier --present main-in
  portvakt card list --due today
  portvakt card return P-3F7K2Q";
