//! `portvakt reader list`.

use clap::Args;
use control::reply::reader::ReaderRow;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// Every reader and how it stands
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let sheet = Sheet::new(desk.lang, &HEADINGS);
        desk.list(Request::ReaderList {}, sheet, &|_, row, sheet| {
            let Row::Reader(reader) = row else {
                return false;
            };
            sheet.row(cells(reader));
            true
        })
    }
}

fn cells(reader: &ReaderRow) -> [String; 8] {
    [
        reader.reader.clone(),
        reader.state.clone(),
        reader.security.clone(),
        reader.line.clone(),
        reader.address.to_string(),
        reader.formats.join(", "),
        reader.bad_frames.to_string(),
        if reader.tamper {
            "tamper".to_owned()
        } else {
            String::new()
        },
    ]
}

const HEADINGS: [Label; 8] = [
    Label::Reader,
    Label::State,
    Label::Security,
    Label::Line,
    Label::Address,
    Label::Formats,
    Label::BadFrames,
    Label::Warning,
];

const EXAMPLES: &str = "\
Examples:
  portvakt reader list
  portvakt --json reader list";
