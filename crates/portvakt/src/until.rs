//! Points in time as people write them, read in the site's zone and never guessed.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};

/// What a written time is read against: the daemon's clock and the site's zone.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    /// The daemon's clock; `today` and `+3d` count from it.
    pub(crate) now: Timestamp,
    /// The site's zone; civil times are in it.
    pub(crate) zone: TimeZone,
    /// When the working day ends there; `today` alone means then.
    pub(crate) working_day_ends: Option<Time>,
}

impl Calendar {
    /// Reads RFC 3339, `2026-11-23 16:00`, `24.12.2026 15:00`, `today`,
    /// `today 16:00`, `+3d`, `-2h`, `now`.
    ///
    /// # Errors
    /// [`UntilError`]: not understood, or a civil time the zone has twice or not at
    /// all; both candidates are named.
    pub(crate) fn read(&self, text: &str) -> Result<Zoned, UntilError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("now") {
            return Ok(self.now.to_zoned(self.zone.clone()));
        }
        if let Some(span) = read_span(text)? {
            return self.after(span, text);
        }
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return in_our_era(timestamp.to_zoned(self.zone.clone()), text);
        }
        let (date, rest) = self.read_date(text)?;
        let time = match rest.trim_start() {
            "" => self.time_left_out(date, text)?,
            written => read_time(written).ok_or_else(|| UntilError::unreadable(text))?,
        };
        self.civil(date.to_datetime(time))
    }

    /// The first instant after the day of a date such as `2026-12-31` or `31.12.2026`.
    ///
    /// # Errors
    /// [`UntilError`] if it is no date, or more than one.
    pub(crate) fn end_of_day(&self, text: &str) -> Result<Zoned, UntilError> {
        let [_, next] = self.day(text)?;
        Ok(next)
    }

    /// Reads a day, `today`, `tomorrow`, `24.12.2026`; gives its first instant and the next day's.
    ///
    /// # Errors
    /// [`UntilError`]: not understood, or with a time of day.
    pub(crate) fn day(&self, text: &str) -> Result<[Zoned; 2], UntilError> {
        let text = text.trim();
        let (date, rest) = self.read_date(text)?;
        let unreadable = || UntilError::unreadable(text);
        if !rest.trim().is_empty() {
            return Err(unreadable());
        }
        let next = date.checked_add(1.days()).map_err(|_| unreadable())?;
        let first = |date: Date| date.to_zoned(self.zone.clone()).map_err(|_| unreadable());
        Ok([first(date)?, first(next)?])
    }

    /// As [`Calendar::read`]; a date alone is its first instant.
    ///
    /// # Errors
    /// [`UntilError`].
    pub(crate) fn read_from(&self, text: &str) -> Result<Zoned, UntilError> {
        self.read_day(text, 0)
    }

    /// As [`Calendar::read`]; a date alone is meant with the whole of its day, so that the instant is the next one's first.
    ///
    /// # Errors
    /// [`UntilError`].
    pub(crate) fn read_through(&self, text: &str) -> Result<Zoned, UntilError> {
        self.read_day(text, 1)
    }

    fn read_day(&self, text: &str, days_later: i64) -> Result<Zoned, UntilError> {
        let text = text.trim();
        match self.read_date(text) {
            Ok((date, "")) => {
                let date = date.checked_add(days_later.days());
                let date = date.map_err(|_| UntilError::unreadable(text))?;
                self.civil(date.to_datetime(Time::midnight()))
            }
            Ok((_, _)) | Err(_) => self.read(text),
        }
    }

    fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    /// The date at the start of `text`, and what follows it.
    fn read_date<'t>(&self, text: &'t str) -> Result<(Date, &'t str), UntilError> {
        let lower = text.to_lowercase();
        for (word, days) in DAY_WORDS {
            let followed = |rest: &str| rest.is_empty() || rest.starts_with(' ');
            if lower.strip_prefix(word).is_some_and(followed) {
                let rest = text.get(word.len()..).unwrap_or_default();
                let date = self.today().checked_add(days.days());
                return Ok((date.map_err(|_| UntilError::unreadable(text))?, rest));
            }
        }
        let end = text.find([' ', 'T', 't']).unwrap_or(text.len());
        let (date, rest) = text.split_at(end);
        let date = read_iso_date(date).or_else(|| read_nordic_date(date));
        let rest = rest.strip_prefix([' ', 'T', 't']).unwrap_or(rest);
        Ok((date.ok_or_else(|| UntilError::unreadable(text))?, rest))
    }

    /// `today` alone is the end of the working day; any other date needs its time.
    fn time_left_out(&self, date: Date, text: &str) -> Result<Time, UntilError> {
        self.working_day_ends
            .filter(|_| date == self.today() && text.starts_with(|c: char| !c.is_ascii_digit()))
            .ok_or_else(|| UntilError::NoTime {
                text: text.to_owned(),
            })
    }

    /// Days and weeks keep the wall clock; hours and minutes count elapsed time.
    fn after(&self, span: Span, text: &str) -> Result<Zoned, UntilError> {
        let now = self.now.to_zoned(self.zone.clone());
        let beyond = |_| UntilError::unreadable(text);
        let then = if span.get_days() == 0 && span.get_weeks() == 0 {
            now.checked_add(span).map_err(beyond)?
        } else {
            self.civil(now.datetime().checked_add(span).map_err(beyond)?)?
        };
        in_our_era(then, text)
    }

    fn civil(&self, civil: DateTime) -> Result<Zoned, UntilError> {
        let ambiguous = self.zone.to_ambiguous_zoned(civil);
        let unreadable = |_| UntilError::unreadable(&civil.to_string());
        if !ambiguous.is_ambiguous() {
            return ambiguous.compatible().map_err(unreadable);
        }
        let earlier = ambiguous.clone().earlier().map_err(unreadable)?;
        let later = ambiguous.later().map_err(unreadable)?;
        let exists = earlier.datetime() == civil;
        let candidates = Box::new([earlier, later]);
        Err(if exists {
            UntilError::Twice { civil, candidates }
        } else {
            UntilError::Missing { civil, candidates }
        })
    }
}

