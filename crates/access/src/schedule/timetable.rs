//! Timetable: all schedules of the house and its calendar, ready to be asked at every card.

use std::collections::BTreeMap;
use std::fmt;

use crate::id::ScheduleId;
use crate::reason::Reason;
use crate::schedule::calendar::Calendar;
use crate::schedule::days::WEEKDAYS;
use crate::schedule::error::ScheduleError;
use crate::schedule::special::SpecialKind;
use crate::schedule::window::{ByKind, DAY, Window, by_kind};
use crate::schedule::zone::Zone;
use crate::time::UtcMicros;

/// The schedules and the calendar of one generation.
#[derive(Debug, Default)]
pub struct Timetable {
    /// By their numbers.
    schedules: Box<[Option<Box<Hours>>]>,
    calendar: Calendar,
}

/// One schedule, ready to be asked.
pub(crate) struct Hours {
    zone: Zone,
    by_kind: ByKind,
    /// As they were written.
    windows: Box<[Window]>,
}

/// Takes schedules one by one.
#[derive(Debug, Default)]
pub struct TimetableBuilder {
    schedules: Vec<Option<Box<Hours>>>,
    twice: Option<ScheduleId>,
    zones: BTreeMap<String, Zone>,
}

impl TimetableBuilder {
    /// Takes a schedule by the clocks of a zone of the IANA's list.
    ///
    /// # Errors
    /// [`ScheduleError`] for a zone that is not there, or windows no schedule may have.
    pub fn add(
        &mut self,
        schedule: ScheduleId,
        zone: &str,
        windows: &[Window],
    ) -> Result<(), ScheduleError> {
        let by_kind = by_kind(windows)?;
        let hours = Hours {
            zone: self.zone(zone)?,
            windows: windows.into(),
            by_kind,
        };
        let at = usize::from(schedule.get());
        if self.schedules.len() <= at {
            self.schedules.resize_with(at + 1, || None);
        }
        if let Some(place) = self.schedules.get_mut(at)
            && place.replace(Box::new(hours)).is_some()
        {
            self.twice = Some(schedule);
        }
        Ok(())
    }

    /// Closes the timetable.
    ///
    /// # Errors
    /// [`ScheduleError::ScheduleTwice`].
    pub fn finish(self, calendar: Calendar) -> Result<Timetable, ScheduleError> {
        if let Some(schedule) = self.twice {
            return Err(ScheduleError::ScheduleTwice { schedule });
        }
        Ok(Timetable {
            schedules: self.schedules.into_boxed_slice(),
            calendar,
        })
    }

    /// The zone of this name, which schedules share.
    fn zone(&mut self, name: &str) -> Result<Zone, ScheduleError> {
        if let Some(known) = self.zones.get(name) {
            return Ok(known.clone());
        }
        let zone = Zone::named(name)?;
        self.zones.insert(name.to_owned(), zone.clone());
        Ok(zone)
    }
}

impl Timetable {
    /// Whether a schedule holds; one that is not there never does. Allocates nothing.
    #[must_use]
    pub fn holds(&self, schedule: ScheduleId, now: UtcMicros) -> bool {
        self.check(schedule, now).is_ok()
    }

    /// Why a schedule does not hold, if so.
    pub(crate) fn check(&self, schedule: ScheduleId, now: UtcMicros) -> Result<(), Reason> {
        let hours = self.hours(schedule).ok_or(Reason::OutsideSchedule)?;
        hours.check(&self.calendar, now)
    }

    pub(crate) fn hours(&self, schedule: ScheduleId) -> Option<&Hours> {
        let hours = self.schedules.get(usize::from(schedule.get()))?;
        hours.as_deref()
    }

    /// What the clock on the wall shows where a schedule counts, and what day that is.
    pub(crate) fn wall(&self, hours: &Hours, now: UtcMicros) -> String {
        let Some(local) = Local::of(&hours.zone, now) else {
            return "no time that a calendar has".to_owned();
        };
        let special = self
            .calendar
            .kind(local.day)
            .map_or_else(String::new, |kind| format!(", a {kind}"));
        let instant = jiff::Timestamp::from_microsecond(now.micros());
        instant.map_or_else(
            |_| now.to_string(),
            |instant| {
                let shown = hours.zone.zone().to_datetime(instant);
                format!("{}{special}", shown.strftime("%a %Y-%m-%d %H:%M:%S"))
            },
        )
    }
}

impl Hours {
    fn check(&self, calendar: &Calendar, now: UtcMicros) -> Result<(), Reason> {
        let local = Local::of(&self.zone, now).ok_or(Reason::OutsideSchedule)?;
        let special = calendar.kind(local.day);
        let today = self.is_open(local.kind(special), local.minute);
        let yesterday = || {
            let before = Local {
                day: local.day - 1,
                ..local
            };
            let kind = before.kind(calendar.kind(before.day));
            self.is_open(kind, local.minute + DAY)
        };
        if today || yesterday() {
            return Ok(());
        }
        Err(special.map_or(Reason::OutsideSchedule, |_| Reason::Holiday))
    }

    /// Whether a window that begins on a day of this kind holds at a minute counted from that day's midnight.
    fn is_open(&self, kind: usize, minute: u16) -> bool {
        let windows = self.by_kind.of(kind);
        let begun = windows.partition_point(|(from, _)| *from <= minute);
        begun
            .checked_sub(1)
            .and_then(|last| windows.get(last))
            .is_some_and(|(_, until)| minute < *until)
    }
}

impl fmt::Display for Hours {
    /// The windows with commas between, and the zone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, window) in self.windows.iter().enumerate() {
            write!(f, "{}{window}", if at == 0 { "" } else { "; " })?;
        }
        write!(f, " ({})", self.zone)
    }
}

impl fmt::Debug for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a clock on the wall shows, to the minute: windows begin and end with one.
#[derive(Clone, Copy)]
struct Local {
    /// Days since 1970-01-01.
    day: i32,
    /// Minute of the day.
    minute: u16,
}

impl Local {
    fn of(zone: &Zone, now: UtcMicros) -> Option<Self> {
        let seconds = zone.wall_seconds(now)?;
        Some(Self {
            day: i32::try_from(seconds.div_euclid(86_400)).ok()?,
            minute: u16::try_from(seconds.rem_euclid(86_400) / 60).ok()?,
        })
    }

    /// The kind of day, by its place among all kinds.
    fn kind(self, special: Option<SpecialKind>) -> usize {
        match special {
            Some(kind) => usize::from(WEEKDAYS + kind.get() - 1),
            // The 1st of January 1970 was a Thursday.
            None => usize::try_from((self.day + 3).rem_euclid(i32::from(WEEKDAYS))).unwrap_or(0),
        }
    }
}
