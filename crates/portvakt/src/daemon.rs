//! The daemon, asked over its socket.

use std::path::Path;
use std::time::Duration;

use control::reply::status::Hello;
use control::request::reader::ReaderRequest;
use control::{Client, Moment, Reply, Request, Row};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::failure::Failure;
use crate::text::{AboutReader, Lang, Say};
use crate::until::{Calendar, UntilError, read_time};

/// A connection to the daemon, and what it said of itself.
pub(crate) struct Daemon {
    client: Client,
    /// Who it is and who it takes us for.
    pub(crate) hello: Hello,
    zone: TimeZone,
    dry_run: bool,
    lang: Lang,
}

impl Daemon {
    /// Connects; `dry_run` goes with every request that would change something.
    ///
    /// # Errors
    /// [`Failure`] with exit code 5 if nobody answers at `socket`.
    pub(crate) fn connect(socket: &Path, dry_run: bool, lang: Lang) -> Result<Self, Failure> {
        let (client, hello) = Client::connect(socket)?;
        let zone = TimeZone::get(&hello.time_zone).map_err(|_| {
            Failure::failed(format!("unknown time zone {} of the site", hello.time_zone))
        })?;
        Ok(Self {
            client,
            hello,
            zone,
            dry_run,
            lang,
        })
    }

    /// What written times are read against.
    pub(crate) fn calendar(&self) -> Calendar {
        Calendar {
            now: self.hello.now.timestamp(),
            zone: self.zone.clone(),
            working_day_ends: read_time(&self.hello.working_day_ends),
        }
    }

    /// Reads a written time in the site's zone.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2, which names both candidates where there are two.
    pub(crate) fn read_time(&self, text: &str) -> Result<Zoned, Failure> {
        self.understood(self.calendar().read(text))
    }

    /// A time that was read, or why it was not, in the operator's language.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2.
    pub(crate) fn understood(&self, read: Result<Zoned, UntilError>) -> Result<Zoned, Failure> {
        read.map_err(|error| Failure::usage(self.lang.time_error(&error)))
    }

    /// An instant for people: `Mon 2026-11-23 16:00 Europe/Oslo`.
    pub(crate) fn shown(&self, moment: Moment) -> String {
        shown(&moment.timestamp().to_zoned(self.zone.clone()), self.lang)
    }

    /// An instant on a paper, where the house's zone is understood: `Mon 2026-11-23 16:00`.
    pub(crate) fn on_paper(&self, moment: Moment) -> String {
        let zoned = moment.timestamp().to_zoned(self.zone.clone());
        let day = self.lang.weekday(zoned.weekday());
        format!("{day} {}", zoned.strftime("%Y-%m-%d %H:%M"))
    }

    /// An instant for a table: `2026-11-23 16:00`, in the site's zone.
    pub(crate) fn in_table(&self, moment: Option<Moment>) -> String {
        let civil = |moment: Moment| moment.timestamp().to_zoned(self.zone.clone());
        moment.map_or_else(String::new, |at| {
            civil(at).strftime("%Y-%m-%d %H:%M").to_string()
        })
    }

