//! Naming: what an explanation calls doors, groups, areas and schedules.

use crate::id::{AreaId, DoorId, GroupId, ScheduleId};

/// Names for numbers; without any, each is called by its number.
pub trait Naming {
    /// A door.
    fn door(&self, door: DoorId) -> String {
        format!("door {door}")
    }

    /// A group of doors.
    fn group(&self, group: GroupId) -> String {
        format!("door group {group}")
    }

    /// An area.
    fn area(&self, area: AreaId) -> String {
        format!("area {area}")
    }

    /// A schedule.
    fn schedule(&self, schedule: ScheduleId) -> String {
        format!("schedule {schedule}")
    }
}

/// By their numbers alone.
#[derive(Clone, Copy, Debug)]
pub struct ByNumber;

impl Naming for ByNumber {}
