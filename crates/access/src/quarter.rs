//! Quarter: three months by the house's calendar, after which cards and rights must have been reviewed (M6).

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::time::UtcMicros;

/// A quarter of a year: `2026-Q4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: i16,
    /// 1 to 4.
    number: i8,
}

impl Quarter {
    /// The quarter in which an instant lies by the clocks of a zone; `None` beyond the calendar.
    #[must_use]
    pub fn of(at: UtcMicros, zone: &TimeZone) -> Option<Self> {
        let instant = Timestamp::from_microsecond(at.micros()).ok()?;
        let date = zone.to_datetime(instant).date();
        Self::new(date.year(), (date.month() - 1) / 3 + 1)
    }

    fn new(year: i16, number: i8) -> Option<Self> {
        let known = (1..=4).contains(&number) && (FIRST_YEAR..=LAST_YEAR).contains(&year);
        known.then_some(Self { year, number })
    }

    /// The one before.
    #[must_use]
    pub const fn previous(self) -> Self {
        if self.number > 1 {
            Self {
                year: self.year,
                number: self.number - 1,
            }
        } else {
            Self {
                year: self.year - 1,
                number: 4,
            }
        }
    }

    /// The one after.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.number < 4 {
            Self {
                year: self.year,
                number: self.number + 1,
            }
        } else {
            Self {
                year: self.year + 1,
                number: 1,
            }
        }
    }

    /// Its first instant by the clocks of a zone: midnight, or where a clock leaps over that, the first there is after it.
    #[must_use]
    pub fn begins(self, zone: &TimeZone) -> Option<UtcMicros> {
        let first = self.first_day()?.to_zoned(zone.clone()).ok()?;
        let micros = first.timestamp().as_microsecond();
        Some(UtcMicros::from_micros(micros))
    }

    /// The first instant after it.
    #[must_use]
    pub fn ends(self, zone: &TimeZone) -> Option<UtcMicros> {
        self.next().begins(zone)
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Option<Date> {
        Date::new(self.year, self.number * 3 - 2, 1).ok()
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.number)
    }
}

/// A text that names no quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarterError {
    /// The text.
    pub found: String,
}

impl fmt::Display for QuarterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = &self.found;
        write!(f, "\"{found}\" is no quarter; write one as 2026-Q4")
    }
}

impl std::error::Error for QuarterError {}

impl FromStr for Quarter {
    type Err = QuarterError;

    fn from_str(text: &str) -> Result<Self, QuarterError> {
        let parsed = || {
            let (year, number) = text.split_once("-Q").or_else(|| text.split_once("-q"))?;
            let plain = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
            let written = year.len() == 4 && number.len() == 1 && plain(year) && plain(number);
            let quarter = Self::new(year.parse().ok()?, number.parse().ok()?);
            quarter.filter(|_| written)
        };
        parsed().ok_or_else(|| QuarterError {
            found: text.to_owned(),
        })
    }
}

/// The quarters that are over at `now` and whose review nobody has signed, oldest first, at most [`QUARTERS_MAX`]. A quarter
/// needs none at whose end the house had not begun.
#[must_use]
pub fn unreviewed(
    began: UtcMicros,
    is_signed: impl Fn(Quarter) -> bool,
    zone: &TimeZone,
    now: UtcMicros,
) -> Vec<Quarter> {
    let (Some(first), Some(present)) = (Quarter::of(began, zone), Quarter::of(now, zone)) else {
        return Vec::new();
    };
    let over = std::iter::successors(Some(present.previous()), |quarter| Some(quarter.previous()));
    let over = over.take(QUARTERS_MAX);
    let due = over.take_while(|quarter| *quarter >= first);
    let mut open: Vec<Quarter> = due.filter(|quarter| !is_signed(*quarter)).collect();
    open.reverse();
    open
}

/// As long as the log keeps anything: two years.
pub const QUARTERS_MAX: usize = 8;

