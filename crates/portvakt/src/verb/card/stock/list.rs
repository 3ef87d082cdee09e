//! `portvakt card stock list`.

use clap::Args;
use control::request::stock::StockRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// The house's own cards, and who holds them now
///
/// Nobody can say who held one before.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let sheet = Sheet::new(desk.lang, &[Label::Stock, Label::State, Label::Issuance]);
        let lang = desk.lang;
        let request = Request::Stock(StockRequest::List {});
        desk.list(request, sheet, &|_, row, sheet| {
            let Row::Stock(card) = row else {
                return false;
            };
            sheet.row([
                card.stock.map_or_else(String::new, |id| id.to_string()),
                lang.stock(card.state).to_owned(),
                card.issuance.map_or_else(String::new, |id| id.to_string()),
            ]);
            true
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card stock list
  portvakt --json card stock list";
