//! `portvakt reader show`.

use clap::Args;
use control::reply::reader::ReaderRow;
use control::request::reader::ReaderRequest;
use control::{Reply, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Label, Lang};

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
        let reply = desk.connect()?.ask(Request::Reader(ReaderRequest::Show {
            reader: self.reader,
        }))?;
        let Reply::Reader(reader) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        display(desk, reader)
    }
}

/// One reader, field by field.
///
/// # Errors
/// [`Failure`] if it cannot be written.
pub(super) fn display(desk: &mut Desk, reader: &ReaderRow) -> Result<(), Failure> {
    if desk.out.is_json() {
        return desk.out.json(reader);
    }
    for (label, value) in fields(reader, desk.lang) {
        desk.field(label, &value)?;
    }
    Ok(())
}

fn fields(reader: &ReaderRow, lang: Lang) -> Vec<(Label, String)> {
    let session = reader.session_age_s.map(|seconds| lang.age(seconds));
    let tamper = reader.tamper.then(|| lang.word("tamper"));
    [
        (Label::Reader, Some(reader.reader.clone())),
        (Label::State, Some(lang.word(&reader.state))),
        (Label::Warning, tamper),
        (Label::Security, Some(lang.word(&reader.security))),
        (Label::Session, session),
        (Label::Trust, Some(lang.word(&reader.trust))),
        (Label::Line, Some(reader.line.clone())),
        (Label::Address, Some(reader.address.to_string())),
        (Label::Identity, reader.identity.clone()),
        (Label::KnownAs, reader.known_as.clone()),
        (Label::Formats, Some(reader.formats.join(", "))),
        (Label::Enrol, Some(lang.yes_or_no(reader.enrol).to_owned())),
        (Label::Polls, Some(reader.polls.to_string())),
        (
            Label::PollsPerSecond,
            reader.polls_per_s.map(|polls| polls.to_string()),
        ),
        (
            Label::LongestReply,
            reader.longest_reply_ms.map(|ms| format!("{ms} ms")),
        ),
        (
            Label::LostReplies,
            reader.lost_replies.map(|lost| lost.to_string()),
        ),
        (
            Label::Sessions,
            reader.sessions.map(|sessions| sessions.to_string()),
        ),
        (Label::Retries, Some(reader.retries.to_string())),
        (Label::BadFrames, Some(reader.bad_frames.to_string())),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader show main-in";
