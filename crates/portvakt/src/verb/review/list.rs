//! `portvakt review list`.

use clap::Args;
use control::reply::review::ReviewLeft;
use control::request::review::ReviewRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// Every review, oldest first
///
/// What is still undecided of the open one is counted where that is quick, in a house of up
/// to 20,000 cards; show --undecided lists it in any.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let columns = [
            Label::Review,
            Label::Quarter,
            Label::Opened,
            Label::Cards,
            Label::Rights,
            Label::Undecided,
            Label::Signed,
        ];
        let sheet = Sheet::new(desk.lang, &columns);
        let request = Request::Review(ReviewRequest::List {});
        desk.list(request, sheet, &|daemon, row, sheet| {
            let Row::Review(review) = row else {
                return false;
            };
            let left = |left: ReviewLeft| format!("{} + {}", left.cards, left.rights);
            let signed = review.signed.as_ref();
            let signed =
                signed.map(|signed| format!("{} {}", daemon.in_table(Some(signed.at)), signed.by));
            sheet.row([
                review.review.to_string(),
                review.quarter.clone(),
                daemon.in_table(Some(review.opened_at)),
                review.cards.to_string(),
                review.rights.to_string(),
                review.undecided.map_or_else(String::new, left),
                signed.unwrap_or_default(),
            ]);
            true
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt review list
  portvakt --json review list";
