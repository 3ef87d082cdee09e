//! Schedules: every row of `docs/schedules.md`, and every change of the clocks from 2024 to 2040.

#[path = "schedules/document.rs"]
mod document;
#[path = "oracle/hours.rs"]
mod hours;
#[path = "schedules/transitions.rs"]
mod transitions;

use access::schedule::{Calendar, SpecialDay, Timetable, TimetableBuilder, Window};
use access::{ScheduleId, UtcMicros};
use jiff::Timestamp;

/// One schedule, as the product reads it.
struct Schedule(Timetable);

impl Schedule {
    fn new(zone: &str, windows: &[Window], special: &[SpecialDay]) -> Self {
        let mut timetable = TimetableBuilder::default();
        timetable.add(ID, zone, windows).unwrap();
        let calendar = Calendar::new(special).unwrap();
        Self(timetable.finish(calendar).unwrap())
    }

    fn holds(&self, at: Timestamp) -> bool {
        let now = UtcMicros::from_micros(at.as_microsecond());
        self.0.holds(ID, now)
    }
}

const ID: ScheduleId = ScheduleId::new(1);
