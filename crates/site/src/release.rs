//! Release: a door on its way to be unlocked, by the ticket of the record behind it.

use access::DoorId;

use crate::effect::Cause;

/// Which door is released, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Release {
    /// The ticket of its record, and of the order on the line.
    pub(crate) ticket: u64,
    /// The door.
    pub(crate) door: DoorId,
    /// Why.
    pub(crate) cause: Cause,
}
