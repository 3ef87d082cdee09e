//! Schedules: those the register knows by number.

use access::ScheduleId;
use rusqlite::Connection;

use crate::error::RegisterError;
use crate::hours_error::HoursError;

/// Refuses a number that no schedule has.
pub(crate) fn must_exist(connection: &Connection, id: ScheduleId) -> Result<(), RegisterError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM schedule WHERE id = ?1")?;
    if statement.exists([id.get()])? {
        Ok(())
    } else {
        Err(HoursError::NoSuchSchedule.into())
    }
}
