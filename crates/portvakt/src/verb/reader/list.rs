//! `portvakt reader list`.

use clap::Args;
use control::reply::reader::ReaderRow;
use control::request::reader::ReaderRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::{Sheet, count};
use crate::text::{Label, Lang};

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
        let lang = desk.lang;
        let sheet = Sheet::new(lang, &HEADINGS);
        desk.list(
            Request::Reader(ReaderRequest::List {}),
            sheet,
            &|_, row, sheet| {
                let Row::Reader(reader) = row else {
                    return false;
                };
                sheet.row(cells(reader, lang));
                true
            },
        )
    }
}

fn cells(reader: &ReaderRow, lang: Lang) -> [String; 11] {
    let session = reader
        .session_age_s
        .map_or(String::new(), |seconds| lang.age(seconds));
    [
        reader.reader.clone(),
        lang.word(&reader.state),
        lang.word(&reader.security),
        reader.line.clone(),
        reader.address.to_string(),
        reader.formats.join(", "),
        count(reader.polls_per_s),
        reader.retries.to_string(),
        reader.bad_frames.to_string(),
        session,
        if reader.tamper {
            lang.word("tamper")
        } else {
            String::new()
        },
    ]
}

const HEADINGS: [Label; 11] = [
    Label::Reader,
    Label::State,
    Label::Security,
    Label::Line,
    Label::Address,
    Label::Formats,
    Label::PollsPerSecond,
    Label::Retries,
    Label::BadFrames,
    Label::Session,
    Label::Warning,
];

const EXAMPLES: &str = "\
Examples:
  portvakt reader list
  portvakt --json reader list";
