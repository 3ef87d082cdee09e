//! `portvakt card stock found`.

use access::StockId;
use clap::Args;
use control::Request;
use control::request::stock::StockRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// A card of the house that was lost is here again
///
/// For one whose holder was returned without it. While somebody holds it, the loss is
/// theirs: card found P-….
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Found {
    /// The card, S-…
    stock: StockId,
}

impl Found {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let stock = self.stock;
        let request = Request::Stock(StockRequest::Found { stock });
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card stock found S-014";