const FIRST_YEAR: i16 = 1970;
/// With room for the quarter after it.
const LAST_YEAR: i16 = 9998;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UtcMicros {
        UtcMicros::from_micros(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    fn zone(name: &str) -> TimeZone {
        jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap()
    }

    fn quarter(text: &str) -> Quarter {
        text.parse().unwrap()
    }

    /// Zone, the last microsecond of a quarter, and the first of the next: New Year and the end of winter, spring and summer time.
    const TURNS: [(&str, &str, &str); 8] = [
        ("Europe/Oslo", "2026-Q4", "2026-12-31T23:00:00Z"),
        ("Europe/Oslo", "2026-Q1", "2026-03-31T22:00:00Z"),
        ("Europe/Oslo", "2026-Q3", "2026-09-30T22:00:00Z"),
        ("UTC", "2026-Q2", "2026-07-01T00:00:00Z"),
        ("America/New_York", "2026-Q3", "2026-10-01T04:00:00Z"),
        ("Asia/Kolkata", "2026-Q4", "2026-12-31T18:30:00Z"),
        ("Pacific/Kiritimati", "2026-Q4", "2026-12-31T10:00:00Z"),
        ("Pacific/Pago_Pago", "2026-Q4", "2027-01-01T11:00:00Z"),
    ];

    #[test]
    fn m06_a_quarter_turns_at_midnight_of_the_house_whatever_the_clocks_do() {
        for (name, before, turn) in TURNS {
            let (zone, before, turn) = (zone(name), quarter(before), at(turn));
            let last = UtcMicros::from_micros(turn.micros() - 1);
            assert_eq!(Quarter::of(last, &zone), Some(before), "{name}");
            assert_eq!(Quarter::of(turn, &zone), Some(before.next()), "{name}");
            assert_eq!(before.ends(&zone), Some(turn), "{name}");
            assert_eq!(before.next().begins(&zone), Some(turn), "{name}");
            assert_eq!(before.next().previous(), before);
        }
    }

    #[test]
    fn m06_a_quarter_that_begins_when_the_clocks_are_changed_has_one_beginning() {
        // Amman put its clocks forward at midnight of 2022-04-01 in some years; Troll in Antarctica has two hours of summer.
        for name in ["Asia/Amman", "Antarctica/Troll", "Africa/Casablanca"] {
            let zone = zone(name);
            for year in 1971..2038 {
                for number in 1..=4 {
                    let this = Quarter::new(year, number).unwrap();
                    let begins = this.begins(&zone).unwrap();
                    assert_eq!(Quarter::of(begins, &zone), Some(this), "{name} {this}");
                    let before = UtcMicros::from_micros(begins.micros() - 1);
                    assert_eq!(Quarter::of(before, &zone), Some(this.previous()));
                }
            }
        }
    }

    #[test]
    fn m06_a_review_is_overdue_from_the_first_day_of_the_next_quarter() {
        let oslo = zone("Europe/Oslo");
        let began = at("2026-08-14T09:00:00Z");
        let open = |now: &str| unreviewed(began, |_| false, &oslo, at(now));
        assert_eq!(open("2026-09-30T21:59:59.999999Z"), []);
        assert_eq!(open("2026-09-30T22:00:00Z"), [quarter("2026-Q3")]);
        let both = [quarter("2026-Q3"), quarter("2026-Q4")];
        assert_eq!(open("2027-01-01T00:00:00Z"), both);
        let signed = |of| of == quarter("2026-Q3");
        let left = unreviewed(began, signed, &oslo, at("2027-01-01T00:00:00Z"));
        assert_eq!(left, [quarter("2026-Q4")]);
        let long = open("2040-01-01T00:00:00Z");
        assert_eq!((long.len(), long[7]), (QUARTERS_MAX, quarter("2039-Q4")));
    }

    #[test]
    fn m06_no_review_is_due_of_a_quarter_before_the_house_began() {
        let oslo = zone("Europe/Oslo");
        // Still 2026 in UTC, 2027 at the house.
        let began = at("2026-12-31T23:30:00Z");
        assert_eq!(unreviewed(began, |_| false, &oslo, began), []);
        let before_its_end = at("2026-12-31T22:59:59Z");
        let due = unreviewed(before_its_end, |_| false, &oslo, began);
        assert_eq!(due, [quarter("2026-Q4")]);
    }

    #[test]
    fn a_quarter_is_written_in_one_way() {
        for text in ["1970-Q1", "2026-Q4", "9998-Q4"] {
            assert_eq!(quarter(text).to_string(), text);
        }
        assert_eq!(quarter("2026-q2"), quarter("2026-Q2"));
        let wrong = [
            "", "2026", "2026-Q0", "2026-Q5", "26-Q1", "2026-Q01", "2026Q1", "-026-Q1", "1969-Q4",
        ];
        for wrong in wrong {
            let refused = wrong.parse::<Quarter>().unwrap_err().to_string();
            assert!(refused.ends_with("write one as 2026-Q4"), "{refused}");
        }
    }
}
