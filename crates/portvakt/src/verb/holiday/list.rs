//! `portvakt holiday list`.

use clap::Args;
use control::request::schedule::HolidayRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// Every holiday and other special day; those of every year last
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let lang = desk.lang;
        let sheet = Sheet::new(lang, &[Label::Day, Label::Kind]);
        let request = Request::Holiday(HolidayRequest::List {});
        desk.list(request, sheet, &|_, row, sheet| {
            let Row::Holiday(day) = row else {
                return false;
            };
            sheet.row([day.day.clone(), lang.word(&day.kind)]);
            true
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt holiday list
  portvakt --json holiday list";
