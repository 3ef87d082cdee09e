//! Which events `log show` and `log follow` want, and how they show them.

use access::IssuanceId;
use clap::Args;
use control::request::log::EventFilter;
use control::{Class, Moment, Private, Request, Row};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::event_line::event_line;
use crate::failure::Failure;

/// Options of both.
#[derive(Debug, Args)]
pub(super) struct Filter {
    /// Only at this door
    #[arg(long)]
    door: Option<String>,
    /// Only at this reader
    #[arg(long)]
    reader: Option<String>,
    /// Only passages decided for this reason, such as expired or unknown-card
    #[arg(long)]
    reason: Option<String>,
    /// From this time on
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// Only passage, door, reader, administration, reading or system
    #[arg(long)]
    class: Option<Class>,
    /// Only refused passages
    #[arg(long)]
    denied: bool,
    /// Only what names this issuance, P-…; needs --case
    #[arg(long, value_name = "ISSUANCE", requires = "case")]
    card: Option<IssuanceId>,
    /// Only what names this person; needs --case
    #[arg(long, value_name = "NAME", requires = "case", conflicts_with = "card")]
    person: Option<String>,
    /// The case in which a person's events are read
    #[arg(long)]
    case: Option<String>,
}

impl Filter {
    /// As the daemon reads it.
    pub(super) fn read(self, daemon: &Daemon, limit: Option<u64>) -> Result<EventFilter, Failure> {
        let instant = |text: Option<String>| -> Result<Option<Moment>, Failure> {
            let read = text.map(|text| daemon.read_time(&text)).transpose()?;
            Ok(read.map(|zoned| zoned.timestamp().into()))
        };
        Ok(EventFilter {
            door: self.door,
            reader: self.reader,
            reason: self.reason,
            since: instant(self.since)?,
            until: instant(self.until)?,
            class: self.class,
            denied: self.denied,
            limit,
            card: self.card,
            person: self.person.map(Private::new),
            case: self.case,
            proven: false,
        })
    }
}

/// Shows a stream of events, a line each; gives how many there were.
pub(super) fn show(desk: &mut Desk, daemon: &mut Daemon, request: Request) -> Result<u64, Failure> {
    let live = matches!(request, Request::LogFollow(_));
    let (lang, out) = (desk.lang, &mut desk.out);
    daemon.rows(request, &mut |daemon, row| {
        let Row::Event(event) = &row else {
            return Err(Failure::failed(
                "the daemon sent a row that was not asked for",
            ));
        };
        if out.is_json() {
            out.json(event)?;
        } else {
            out.line(&event_line(
                event,
                &daemon.in_event(event.time.timestamp()),
                lang,
            ))?;
        }
        if live { out.flush() } else { Ok(()) }
    })
}
