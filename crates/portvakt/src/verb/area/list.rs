//! `portvakt area list`.

use clap::Args;
use control::request::house::HouseRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// Every area, and how many are in it as far as is known
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
        let sheet = Sheet::new(lang, &HEADINGS);
        let request = Request::House(HouseRequest::AreaList {});
        desk.list(request, sheet, &|_, row, sheet| {
            let Row::Area(area) = row else { return false };
            sheet.row([
                area.area.clone(),
                area.inside.to_string(),
                lang.word(&area.passback),
                area.into.join(", "),
                area.out_of.join(", "),
            ]);
            true
        })
    }
}

const HEADINGS: [Label; 5] = [
    Label::Area,
    Label::Inside,
    Label::Passback,
    Label::Into,
    Label::OutOf,
];

const EXAMPLES: &str = "\
Examples:
  portvakt area list
  portvakt --json area list";
