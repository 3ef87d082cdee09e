//! `portvakt reader identify`.

use clap::Args;
use control::reply::found::FoundRow;
use control::request::reader::{ReaderIdentify, ReaderRequest};
use control::{Reply, Request, Row};
use indicatif::ProgressBar;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{AboutReader, Label, Lang, Say};

/// Find readers of unknown address or speed on a line
///
/// The line is taken out of service meanwhile: its doors stay locked, and each speed takes some ten seconds. Readers
/// are asked who they are and what they can do, and nothing else. Address 127 is what a reader answers that is
/// alone on its line, whatever its own address.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Identify {
    /// The line's name
    #[arg(long)]
    line: String,
    /// The speeds to try, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400])]
    baud: Vec<u32>,
}

impl Identify {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        if !desk.global.dry_run {
            let what = AboutReader::LineOut;
            desk.confirm(&Say::AboutReader {
                reader: &self.line,
                what,
            })?;
        }
        let wish = ReaderIdentify {
            line: self.line,
            bauds: self.baud,
        };
        let mut daemon = desk.connect()?;
        let client = daemon.client();
        client.send(
            Request::Reader(ReaderRequest::Identify(wish)),
            desk.global.dry_run,
        )?;
        let mut sheet = Sheet::new(desk.lang, &HEADINGS);
        let bar = ProgressBar::new(0);
        loop {
            let reply = client.receive_within(None)?;
            if let Reply::Progress { done, total } = reply {
                bar.set_length(total);
                bar.set_position(done);
            } else if let Reply::Part {
                row: Row::Found(found),
            } = reply
            {
                if desk.out.is_json() {
                    desk.out.json(&found)?;
                } else {
                    sheet.row(cells(&found, desk.lang));
                }
            } else if let Reply::End { .. } = reply {
                break;
            } else {
                return Err(Failure::unexpected(&reply));
            }
        }
        bar.finish_and_clear();
        desk.say_if_dry();
        if desk.out.is_json() {
            return Ok(());
        }
        if sheet.is_empty() {
            desk.say(&Say::Fixed(crate::text::Phrase::Empty));
            return Ok(());
        }
        desk.out.sheet(&sheet)
    }
}

fn cells(found: &FoundRow, lang: Lang) -> [String; 5] {
    let secure = found.secure.map_or("-", |secure| lang.yes_or_no(secure));
    [
        found.baud.to_string(),
        found.address.to_string(),
        secure.to_owned(),
        found.configured.clone().unwrap_or_default(),
        found.identity.clone(),
    ]
}

const HEADINGS: [Label; 5] = [
    Label::Baud,
    Label::Address,
    Label::Security,
    Label::Reader,
    Label::Identity,
];

const EXAMPLES: &str = "\
Examples:
  portvakt reader identify --line north
  portvakt --yes reader identify --line north --baud 9600,115200";
