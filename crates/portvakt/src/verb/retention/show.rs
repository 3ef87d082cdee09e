//! `portvakt retention show`.

use clap::Args;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// For how long each class of events is kept
///
/// Two calendar years are the most there is: then the record itself leaves the log. A
/// class that is kept for days only is overwritten when they are over; what is left of
/// the record until its two years are over is its time and its class.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {}

impl Show {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let columns = [Label::Class, Label::Keep, Label::AtMost, Label::FirstKept];
        let lang = desk.lang;
        let sheet = Sheet::new(lang, &columns);
        desk.list(Request::RetentionShow {}, sheet, &|_, row, sheet| {
            let Row::Retention(row) = row else {
                return false;
            };
            sheet.row([
                lang.word(row.class.as_str()),
                lang.told(&row.keep),
                lang.told(&row.at_most),
                row.first.to_string(),
            ]);
            true
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt retention show
  portvakt --json retention show";
