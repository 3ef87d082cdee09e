//! Schedules and holidays.

use serde::{Deserialize, Serialize};

/// One wish about schedules; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ScheduleRequest {
    /// Makes one, or puts this in place of the whole of what has the name.
    Set {
        /// What it is called.
        schedule: String,
        /// Whose clocks count, by IANA's name; the site's if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
        /// When it holds, as in `mon-fri 08:00-16:00`.
        windows: Vec<String>,
    },
    /// Takes one away that nothing uses.
    Remove {
        /// Its name.
        schedule: String,
    },
    /// Every schedule; streams [`crate::reply::Row::Schedule`].
    List {},
    /// One schedule; streams one [`crate::reply::Row::Schedule`].
    Show {
        /// Its name.
        schedule: String,
    },
}

impl ScheduleRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Set { .. } | Self::Remove { .. } => true,
            Self::List {} | Self::Show { .. } => false,
        }
    }
}

/// One wish about days that are no ordinary weekdays; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum HolidayRequest {
    /// Makes a date one.
    Set {
        /// `2026-12-24`, or `12-25` for every year.
        day: String,
        /// `holiday`, or `special2` to `special8`.
        kind: String,
    },
    /// Makes a date an ordinary day again.
    Remove {
        /// The date.
        day: String,
    },
    /// Every one; streams [`crate::reply::Row::Holiday`].
    List {},
}

impl HolidayRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Set { .. } | Self::Remove { .. } => true,
            Self::List {} => false,
        }
    }
}
