//! Working day: when the house's ends, and with it every forgotten card (M9).

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::time::UtcMicros;

/// The time of day at which the house's working day ends, by the clocks of its zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingDay {
    zone: TimeZone,
    ends: Time,
}

impl WorkingDay {
    /// A day that ends at this time in this zone.
    #[must_use]
    pub const fn new(zone: TimeZone, ends: Time) -> Self {
        Self { zone, ends }
    }

    /// The first end of a working day after an instant; `None` beyond the calendar. Where a clock leaps over that time, the
    /// day ends by so much later.
    #[must_use]
    pub fn end_after(&self, at: UtcMicros) -> Option<UtcMicros> {
        let instant = Timestamp::from_microsecond(at.micros()).ok()?;
        let mut date = self.zone.to_datetime(instant).date();
        // A day whose end a leaping clock moved is followed by one that ends.
        for _ in 0..DAYS_TRIED {
            let end = date
                .to_datetime(self.ends)
                .to_zoned(self.zone.clone())
                .ok()?;
            let end = UtcMicros::from_micros(end.timestamp().as_microsecond());
            if end > at {
                return Some(end);
            }
            date = date.tomorrow().ok()?;
        }
        None
    }
}

const DAYS_TRIED: u8 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UtcMicros {
        UtcMicros::from_micros(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn m09_a_working_day_ends_by_the_clocks_on_the_wall_and_then_the_next_one_does() {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let day = WorkingDay::new(oslo.clone(), Time::constant(16, 0, 0, 0));
        for (instant, end) in [
            ("2026-11-27T07:00:00Z", "2026-11-27T15:00:00Z"),
            ("2026-11-27T14:59:59.999999Z", "2026-11-27T15:00:00Z"),
            ("2026-11-27T15:00:00Z", "2026-11-28T15:00:00Z"),
            ("2026-07-01T08:00:00Z", "2026-07-01T14:00:00Z"),
            // The night the clocks are put back lies between.
            ("2026-10-24T16:00:00Z", "2026-10-25T15:00:00Z"),
        ] {
            assert_eq!(day.end_after(at(instant)), Some(at(end)), "{instant}");
        }
        // Clocks leap from 02:00 to 03:00.
        let night = WorkingDay::new(oslo, Time::constant(2, 30, 0, 0));
        let end = night.end_after(at("2026-03-29T00:00:00Z"));
        assert_eq!(end, Some(at("2026-03-29T01:30:00Z")));
        assert_eq!(day.end_after(UtcMicros::from_micros(i64::MAX)), None);
    }
}
