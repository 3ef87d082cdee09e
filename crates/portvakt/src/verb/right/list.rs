//! `portvakt right list`.

use access::IssuanceId;
use clap::Args;
use control::request::right::RightRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{Label, Lang};

/// The rights of an issuance
///
/// Times are shown where a right has some of its own; otherwise it lasts as long as the
/// card. The last column says when it was justified: granted, or the tenant recertified;
/// after a year it is lapsed, and the next review decides it.
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
        let columns = [
            Label::Place,
            Label::Schedule,
            Label::From,
            Label::Until,
            Label::Justified,
        ];
        let lang = desk.lang;
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
                justified(daemon.in_table(right.justified_at), right.lapsed, lang),
            ]);
            true
        })
    }
}

fn justified(at: String, is_lapsed: bool, lang: Lang) -> String {
    if is_lapsed {
        format!("{at} ({})", lang.label(Label::Lapsed))
    } else {
        at
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt right list P-3F7K2Q
  portvakt --json right list P-3F7K2Q";
