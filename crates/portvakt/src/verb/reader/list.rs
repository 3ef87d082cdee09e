//! `portvakt reader list`.

use clap::Args;
use control::reply::reader::ReaderRow;
use control::request::reader::ReaderRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::{Sheet, count};
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
        desk.list(
            Request::Reader(ReaderRequest::List {}),
            sheet,
            &|_, row, sheet| {
                let Row::Reader(reader) = row else {
                    return false;
                };
                sheet.row(cells(reader));
                true
            },
        )
    }
}

fn cells(reader: &ReaderRow) -> [String; 11] {
    let session = reader.session_age_s.map_or(String::new(), age);
    [
        reader.reader.clone(),
        reader.state.clone(),
        reader.security.clone(),
        reader.line.clone(),
        reader.address.to_string(),
        reader.formats.join(", "),
        count(reader.polls_per_s),
        reader.retries.to_string(),
        reader.bad_frames.to_string(),
        session,
        if reader.tamper {
            "tamper".to_owned()
        } else {
            String::new()
        },
    ]
}

/// Seconds as people say them.
pub(super) fn age(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
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

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn an_age_is_told_in_the_unit_people_would_use() {
        let told = [0, 119, 120, 7_199, 7_200, 172_799, 172_800].map(age);
        assert_eq!(
            told,
            ["0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 d"]
        );
    }
}
