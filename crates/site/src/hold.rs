//! Hold: a door whose mode is to stand unlocked, kept so by timed unlocks that end by themselves.

use std::time::Duration;

use access::DoorId;
use reader_bus::Uptime;

use crate::effect::Unlock;

/// One door that stands unlocked. Recorded once; each further unlock is on the strength of that record.
#[derive(Debug)]
pub(crate) struct Hold {
    door: DoorId,
    /// Why, until that is recorded.
    unrecorded: Option<String>,
    renew_at: Uptime,
}

impl Hold {
    /// A door that is to stand unlocked from now on, and why, in the words of the log.
    pub(crate) const fn new(door: DoorId, why: String, up: Uptime) -> Self {
        Self {
            door,
            unrecorded: Some(why),
            renew_at: up,
        }
    }

    pub(crate) const fn door(&self) -> DoorId {
        self.door
    }

    /// When the next unlock is due.
    pub(crate) const fn renew_at(&self) -> Uptime {
        self.renew_at
    }

    /// Takes the leave that the door's record brought; it holds for as long as the door's mode does.
    pub(crate) fn keep(&mut self, _leave: &Unlock) {
        self.unrecorded = None;
    }

    /// The door, and why it is to stand unlocked if no record has given leave yet, if an unlock is due; puts off the next.
    pub(crate) fn due(&mut self, up: Uptime) -> Option<(DoorId, Option<String>)> {
        if up < self.renew_at {
            return None;
        }
        self.renew_at = up + RENEW_EVERY;
        Some((self.door, self.unrecorded.clone()))
    }

    /// An unlock is due at once.
    pub(crate) const fn hurry(&mut self, up: Uptime) {
        self.renew_at = up;
    }
}

/// How long one of these unlocks lasts: no strike outlives a dead controller for longer.
pub(crate) const HOLD_FOR: Duration = Duration::from_secs(30);
/// At half of that it is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(15);
