//! `portvakt reader show`.

use clap::Args;
use control::reply::reader::ReaderRow;
use control::{Reply, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::Label;

/// One reader, with what it says it is and its counters
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// The reader's name
    reader: String,
}

impl Show {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let reply = desk.connect()?.ask(Request::ReaderShow {
            reader: self.reader,
        })?;
        let Reply::Reader(reader) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(reader);
        }
        for (label, value) in fields(reader) {
            desk.field(label, &value)?;
        }
        Ok(())
    }
}

fn fields(reader: &ReaderRow) -> Vec<(Label, String)> {
    let mut fields = vec![
        (Label::Reader, reader.reader.clone()),
        (Label::State, reader.state.clone()),
        (Label::Security, reader.security.clone()),
        (Label::Trust, reader.trust.clone()),
        (
            Label::Line,
            format!("{} ({} {})", reader.line, "address", reader.address),
        ),
        (Label::Formats, reader.formats.join(", ")),
        (
            Label::Polls,
            format!("{} ({} again)", reader.polls, reader.retries),
        ),
        (Label::BadFrames, reader.bad_frames.to_string()),
    ];
    fields.extend(
        reader
            .identity
            .clone()
            .map(|identity| (Label::Identity, identity)),
    );
    fields.extend(
        reader
            .session_age_s
            .map(|age| (Label::Session, format!("{age} s"))),
    );
    if reader.enrol {
        fields.push((
            Label::Cards,
            "may be presented here for activation".to_owned(),
        ));
    }
    if reader.tamper {
        fields.push((Label::Warning, "tamper".to_owned()));
    }
    fields
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader show main-in";
