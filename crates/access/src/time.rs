//! Instants and days: UTC as the caller's clock gave it, in microseconds.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An instant: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UtcMicros(i64);

impl UtcMicros {
    /// Wraps a count of microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The instant so much later, or the last one there is.
    #[must_use]
    pub fn saturating_add(self, after: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(after.as_micros()).unwrap_or(i64::MAX)),
        )
    }

    /// How long after `earlier` this is; zero if it is not after.
    #[must_use]
    pub fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The same day and time of the calendar so many years later, in UTC. Of a 29th of February in a year that has none it is
    /// the beginning of the 1st of March, so that it is never too early; beyond the year 9999 the last instant there is.
    #[must_use]
    pub fn years_later(self, years: u8) -> Self {
        let later = || {
            let instant = jiff::Timestamp::from_microsecond(self.0).ok()?;
            let moment = jiff::tz::TimeZone::UTC.to_datetime(instant);
            let year = moment.year().checked_add(i16::from(years))?;
            let same = moment.with().year(year).build();
            let moment = same.or_else(|_| jiff::civil::DateTime::new(year, 3, 1, 0, 0, 0, 0));
            let instant = jiff::tz::TimeZone::UTC.to_timestamp(moment.ok()?).ok()?;
            Some(Self(instant.as_microsecond()))
        };
        later().unwrap_or(Self(i64::MAX))
    }

    /// The UTC day this instant lies in.
    #[must_use]
    pub fn day(self) -> Day {
        let days = self.0.div_euclid(MICROS_PER_DAY).max(0);
        Day(u32::try_from(days).unwrap_or(u32::MAX))
    }
}

impl fmt::Display for UtcMicros {
    /// RFC 3339 with six decimals, `2026-11-22T08:14:03.123456Z`; beyond the year 9999 the bare count and `µs`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(f, "{instant:.6}"),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

/// A UTC day: days since 1970-01-01, saturating at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(u32);

impl Day {
    /// Wraps a count of days since 1970-01-01.
    #[must_use]
    pub const fn new(days: u32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_reads_as_rfc_3339() {
        assert_eq!(
            UtcMicros(1_795_335_243_123_456).to_string(),
            "2026-11-22T08:14:03.123456Z"
        );
        assert_eq!(UtcMicros(0).to_string(), "1970-01-01T00:00:00.000000Z");
        assert_eq!(UtcMicros(i64::MAX).to_string(), "9223372036854775807 µs");
    }

    #[test]
    fn two_years_later_is_the_same_date_and_never_too_early() {
        for (from, to) in [
            ("2024-03-01T08:00:00.000001Z", "2026-03-01T08:00:00.000001Z"),
            ("2024-02-28T23:59:59.999999Z", "2026-02-28T23:59:59.999999Z"),
            ("2024-02-29T00:00:00Z", "2026-03-01T00:00:00Z"),
            ("2024-02-29T23:59:59.999999Z", "2026-03-01T00:00:00Z"),
            ("2026-02-28T12:00:00Z", "2028-02-28T12:00:00Z"),
            ("1969-12-31T23:00:00Z", "1971-12-31T23:00:00Z"),
        ] {
            let micros = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
            assert_eq!(
                UtcMicros(micros(from)).years_later(2),
                UtcMicros(micros(to)),
                "{from}"
            );
        }
        assert_eq!(UtcMicros(i64::MAX).years_later(2), UtcMicros(i64::MAX));
    }

    #[test]
    fn a_day_ends_with_its_last_microsecond() {
        assert_eq!(UtcMicros(MICROS_PER_DAY - 1).day(), Day(0));
        assert_eq!(UtcMicros(MICROS_PER_DAY).day(), Day(1));
        assert_eq!(UtcMicros(-1).day(), Day(0));
        assert_eq!(UtcMicros(i64::MAX).day(), Day(106_751_991));
    }

    #[test]
    fn addition_and_difference_saturate() {
        assert_eq!(
            UtcMicros(1).saturating_add(Duration::MAX),
            UtcMicros(i64::MAX)
        );
        assert_eq!(UtcMicros(5).saturating_since(UtcMicros(7)), Duration::ZERO);
        assert_eq!(
            UtcMicros(7).saturating_since(UtcMicros(5)),
            Duration::from_micros(2)
        );
    }
}
