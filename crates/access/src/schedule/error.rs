//! Errors of schedules and calendars, for the one who writes them.

use std::fmt;

use crate::id::ScheduleId;
use crate::schedule::special::When;

/// Why a schedule or a calendar is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScheduleError {
    /// A schedule without windows would never hold.
    NoWindows,
    /// More windows than a schedule may have.
    TooManyWindows {
        /// Windows found.
        found: usize,
        /// Windows possible.
        max: usize,
    },
    /// A window without days.
    NoDays,
    /// A window that begins after its day.
    BeginsLate {
        /// The minute it begins.
        from: u16,
    },
    /// A window that ends before it begins.
    Reversed {
        /// The minute it begins.
        from: u16,
        /// The minute it ends.
        until: u16,
    },
    /// A window longer than a day.
    LongerThanADay {
        /// The minute it begins.
        from: u16,
        /// The minute it ends.
        until: u16,
    },
    /// Two windows hold at one time of the same day.
    Overlap {
        /// Minutes of one.
        first: (u16, u16),
        /// Minutes of the other.
        second: (u16, u16),
    },
    /// A zone that is in no list of time zones.
    NoSuchZone {
        /// What was asked for.
        zone: String,
    },
    /// A date that no calendar has.
    NoSuchDate {
        /// The date asked for.
        when: When,
    },
    /// A date given twice.
    DateTwice {
        /// The date.
        when: When,
    },
    /// A schedule given twice.
    ScheduleTwice {
        /// The schedule.
        schedule: ScheduleId,
    },
    /// A text that is no date.
    Date {
        /// What was written.
        found: String,
    },
    /// A text that is no kind of special day.
    Kind {
        /// What was written.
        found: String,
    },
    /// A text that is no window.
    Text {
        /// What was written.
        found: String,
    },
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWindows => f.write_str("a schedule without windows would never hold; give one, as in \"mon-fri 08:00-16:00\""),
            Self::TooManyWindows { found, max } => write!(f, "{found} windows; at most {max} are possible"),
            Self::NoDays => f.write_str("a window without days; name them, as in \"mon-fri 08:00-16:00\""),
            Self::BeginsLate { from } => write!(f, "a window cannot begin at {}; days end at 24:00", Clock(*from)),
            Self::Reversed { from, until } => write!(
                f,
                "the window {}-{} ends before it begins; if it runs past midnight write {}-{}+1",
                Clock(*from), Clock(*until), Clock(*from), Clock(*until)
            ),
            Self::LongerThanADay { from, until } => write!(f, "the window {}-{} is longer than a day", Clock(*from), Clock(*until)),
            Self::Overlap { first, second } => write!(
                f,
                "the windows {}-{} and {}-{} overlap on the same day",
                Clock(first.0), Clock(first.1), Clock(second.0), Clock(second.1)
            ),
            Self::NoSuchZone { zone } => write!(f, "\"{zone}\" is no time zone; write one like \"Europe/Oslo\""),
            Self::NoSuchDate { when } => write!(f, "there is no date {when}"),
            Self::DateTwice { when } => write!(f, "the date {when} is given twice"),
            Self::Date { found } => write!(f, "\"{found}\" is no date; write one like 2026-12-24, or 12-25 for every year"),
            Self::Kind { found } => write!(f, "\"{found}\" is no kind of special day; write holiday, or special2 to special8"),
            Self::ScheduleTwice { schedule } => write!(f, "schedule {schedule} is given twice"),
            Self::Text { found } => write!(
                f,
                "\"{found}\" is no window; write days and hours, as in \"mon-fri 08:00-16:00\", \"sat,holiday 10:00-14:00\" or \"daily 22:00-06:00+1\""
            ),
        }
    }
}

impl std::error::Error for ScheduleError {}

/// A minute as windows are written: `08:00`; in the day after `06:00+1`.
pub(super) struct Clock(pub(super) u16);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minute, after) = if self.0 > 1_440 {
            (self.0 - 1_440, "+1")
        } else {
            (self.0, "")
        };
        write!(f, "{:02}:{:02}{after}", minute / 60, minute % 60)
    }
}
