//! `portvakt line list`.

use clap::Args;
use control::reply::line::LineRow;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::{Sheet, count};
use crate::text::{Label, Lang};

/// Every line and how it stands
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
        desk.list(Request::LineList {}, sheet, &|_, row, sheet| {
            let Row::Line(line) = row else { return false };
            sheet.row(cells(line, lang));
            true
        })
    }
}

fn cells(line: &LineRow, lang: Lang) -> [String; 12] {
    [
        line.line.clone(),
        lang.word(if line.up { "up" } else { "down" }),
        line.device.clone(),
        line.protocol.clone(),
        line.baud.to_string(),
        format!("{}/{}", line.online, line.readers),
        count(line.polls_per_s),
        count(line.retries),
        line.noise_octets.to_string(),
        line.bad_frames.to_string(),
        timing(line),
        line.warning
            .as_deref()
            .map_or_else(String::new, |warning| lang.told(warning)),
    ]
}

/// Reply, inter-character and turnaround times in force.
fn timing(line: &LineRow) -> String {
    let times = (
        line.reply_timeout_ms,
        line.inter_character_ms,
        line.turnaround_ms,
    );
    match times {
        (Some(reply), Some(gap), Some(turn)) => format!("{reply}/{gap}/{turn} ms"),
        (_, _, _) => String::new(),
    }
}

const HEADINGS: [Label; 12] = [
    Label::Line,
    Label::State,
    Label::Device,
    Label::Protocol,
    Label::Baud,
    Label::Online,
    Label::PollsPerSecond,
    Label::Retries,
    Label::Noise,
    Label::BadFrames,
    Label::Timing,
    Label::Warning,
];

const EXAMPLES: &str = "\
Examples:
  portvakt line list
  portvakt --json line list";
