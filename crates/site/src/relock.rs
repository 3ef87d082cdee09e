//! Relock: a door whose strike is to be locked before its time is over, insisted on until the reader confirms it.

use std::time::Duration;

use access::DoorId;
use reader_bus::Uptime;

/// One door to be locked at once.
#[derive(Debug)]
pub(crate) struct Relock {
    door: DoorId,
    next: Uptime,
    until: Uptime,
    told: bool,
}

impl Relock {
    /// To be locked now; from `until` on the strike is locked by itself.
    pub(crate) const fn new(door: DoorId, until: Uptime, up: Uptime) -> Self {
        Self {
            door,
            next: up,
            until,
            told: false,
        }
    }

    pub(crate) const fn door(&self) -> DoorId {
        self.door
    }

    /// When it is ordered again, or is over.
    pub(crate) const fn due(&self) -> Uptime {
        self.next
    }

    /// Whether the strike has locked by itself meanwhile.
    pub(crate) fn is_over(&self, up: Uptime) -> bool {
        self.until <= up
    }

    /// Whether it is to be ordered now; puts off the next time.
    pub(crate) fn is_due(&mut self, up: Uptime) -> bool {
        let due = self.next <= up;
        if due {
            self.next = up + AGAIN_AFTER;
        }
        due
    }

    /// It was not confirmed. Says whether that is news.
    pub(crate) const fn fail(&mut self) -> bool {
        !std::mem::replace(&mut self.told, true)
    }
}

/// So long after an order the next is given.
const AGAIN_AFTER: Duration = Duration::from_millis(1_100);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Uptime {
        Uptime::from_micros(ms * 1_000)
    }

    #[test]
    fn it_insists_until_the_strike_has_fallen_and_tells_once() {
        let mut relock = Relock::new(DoorId::new(1), at(3_000), at(0));
        assert!(relock.is_due(at(0)) && !relock.is_due(at(1_099)));
        assert!(relock.fail() && !relock.fail());
        assert!(relock.is_due(at(1_100)));
        assert!(!relock.is_over(at(2_999)) && relock.is_over(at(3_000)));
    }
}
