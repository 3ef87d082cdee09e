//! Hours: schedules, special days and the modes of doors, as a decision asks for them.

use std::sync::Arc;

use access::schedule::{Calendar, ScheduleError, Timetable, TimetableBuilder};

use access::{ModePlans, SpareCards};

use crate::error::RegisterError;
use crate::register::Register;
use crate::{door_modes, schedules, special_days};

/// What an allowlist has besides cards; for [`access::Allowlist::with_hours`] and
/// [`access::Allowlist::with_spares`].
#[derive(Clone, Debug)]
pub struct Hours {
    /// Every schedule, and the special days.
    pub timetable: Arc<Timetable>,
    /// What every door does by schedule and by order.
    pub modes: Arc<ModePlans>,
    /// The house's own cards, for when nobody holds them.
    pub spares: Arc<SpareCards>,
}

impl Register {
    /// The hours as they are now; [`Change::new_hours`](crate::Change) says when to ask again.
    ///
    /// # Errors
    /// What SQLite says; [`StorageError::Corrupt`](crate::StorageError) if what is stored makes no hours.
    pub fn hours(&self) -> Result<Hours, RegisterError> {
        let days = special_days::rows(&self.connection)?;
        let calendar = Calendar::new(&days).map_err(|cause| corrupt(&cause))?;
        let mut timetable = TimetableBuilder::default();
        for row in schedules::rows(&self.connection)? {
            timetable
                .add(row.id, &row.zone, &row.windows)
                .map_err(|cause| corrupt(&cause))?;
        }
        let timetable = timetable
            .finish(calendar)
            .map_err(|cause| corrupt(&cause))?;
        Ok(Hours {
            timetable: Arc::new(timetable),
            modes: Arc::new(ModePlans::new(door_modes::plans(&self.connection)?)),
            spares: Arc::new(self.spares()?),
        })
    }
}

/// Nothing is stored that was not checked; a zone that a newer list of zones has no more is told as such.
fn corrupt(cause: &ScheduleError) -> RegisterError {
    if matches!(cause, ScheduleError::NoSuchZone { .. }) {
        RegisterError::corrupt("a schedule in a time zone that does not exist")
    } else {
        RegisterError::corrupt("schedules or special days that cannot be")
    }
}
