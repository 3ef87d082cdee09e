//! What the audience sees: one line for each thing that happens.

use std::io::{self, IsTerminal, Write};

use control::Class;
use control::reply::event::EventRow;
use control::reply::status::Hello;
use jiff::tz::TimeZone;

use super::places::Places;
use crate::event_line::{BEST_CLOCK, event_line};
use crate::failure::Failure;
use crate::text::Lang;

/// Standard output, coloured on a terminal.
pub(super) struct Screen {
    dressed: bool,
    zone: TimeZone,
    /// The quality of the clock at the beginning; said once, then only when it is another.
    clock: String,
}

impl Screen {
    /// The screen of a house in this time zone, with this clock.
    pub(super) fn new(hello: &Hello, clock: &str) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            dressed: io::stdout().is_terminal() && !no_color,
            zone: TimeZone::get(&hello.time_zone).unwrap_or(TimeZone::UTC),
            clock: clock.to_owned(),
        }
    }

    /// Before anything happens.
    pub(super) fn opening(&self, hello: &Hello, places: &Places) -> Result<(), Failure> {
        let (site, folder) = (&hello.site, places.folder().display());
        self.heading(&format!(
            "{site}: a simulated house, the real portvaktd {}",
            hello.daemon
        ))?;
        self.plain(&format!("two lines on pseudo-terminals in {folder}"))?;
        self.plain(&format!("this machine's clock: {}", self.clock))?;
        self.plain("nobody here exists; press Ctrl-C to end early")
    }

    /// Something people do.
    pub(super) fn narrate(&self, what: &str) -> Result<(), Failure> {
        self.line(Dress::Bold, &format!("> {what}"))
    }

    /// Something the controller recorded; the paperwork of enrolling people is left out.
    pub(super) fn event(&self, event: &EventRow) -> Result<(), Failure> {
        if PAPERWORK.contains(&event.event.as_str()) {
            return Ok(());
        }
        let time = event.time.timestamp().to_zoned(self.zone.clone());
        let mut said = event.clone();
        if said.clock == self.clock {
            said.clock = BEST_CLOCK.to_owned();
        }
        let line = event_line(&said, &time.strftime("%H:%M:%S%.3f").to_string(), Lang::En);
        self.line(dress(event), &format!("  {line}"))
    }

    /// A heading.
    pub(super) fn heading(&self, text: &str) -> Result<(), Failure> {
        self.line(Dress::Plain, "")?;
        self.line(Dress::Bold, text)
    }

    /// An ordinary line.
    pub(super) fn plain(&self, text: &str) -> Result<(), Failure> {
        self.line(Dress::Plain, text)
    }

    /// Good news.
    pub(super) fn good(&self, text: &str) -> Result<(), Failure> {
        self.line(Dress::Green, text)
    }

    fn line(&self, dress: Dress, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        match dress.code().filter(|_| self.dressed) {
            Some(code) => writeln!(stdout, "\x1b[{code}m{text}\x1b[0m")?,
            None => writeln!(stdout, "{text}")?,
        }
        Ok(stdout.flush()?)
    }
}

/// How a line looks on a terminal.
#[derive(Clone, Copy)]
enum Dress {
    Plain,
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
}

impl Dress {
    /// The number of the ANSI sequence (ECMA-48, SGR).
    const fn code(self) -> Option<u8> {
        match self {
            Self::Plain => None,
            Self::Bold => Some(1),
            Self::Dim => Some(2),
            Self::Red => Some(31),
            Self::Green => Some(32),
            Self::Yellow => Some(33),
        }
    }
}

fn dress(event: &EventRow) -> Dress {
    match event.class {
        Class::Passage if event.event == "access-granted" => Dress::Green,
        Class::Passage => Dress::Red,
        Class::Door => Dress::Yellow,
        Class::Reader | Class::System => Dress::Plain,
        Class::Administration | Class::Reading => Dress::Dim,
    }
}

/// Recorded like everything else, and not worth a line here.
const PAPERWORK: &[&str] = &[
    "card-arrived",
    "card-issued",
    "card-notified",
    "contact-added",
    "reader-key-set",
    "tenant-added",
];
