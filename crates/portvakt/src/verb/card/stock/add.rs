//! `portvakt card stock add`.

use clap::Args;
use control::request::stock::StockRequest;
use control::{Reply, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::plastic::Plastic;
use crate::text::{Phrase, Say};

/// Take a card into the house's stock, and give it a number to write on it
///
/// The card keeps its number in the stock whoever gets it, and nothing of whoever had it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Add {
    /// The card itself.
    #[command(flatten)]
    plastic: Plastic,
}

impl Add {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let card = self.plastic.wanted()?;
        let reply = desk
            .connect()?
            .ask(Request::Stock(StockRequest::Add { card }))?;
        let Reply::Stock(row) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            desk.out.json(row)?;
        } else {
            let said = row.stock.map_or_else(
                || desk.lang.say(&Say::Fixed(Phrase::Done)),
                |stock| stock.to_string(),
            );
            desk.out.line(&said)?;
        }
        desk.say_if_dry();
        Ok(())
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card stock add --present main-in
  portvakt card stock add --number 123:45678 --format H10301";