/// Why a written time was not taken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum UntilError {
    /// Nothing known here.
    Unreadable {
        /// What was written.
        text: String,
    },
    /// A date without its time of day.
    NoTime {
        /// What was written.
        text: String,
    },
    /// The clocks go forward over it.
    Missing {
        /// What was written.
        civil: DateTime,
        /// The instants it could stand for.
        candidates: Box<[Zoned; 2]>,
    },
    /// The clocks go back over it.
    Twice {
        /// What was written.
        civil: DateTime,
        /// The instants it could stand for.
        candidates: Box<[Zoned; 2]>,
    },
}

impl UntilError {
    fn unreadable(text: &str) -> Self {
        Self::Unreadable {
            text: text.to_owned(),
        }
    }
}

impl UntilError {
    /// The same without what was written, which in a list may be anything about anybody.
    pub(crate) fn without_text(&self) -> String {
        match self {
            Self::Unreadable { .. } => format!("is not a time; write {FORMS}"),
            Self::NoTime { .. } => "has no time of day; write it as in 2026-11-23 16:00".to_owned(),
            Self::Missing { .. } | Self::Twice { .. } => self.to_string(),
        }
    }
}

impl fmt::Display for UntilError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (civil, candidates, how) = match self {
            Self::Unreadable { text } => {
                return write!(f, "cannot read the time {text:?}; write {FORMS}");
            }
            Self::NoTime { text } => {
                return write!(
                    f,
                    "{text:?} has no time of day; write it as in {text} 16:00"
                );
            }
            Self::Missing { civil, candidates } => (civil, candidates, "does not exist"),
            Self::Twice { civil, candidates } => (civil, candidates, "comes twice"),
        };
        let [first, _] = candidates.as_ref();
        let zone = first.time_zone().iana_name().unwrap_or("UTC");
        let [earlier, later] = written(candidates);
        let civil = civil.strftime("%Y-%m-%d %H:%M");
        write!(f, "{civil} {how} in {zone}; write {earlier} or {later}")
    }
}

