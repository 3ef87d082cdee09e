//! Hourglass: how late it can be at most, by all that anybody vouched for: no clock's word alone moves the log's time far ahead.

use std::time::Duration;

use access::{ClockQuality, UtcMicros};
use reader_bus::Uptime;
use site::Now;

use super::violation::{Breach, Invariant};

/// The latest time that is vouched for.
pub(super) struct Hourglass {
    time: UtcMicros,
    at: Uptime,
    /// Each time that the clock was set ahead it may have gained what is tolerated.
    tolerated: Duration,
}

impl Hourglass {
    /// At the beginning everybody knows what time it is.
    pub(super) const fn new(beginning: UtcMicros) -> Self {
        Self {
            time: beginning,
            at: Uptime::START,
            tolerated: TOLERATED,
        }
    }

    /// The kernel vouches for its clock, or does not.
    pub(super) fn look(&mut self, now: Now) {
        if now.clock == ClockQuality::Synchronised {
            self.vouch(now);
        }
    }

    /// Somebody vouches for the clock.
    pub(super) fn vouch(&mut self, now: Now) {
        (self.time, self.at) = (self.latest(now.up).max(now.utc), now.up);
    }

    /// Somebody sets the clock.
    pub(super) fn set(&mut self) {
        self.tolerated += TOLERATED;
    }

    /// A record of this time is in order.
    pub(super) fn check(&self, time: UtcMicros, up: Uptime) -> Result<(), Breach> {
        let latest = self.latest(up).saturating_add(self.tolerated);
        if time <= latest {
            return Ok(());
        }
        Err(Invariant::RightAtDecision.breach(format!(
            "a record of {time}, and nobody vouched for anything later than {latest}"
        )))
    }

    fn latest(&self, up: Uptime) -> UtcMicros {
        self.time.saturating_add(up.saturating_since(self.at))
    }
}

/// So far a clock may run ahead without anybody's word.
const TOLERATED: Duration = Duration::from_secs(301);
