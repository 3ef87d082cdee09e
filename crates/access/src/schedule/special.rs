//! Special days: one day that is no ordinary weekday.

use std::fmt;

/// What kind of special day; the first is a holiday, what the others mean is the house's own affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpecialKind(u8);

impl SpecialKind {
    /// A public holiday.
    pub const HOLIDAY: Self = Self(1);

    /// The kind of this number, 1 to 8.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        match number {
            1..=8 => Some(Self(number)),
            _ => None,
        }
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for SpecialKind {
    /// `holiday`, or `special2` to `special8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("holiday"),
            other => write!(f, "special{other}"),
        }
    }
}

/// When a special day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// On this one date.
    Once {
        /// The year, 1970 to 9999.
        year: i16,
        /// The month, from 1.
        month: i8,
        /// The day of the month, from 1.
        day: i8,
    },
    /// Every year; on a 29th of February only in years that have one.
    Yearly {
        /// The month, from 1.
        month: i8,
        /// The day of the month, from 1.
        day: i8,
    },
}

impl fmt::Display for When {
    /// `2026-12-24`, or `12-25` for every year.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once { year, month, day } => write!(f, "{year:04}-{month:02}-{day:02}"),
            Self::Yearly { month, day } => write!(f, "{month:02}-{day:02}"),
        }
    }
}

/// One special day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpecialDay {
    /// When it is.
    pub when: When,
    /// What kind of day it is.
    pub kind: SpecialKind,
}
