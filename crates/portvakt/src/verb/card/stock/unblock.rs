//! `portvakt card stock unblock`.

use access::StockId;
use clap::Args;
use control::Request;
use control::request::stock::StockRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Lift the block of a card of the house
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Unblock {
    /// The card, S-…
    stock: StockId,
}

impl Unblock {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let stock = self.stock;
        let request = Request::Stock(StockRequest::Unblock { stock });
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card stock unblock S-014";
