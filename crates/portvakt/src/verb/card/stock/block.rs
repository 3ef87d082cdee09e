//! `portvakt card stock block`.

use access::StockId;
use clap::Args;
use control::Request;
use control::request::stock::StockRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Deny a card of the house at every door, whoever holds it now or later
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Block {
    /// The card, S-…
    stock: StockId,
}

impl Block {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let stock = self.stock;
        let request = Request::Stock(StockRequest::Block { stock });
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card stock block S-014";
