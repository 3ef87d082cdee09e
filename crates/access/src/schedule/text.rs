//! Text: windows and days as people write them, `mon-fri 08:00-16:00`, `sat,holiday 10:00-14:00`, `daily 22:00-06:00+1`;
//! `2026-12-24`, `12-25`.

use std::fmt;
use std::str::FromStr;

use crate::schedule::days::{Days, WEEKDAYS};
use crate::schedule::error::{Clock, ScheduleError};
use crate::schedule::special::{SpecialKind, When};
use crate::schedule::window::{DAY, Window};

impl FromStr for Window {
    type Err = ScheduleError;

    /// Days, a space, hours. `+1` behind the end: in the day after.
    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let no_window = || ScheduleError::Text {
            found: text.to_owned(),
        };
        let mut words = text.split_whitespace();
        let (Some(days), Some(hours), None) = (words.next(), words.next(), words.next()) else {
            return Err(no_window());
        };
        let days = days.parse().map_err(|()| no_window())?;
        let (from, until) = hours.split_once('-').ok_or_else(no_window)?;
        let (until, later) = match until.strip_suffix("+1") {
            Some(until) => (until, DAY),
            None => (until, 0),
        };
        let from = minute(from).ok_or_else(no_window)?;
        let until = minute(until).ok_or_else(no_window)? + later;
        Self::new(days, from, until)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}-{}",
            self.days(),
            Clock(self.from()),
            Clock(self.until())
        )
    }
}

impl FromStr for Days {
    type Err = ();

    /// Names of days and spans of them, with commas between: `mon-fri,holiday`; `daily` is the week.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut days = Self::NONE;
        for part in text.split(',') {
            days = days.and(match part.split_once('-') {
                _ if part == "daily" => Self::WEEK,
                Some((first, last)) => span(first, last).ok_or(())?,
                None => one(part).ok_or(())?,
            });
        }
        Ok(days)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let mut day = 0;
        while day < WEEKDAYS {
            let run = (day..WEEKDAYS)
                .take_while(|day| self.meets(Self::weekday(*day)))
                .count();
            let last = day + u8::try_from(run).unwrap_or(0).saturating_sub(1);
            match run {
                0 => {}
                1 => parts.push(name(day).to_owned()),
                2 => parts.extend([name(day).to_owned(), name(last).to_owned()]),
                _ if last - day + 1 == WEEKDAYS => parts.push("daily".to_owned()),
                _ => parts.push(format!("{}-{}", name(day), name(last))),
            }
            day = last + 1;
        }
        let special = (1..=8).filter_map(SpecialKind::new);
        let special = special.filter(|kind| self.meets(Self::special(*kind)));
        parts.extend(special.map(|kind| kind.to_string()));
        f.write_str(&parts.join(","))
    }
}

impl FromStr for When {
    type Err = ScheduleError;

    /// A date of its own with its year, or one of every year without.
    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let no_date = || ScheduleError::Date {
            found: text.to_owned(),
        };
        let parts: Vec<&str> = text.split('-').collect();
        let two = |part| digits::<i8>(part, 2).ok_or_else(no_date);
        match parts.as_slice() {
            [year, month, day] => Ok(Self::Once {
                year: digits(year, 4).ok_or_else(no_date)?,
                month: two(month)?,
                day: two(day)?,
            }),
            [month, day] => Ok(Self::Yearly {
                month: two(month)?,
                day: two(day)?,
            }),
            _ => Err(no_date()),
        }
    }
}

impl FromStr for SpecialKind {
    type Err = ScheduleError;

    /// `holiday`, or `special2` to `special8`.
    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        special(text).ok_or_else(|| ScheduleError::Kind {
            found: text.to_owned(),
        })
    }
}

