//! Octets that others wrote, read alone: for tests that hand the command line's parsers whatever there is, without a terminal
//! and without a daemon. Nothing here is called by the command line itself.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use control::reply::import::ImportProblem;

use crate::failure::Failure;
use crate::leaver_list::LeaverList;
use crate::length::length;
use crate::plastic::{read_number, read_raw};
use crate::roster::Roster;
use crate::until::{Calendar, UntilError};
use crate::verb::log::source;
use crate::verb::review::decisions as decided;
use crate::verb::witness::http_request::{self, Came, Target};
use crate::wanted::wanted;

/// What a list came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Rows that were read.
    pub rows: usize,
    /// Rows that were not.
    pub problems_total: u64,
    /// Of the first of them what is told.
    pub problems: Vec<ImportProblem>,
}

/// The file of `card import`.
///
/// # Errors
/// What is told of a file that is refused as a whole.
pub fn roster(csv: &[u8]) -> Result<Listed, String> {
    let roster = Roster::read(csv, &calendar()).map_err(told)?;
    Ok(Listed {
        rows: roster.rows.len(),
        problems_total: roster.problems_total,
        problems: roster.problems,
    })
}

/// The file of `tenant leavers`.
///
/// # Errors
/// As [`roster`].
pub fn leavers(csv: &[u8]) -> Result<Listed, String> {
    let list = LeaverList::read(csv, &calendar()).map_err(told)?;
    Ok(Listed {
        rows: list.rows.len(),
        problems_total: list.problems_total,
        problems: list.problems,
    })
}

/// The file of `review decide`; gives how many decisions there are in it.
///
/// # Errors
/// As [`roster`], and what is told of the first row that cannot be taken.
pub fn decisions(csv: &[u8]) -> Result<usize, String> {
    let numbered = decided::parse(csv, &calendar()).map_err(told)?;
    Ok(numbered.len())
}

/// What a witness makes of octets.
#[derive(Debug, PartialEq, Eq)]
pub enum Http {
    /// They are not all there yet.
    Part,
    /// A request: whether it brings a checkpoint, and its body.
    Whole(bool, Vec<u8>),
    /// They are not served.
    Bad,
}

/// A request to a witness.
#[must_use]
pub fn http(octets: &[u8]) -> Http {
    match http_request::read(octets) {
        Came::Part { .. } => Http::Part,
        Came::Whole(request) => Http::Whole(request.target == Target::AddCheckpoint, request.body),
        Came::Bad(_) => Http::Bad,
    }
}

/// A point in time, as `--until`, `--from`, `--through` and a last day take it: RFC 3339, or what is told.
pub fn moments(text: &str) -> [Result<String, String>; 4] {
    let calendar = calendar();
    [
        calendar.read(text),
        calendar.read_from(text),
        calendar.read_through(text),
        calendar.end_of_day(text),
    ]
    .map(|read| {
        let read = read.map(|zoned| zoned.timestamp().to_string());
        read.map_err(|error: UntilError| error.to_string())
    })
}

/// The lesser things people type: a card's number, its bits, a right, a length of time; which of them it was taken for.
#[must_use]
pub fn words(text: &str) -> [bool; 4] {
    [
        read_number(text, "H10301").is_ok(),
        read_raw(text, 26).is_ok(),
        wanted(text).is_ok(),
        length(text).is_ok(),
    ]
}

/// The note in a line of a system's log.
#[must_use]
pub fn note_in(line: &str) -> Option<String> {
    source::note_in(line)
}

/// A Sunday on which the clocks go back, in a zone that knows the fold.
fn calendar() -> Calendar {
    Calendar {
        now: Timestamp::constant(1_792_886_400, 0),
        zone: TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC),
        working_day_ends: Time::new(16, 0, 0, 0).ok(),
    }
}

fn told(failure: Failure) -> String {
    match failure {
        Failure::Said(refusal) => refusal.message,
        Failure::Kept(_, until) => until,
        Failure::Ended(_) | Failure::ReaderGone => String::new(),
    }
}