    /// A line in which the daemon wrote instants in UTC, with each of them in the site's zone.
    pub(crate) fn localised(&self, line: &str) -> String {
        let words = line.split(' ').map(|word| {
            let instant = word.trim_end_matches([',', ';', ':']);
            let after = word.strip_prefix(instant).unwrap_or_default();
            match instant.parse::<Timestamp>() {
                Ok(at) => format!("{}{after}", self.in_event(at)),
                Err(_) => word.to_owned(),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// The day of an instant in the site's zone: `2026-11-23`.
    pub(crate) fn date(&self, moment: Moment) -> String {
        let zoned = moment.timestamp().to_zoned(self.zone.clone());
        zoned.date().to_string()
    }

    /// An instant for a line of events: to the second, in the site's zone.
    pub(crate) fn in_event(&self, timestamp: Timestamp) -> String {
        let zoned = timestamp.to_zoned(self.zone.clone());
        zoned.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Asks; says on standard error when somebody is awaited.
    ///
    /// # Errors
    /// [`Failure`] as the daemon or the socket has it.
    pub(crate) fn ask(&mut self, request: Request) -> Result<Reply, Failure> {
        let pairs = matches!(request, Request::Reader(ReaderRequest::Pair(_)));
        let mut timeout = answered_within(&request);
        self.send(request)?;
        let wait = waiting();
        loop {
            let reply = self.client.receive_within(Some(timeout));
            let reply = reply.inspect_err(|_| wait.finish_and_clear())?;
            if let Reply::Waiting { reader, wait_s } = &reply {
                let wait_s = *wait_s;
                let say = if pairs {
                    let what = AboutReader::PairingOpen { wait_s };
                    Say::AboutReader { reader, what }
                } else {
                    Say::PresentNow { reader, wait_s }
                };
                eprintln!("{}", self.lang.say(&say));
                timeout += Duration::from_secs(u64::from(wait_s));
                wait.enable_steady_tick(TICK);
            }
            if reply.is_last() {
                wait.finish_and_clear();
                return self.unless_kept(reply);
            }
        }
    }

    /// The answer, unless it is that everything waits for another person: then there is nothing for the verb to show.
    fn unless_kept(&self, reply: Reply) -> Result<Reply, Failure> {
        if let Reply::Pending(pending) = reply {
            let until = self.shown(pending.until);
            Err(Failure::Kept(pending, until))
        } else {
            Ok(reply)
        }
    }

    /// Asks for a stream and hands each row on; gives how many there were.
    ///
    /// # Errors
    /// [`Failure`] as the daemon, the socket or `each` has it.
    pub(crate) fn rows(
        &mut self,
        request: Request,
        each: &mut dyn FnMut(&Self, Row) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let live = matches!(request, Request::LogFollow(_));
        // In a large house the first row may be long in coming: every holder is opened in a search, or a list taken in is in the way.
        let timeout = (!live).then_some(WORK_TIMEOUT);
        let wait = waiting();
        if matches!(request, Request::CardFind { .. }) {
            wait.enable_steady_tick(TICK);
        }
        self.send(request)?;
        loop {
            let reply = self.client.receive_within(timeout);
            wait.finish_and_clear();
            let reply = reply?;
            if let Reply::Part { row } = reply {
                each(self, row)?;
            } else if let Reply::End { rows } = reply {
                return Ok(rows);
            } else {
                return Err(Failure::unexpected(&reply));
            }
        }
    }

    /// Asks for long work, or only for what it would do, and hands each row on; gives the last reply.
    ///
    /// # Errors
    /// [`Failure`] as the daemon, the socket or `each` has it.
    pub(crate) fn parts(
        &mut self,
        (request, dry_run): (Request, bool),
        each: &mut dyn FnMut(&Self, Row) -> Result<(), Failure>,
    ) -> Result<Reply, Failure> {
        self.client.send(request, dry_run)?;
        loop {
            let reply = self.client.receive_within(Some(WORK_TIMEOUT))?;
            let Reply::Part { row } = reply else {
                return self.unless_kept(reply);
            };
            each(self, row)?;
        }
    }

    /// Sends a request under a new id.
    ///
    /// # Errors
    /// [`Failure`] if the socket broke.
    pub(crate) fn send(&mut self, request: Request) -> Result<(), Failure> {
        let dry_run = self.dry_run && request.changes();
        Ok(self.client.send(request, dry_run)?)
    }

    /// The connection itself, for what is sent in several parts.
    pub(crate) fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// How long somebody has been awaited, on a terminal; drawn once it ticks.
fn waiting() -> ProgressBar {
    let clock = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template("{spinner} {elapsed}");
    clock.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

/// What takes a card out of use is in effect at the doors at once, and may have to wait for its record: a list of a million cards is in its
/// way for a minute.
const fn answered_within(request: &Request) -> Duration {
    if matches!(
        request,
        Request::CardLost { .. } | Request::CardBlock(_) | Request::CardReturn(_)
    ) {
        WORK_TIMEOUT
    } else {
        control::client::ANSWER_TIMEOUT
    }
}

/// How long the daemon may be silent while it carries long work out.
pub(crate) const WORK_TIMEOUT: Duration = Duration::from_secs(300);

/// A clock that is watched moves once a second.
const TICK: Duration = Duration::from_secs(1);

/// `Mon 2026-11-23 16:00 Europe/Oslo (+01:00)`; seconds only where there are some.
pub(crate) fn shown(zoned: &Zoned, lang: Lang) -> String {
    let format = if zoned.second() == 0 {
        "%Y-%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    format!(
        "{} {} {} ({})",
        lang.weekday(zoned.weekday()),
        zoned.strftime(format),
        zoned.time_zone().iana_name().unwrap_or("UTC"),
        zoned.strftime("%:z")
    )
}
