//! What is wrong about hours: schedules, special days, and the modes of doors.

use std::fmt;

use access::schedule::{ScheduleError, When};

/// Why nothing became of a schedule, a special day or a door's mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoursError {
    /// A text that is no schedule or no day.
    Schedule(ScheduleError),
    /// A name that no schedule may have.
    Name,
    /// No schedule has this name or number.
    NoSuchSchedule,
    /// The schedule is in use.
    ScheduleInUse {
        /// Rights that hold by it.
        rights: u64,
        /// Doors whose hours it is.
        doors: u64,
    },
    /// No special day is on this date.
    NoSuchDay {
        /// The date.
        when: When,
    },
    /// A list of doors with no door in it.
    NoDoors,
    /// More hours than a door may have.
    TooManyHours {
        /// Hours asked for.
        found: usize,
        /// [`crate::DOOR_HOURS_MAX`].
        max: usize,
    },
    /// The end of an order has passed already.
    OrderEnded,
    /// Nothing was ordered for the door.
    NoOrder,
}

impl fmt::Display for HoursError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schedule(cause) => cause.fmt(f),
            Self::Name => write!(
                f,
                "a schedule's name is 1 to {SCHEDULE_NAME_MAX} letters, digits, \"-\", \"_\" or \".\""
            ),
            Self::NoSuchSchedule => f.write_str("no such schedule"),
            Self::ScheduleInUse { rights, doors } => write!(
                f,
                "the schedule is in use by {rights} rights and the hours of {doors} doors; change these first"
            ),
            Self::NoSuchDay { when } => write!(f, "{when} is no special day"),
            Self::NoDoors => f.write_str("at least one door is needed"),
            Self::TooManyHours { found, max } => {
                write!(f, "{found} hours for one door, at most {max}")
            }
            Self::OrderEnded => f.write_str("the end of the order has passed"),
            Self::NoOrder => f.write_str("no mode was ordered for the door"),
        }
    }
}

impl From<ScheduleError> for HoursError {
    fn from(cause: ScheduleError) -> Self {
        Self::Schedule(cause)
    }
}

/// Characters a schedule's name may have; as a door's.
pub(crate) const SCHEDULE_NAME_MAX: usize = 48;
