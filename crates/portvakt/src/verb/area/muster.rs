//! `portvakt area muster`.

use clap::Args;
use control::request::house::HouseRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// Who is in an area, or in any, under pseudonyms; for an evacuation
///
/// That it was asked is logged with your name before the first line is shown.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Muster {
    /// The area's name [default: all of them]
    area: Option<String>,
}

impl Muster {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let sheet = Sheet::new(desk.lang, &HEADINGS);
        let area = self.area;
        let request = Request::House(HouseRequest::AreaMuster { area });
        desk.list(request, sheet, &|daemon, row, sheet| {
            let Row::Inside(inside) = row else {
                return false;
            };
            sheet.row([
                inside.area.clone(),
                inside.issuance.to_string(),
                daemon.in_table(Some(inside.since)),
                inside.reader.clone(),
            ]);
            true
        })
    }
}

const HEADINGS: [Label; 4] = [Label::Area, Label::Issuance, Label::From, Label::Reader];

const EXAMPLES: &str = "\
Examples:
  portvakt area muster
  portvakt area muster office
  portvakt --json area muster";
