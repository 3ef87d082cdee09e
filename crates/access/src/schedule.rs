//! Schedule: at which hours of which days something holds, by the clock on the wall.
//!
//! What counts is what a clock on the wall of the schedule's zone shows. So a window in an hour that a night in spring leaves out is
//! shorter that night, and a window in an hour that an autumn night has twice is open both times.

mod calendar;
mod days;
mod error;
mod special;
mod text;
mod timetable;
mod window;
mod zone;

pub use calendar::Calendar;
pub use days::Days;
pub use error::ScheduleError;
pub use special::{SpecialDay, SpecialKind, When};
pub use timetable::{Timetable, TimetableBuilder};
pub use window::{WINDOWS_MAX, Window, check_windows, is_within};