/// From one weekday to another, over the end of the week if need be: `fri-mon`.
fn span(first: &str, last: &str) -> Option<Days> {
    let (first, last) = (weekday(first)?, weekday(last)?);
    let length = (last + WEEKDAYS - first) % WEEKDAYS;
    let days = (0..=length).map(|step| Days::weekday((first + step) % WEEKDAYS));
    Some(days.fold(Days::NONE, Days::and))
}

fn one(name: &str) -> Option<Days> {
    weekday(name)
        .map(Days::weekday)
        .or_else(|| special(name).map(Days::special))
}

fn special(name: &str) -> Option<SpecialKind> {
    let mut kinds = (1..=8).filter_map(SpecialKind::new);
    kinds.find(|kind| kind.to_string() == name)
}

fn weekday(name: &str) -> Option<u8> {
    let at = NAMES.iter().position(|known| *known == name)?;
    u8::try_from(at).ok()
}

fn name(weekday: u8) -> &'static str {
    NAMES.get(usize::from(weekday)).copied().unwrap_or_default()
}

/// `08:00` to `24:00`.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (digits(hour, 2)?, digits(minute, 2)?);
    let of_day = hour * 60 + minute;
    (minute < 60 && of_day <= DAY).then_some(of_day)
}

/// A number of exactly so many digits.
fn digits<T: FromStr>(text: &str, len: usize) -> Option<T> {
    let is_number = text.len() == len && text.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then_some(text)?.parse().ok()
}

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn windows_read_as_they_are_written() {
        for (written, read) in [
            ("mon-fri 08:00-16:00", "mon-fri 08:00-16:00"),
            ("mon,tue 00:00-24:00", "mon,tue 00:00-24:00"),
            ("daily 22:00-06:00+1", "daily 22:00-06:00+1"),
            ("fri-mon 10:00-12:30", "mon,fri-sun 10:00-12:30"),
            (
                "sat,holiday,special3 10:00-14:00",
                "sat,holiday,special3 10:00-14:00",
            ),
            (
                "mon-sun,holiday 12:00-12:00+1",
                "daily,holiday 12:00-12:00+1",
            ),
        ] {
            let window: Window = written.parse().unwrap();
            assert_eq!(window.to_string(), read);
        }
    }

    #[test]
    fn other_texts_are_refused_with_what_would_be_right() {
        for text in [
            "",
            "mon",
            "08:00-16:00",
            "monday 08:00-16:00",
            "mon 8:00-16:00",
            "mon 08:00-16:60",
            "mon 08:00-24:01",
            "mon 08:00 - 16:00",
            "mon, 08:00-16:00",
            "special9 08:00-16:00",
            "mon 08:00-16:00+2",
            "holiday-sun 08:00-16:00",
        ] {
            assert!(
                matches!(text.parse::<Window>(), Err(ScheduleError::Text { .. })),
                "{text}"
            );
        }
        let reversed = "mon 16:00-08:00".parse::<Window>().unwrap_err().to_string();
        assert!(
            reversed.ends_with("if it runs past midnight write 16:00-08:00+1"),
            "{reversed}"
        );
    }

    #[test]
    fn days_read_as_they_are_written_and_others_are_refused() {
        for text in ["2026-12-24", "12-25", "2028-02-29"] {
            assert_eq!(text.parse::<When>().unwrap().to_string(), text);
        }
        for text in ["holiday", "special2", "special8"] {
            assert_eq!(text.parse::<SpecialKind>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "24.12.2026",
            "2026-12",
            "2026-12-24-",
            "26-12-24",
            "1-1",
            "+1-01",
        ] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
        assert!("special1".parse::<SpecialKind>().is_err());
    }

    proptest! {
        #[test]
        fn every_window_survives_its_text(bits in 1_u16..1 << 15, from in 0_u16..1_440, length in 1_u16..=1_440) {
            let window = Window::new(Days::from_bits(bits).unwrap(), from, from + length).unwrap();
            prop_assert_eq!(window.to_string().parse(), Ok(window));
        }
    }
}
