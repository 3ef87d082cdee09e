//! `portvakt card stock remove`.

use access::StockId;
use clap::Args;
use control::Request;
use control::request::stock::StockRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Take a card of the house that is broken or gone for good out of the stock
///
/// Its number is given to no other card. While somebody holds it, it is returned first; a
/// blocked one is unblocked first. A lost card that leaves is unknown at every door; it no
/// longer says that it was lost.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Remove {
    /// The card, S-…
    stock: StockId,
}

impl Remove {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let stock = self.stock;
        let request = Request::Stock(StockRequest::Remove { stock });
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card stock remove S-014";
