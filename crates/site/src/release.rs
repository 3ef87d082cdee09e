//! Release: a door on its way to be unlocked, by the ticket of the record behind it.

use std::time::Duration;

use access::DoorId;
use reader_bus::Uptime;

use crate::effect::{Cause, Unlock};

/// Which door is released, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Release {
    /// The ticket of its record, and of the order on the line.
    pub(crate) ticket: u64,
    /// The door.
    pub(crate) door: DoorId,
    /// Why.
    pub(crate) cause: Cause,
    /// From then on it is not sent any more, however often it was taken back and ordered again.
    pub(crate) expires: Uptime,
}

impl Release {
    /// What the leave to release a door comes to, whose record has this ticket.
    pub(crate) fn of(unlock: &Unlock, ticket: u64) -> Self {
        Self {
            ticket,
            door: unlock.door(),
            cause: unlock.cause(),
            expires: unlock.decided() + UNLOCK_LIVES,
        }
    }
}

/// No unlock is sent later than this after its decision (architecture, decision 1).
pub(crate) const UNLOCK_LIVES: Duration = Duration::from_secs(1);
