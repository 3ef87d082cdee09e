//! `portvakt right list`.

use access::IssuanceId;
use clap::Args;
use control::request::right::RightRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// The rights of an issuance
///
/// Times are shown where a right has some of its own; otherwise it lasts as long as the
/// card.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {
    /// The issuance, P-…
    issuance: IssuanceId,
}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let columns = [Label::Place, Label::Schedule, Label::From, Label::Until];
        let sheet = Sheet::new(desk.lang, &columns);
        let request = RightRequest::List {
            issuance: self.issuance,
        };
        desk.list(Request::Right(request), sheet, &|daemon, row, sheet| {
            let Row::Right(right) = row else {
                return false;
            };
            sheet.row([
                right.place.clone(),
                right.schedule.clone().unwrap_or_default(),
                daemon.in_table(right.valid_from),
                daemon.in_table(right.valid_until),
            ]);
            true
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt right list P-3F7K2Q
  portvakt --json right list P-3F7K2Q";