/// Both candidates as they can be written instead.
pub(crate) fn written(candidates: &[Zoned; 2]) -> [String; 2] {
    candidates
        .each_ref()
        .map(|zoned| zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// `+3d`, `+8h`, `+30min`, `-1w`; `None` if it does not begin with a sign.
fn read_span(text: &str) -> Result<Option<Span>, UntilError> {
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        Some(_) | None => return Ok(None),
    };
    let unreadable = || UntilError::unreadable(text);
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, unit) = rest.split_at(end);
    let count = sign * digits.parse::<i64>().map_err(|_| unreadable())?;
    let span = match unit {
        "min" => Span::new().try_minutes(count),
        "h" => Span::new().try_hours(count),
        "d" => Span::new().try_days(count),
        "w" => Span::new().try_weeks(count),
        _ => return Err(unreadable()),
    };
    span.map(Some).map_err(|_| unreadable())
}

/// What lies before it has no year that can be written out in every zone (RFC 3339).
fn in_our_era(read: Zoned, text: &str) -> Result<Zoned, UntilError> {
    let is_in = read.year() >= FIRST_YEAR;
    is_in
        .then_some(read)
        .ok_or_else(|| UntilError::unreadable(text))
}

/// `2026-11-23`, every digit written.
fn read_iso_date(text: &str) -> Option<Date> {
    let mut fields = text.split('-');
    let (year, month, day) = (fields.next()?, fields.next()?, fields.next()?);
    let whole = year.len() == 4 && month.len() == 2 && day.len() == 2 && fields.next().is_none();
    whole.then(|| date(year, month, day))?
}

/// `24.12.2026`, `1.2.2026`; the year always with four digits.
fn read_nordic_date(text: &str) -> Option<Date> {
    let mut fields = text.split('.');
    let (day, month, year) = (fields.next()?, fields.next()?, fields.next()?);
    let whole = year.len() == 4 && fields.next().is_none();
    whole.then(|| date(year, month, day))?
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let year = i16::try_from(read_digits(year)?).ok()?;
    Date::new(
        Some(year).filter(|year| *year >= FIRST_YEAR)?,
        i8::try_from(read_digits(month)?).ok()?,
        i8::try_from(read_digits(day)?).ok()?,
    )
    .ok()
}

/// `16:00`, `8:30`, `16:00:30`; midnight at the end of a day is the next day's 00:00.
pub(crate) fn read_time(text: &str) -> Option<Time> {
    let mut fields = text.split(':');
    let (hour, minute, second) = (fields.next()?, fields.next()?, fields.next());
    let second = second.unwrap_or("00");
    if minute.len() != 2 || second.len() != 2 || hour.len() > 2 || fields.next().is_some() {
        return None;
    }
    let part = |text| read_digits(text).and_then(|value| i8::try_from(value).ok());
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

/// Digits only: `parse` alone would take a sign.
fn read_digits(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// Words for a day, and how far from today; longer words before their beginnings.
const DAY_WORDS: [(&str, i64); 6] = [
    ("today", 0),
    ("tomorrow", 1),
    ("yesterday", -1),
    ("i dag", 0),
    ("i morgen", 1),
    ("i går", -1),
];

const FIRST_YEAR: i16 = 1;

/// The forms, for whoever wrote something else.
const FORMS: &str = "2026-11-23 16:00, 24.12.2026 15:00, today 16:00, +3d, +8h, +30min or RFC 3339";

#[cfg(test)]
mod tests;
