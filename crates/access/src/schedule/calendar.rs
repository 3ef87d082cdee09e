//! Calendar: the days that are no ordinary weekday.

use crate::schedule::error::ScheduleError;
use crate::schedule::special::{SpecialDay, SpecialKind, When};

/// The special days of the house. A date of its own beats a date of every year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// The first special day, in days since 1970-01-01.
    first: i32,
    /// From then until the last the kind of each day; 0 is an ordinary one.
    kinds: Box<[u8]>,
}

impl Calendar {
    /// The calendar of these days.
    ///
    /// # Errors
    /// [`ScheduleError::NoSuchDate`] for a date no calendar has, [`ScheduleError::DateTwice`] for two kinds on one date.
    pub fn new(special: &[SpecialDay]) -> Result<Self, ScheduleError> {
        let mut ordered = special.to_vec();
        // Dates of their own come first, and the first on a day holds.
        ordered.sort_unstable();
        if let Some((twice, _)) = ordered
            .iter()
            .zip(ordered.iter().skip(1))
            .find(|(day, next)| day.when == next.when)
        {
            return Err(ScheduleError::DateTwice { when: twice.when });
        }
        let mut days: Vec<(i32, SpecialKind)> = Vec::with_capacity(ordered.len());
        for day in &ordered {
            match day.when {
                When::Once {
                    year,
                    month,
                    day: of,
                } => days.push((
                    days_since_1970(year, month, of)
                        .ok_or(ScheduleError::NoSuchDate { when: day.when })?,
                    day.kind,
                )),
                When::Yearly { month, day: of } => {
                    let leap_year = days_since_1970(2_000, month, of);
                    leap_year.ok_or(ScheduleError::NoSuchDate { when: day.when })?;
                    days.extend(
                        YEARS
                            .filter_map(|year| Some((days_since_1970(year, month, of)?, day.kind))),
                    );
                }
            }
        }
        // Of two on a day the first, a date of its own, is written last.
        days.reverse();
        Ok(Self::of_days(&days))
    }

    fn of_days(days: &[(i32, SpecialKind)]) -> Self {
        let first = days.iter().map(|(day, _)| *day).min().unwrap_or(0);
        let place = |day: i32| usize::try_from(day - first).ok();
        let places = || {
            days.iter()
                .filter_map(|(day, kind)| Some((place(*day)?, *kind)))
        };
        let len = places().map(|(place, _)| place + 1).max().unwrap_or(0);
        let mut kinds = vec![0; len];
        for (at, kind) in places() {
            if let Some(place) = kinds.get_mut(at) {
                *place = kind.get();
            }
        }
        Self {
            first,
            kinds: kinds.into_boxed_slice(),
        }
    }

    /// What kind of special day this is, if it is one; in days since 1970-01-01.
    pub(super) fn kind(&self, day: i32) -> Option<SpecialKind> {
        let place = usize::try_from(day.checked_sub(self.first)?).ok()?;
        SpecialKind::new(*self.kinds.get(place)?)
    }
}

fn days_since_1970(year: i16, month: i8, day: i8) -> Option<i32> {
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    let since = date - jiff::civil::date(1970, 1, 1);
    (year >= 1970).then_some(since.get_days())
}

/// Dates of every year are written out for these; a controller of 2026 is scrap by then.
const YEARS: std::ops::RangeInclusive<i16> = 2_020..=2_120;

#[cfg(test)]
mod tests {
    use super::*;

    fn once(year: i16, month: i8, day: i8, kind: u8) -> SpecialDay {
        SpecialDay {
            when: When::Once { year, month, day },
            kind: SpecialKind::new(kind).unwrap(),
        }
    }

    fn yearly(month: i8, day: i8, kind: u8) -> SpecialDay {
        SpecialDay {
            when: When::Yearly { month, day },
            kind: SpecialKind::new(kind).unwrap(),
        }
    }

    fn kind(calendar: &Calendar, year: i16, month: i8, day: i8) -> Option<u8> {
        let day = days_since_1970(year, month, day).unwrap();
        calendar.kind(day).map(SpecialKind::get)
    }

    #[test]
    fn a_date_of_its_own_beats_one_of_every_year() {
        let days = [
            yearly(12, 24, 1),
            once(2026, 12, 24, 3),
            once(2026, 5, 14, 2),
        ];
        let calendar = Calendar::new(&days).unwrap();
        assert_eq!(kind(&calendar, 2026, 12, 24), Some(3));
        assert_eq!(kind(&calendar, 2027, 12, 24), Some(1));
        assert_eq!(kind(&calendar, 2026, 5, 14), Some(2));
        assert_eq!(kind(&calendar, 2027, 5, 14), None);
    }

    #[test]
    fn the_29th_of_february_is_there_in_leap_years_only() {
        let calendar = Calendar::new(&[yearly(2, 29, 1)]).unwrap();
        assert_eq!(kind(&calendar, 2028, 2, 29), Some(1));
        assert_eq!(kind(&calendar, 2027, 3, 1), None);
        assert_eq!(kind(&calendar, 2027, 2, 28), None);
    }

    #[test]
    fn dates_that_no_calendar_has_and_dates_given_twice_are_refused() {
        for day in [
            once(2026, 2, 29, 1),
            once(2026, 13, 1, 1),
            yearly(4, 31, 1),
            once(1969, 1, 1, 1),
        ] {
            let refused = Calendar::new(&[day]).unwrap_err();
            assert_eq!(refused, ScheduleError::NoSuchDate { when: day.when });
        }
        let twice = [once(2026, 5, 1, 1), once(2026, 5, 1, 2)];
        let when = twice[0].when;
        assert_eq!(
            Calendar::new(&twice).unwrap_err(),
            ScheduleError::DateTwice { when }
        );
    }
}
