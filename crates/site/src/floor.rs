//! Time floor: a site's time never runs before the newest event it has recorded (architecture, decision 7).

use std::time::Duration;

use access::{ClockQuality, UtcMicros};
use reader_bus::Uptime;

use crate::now::Now;

/// The newest recorded time, and when by uptime that was. From there time runs on with the uptime, whatever the wall clock
/// says: a clock set back revives no card, and does not hold up the end of another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeFloor {
    newest: Option<(UtcMicros, Uptime)>,
}

impl TimeFloor {
    /// The floor under a log whose newest event has this time.
    pub(crate) fn new(newest: Option<UtcMicros>, up: Uptime) -> Self {
        Self {
            newest: newest.map(|utc| (utc, up)),
        }
    }

    /// The time as the site takes it: the wall clock, or the floor where that is later.
    pub(crate) fn lift(&self, now: Now) -> Now {
        let Some((newest, at)) = self.newest else {
            return now;
        };
        let passed = now.up.micros().saturating_sub(at.micros());
        let floor = newest.saturating_add(Duration::from_micros(passed));
        if now.utc >= floor {
            return now;
        }
        let behind = floor.saturating_since(now.utc);
        let stepped = now.clock == ClockQuality::Synchronised && behind > STEP_TOLERATED;
        let clock = if stepped {
            ClockQuality::Unsynchronised
        } else {
            now.clock
        };
        Now {
            utc: floor,
            clock,
            ..now
        }
    }

    /// Raises the floor to a time at which something was recorded.
    pub(crate) fn raise(&mut self, lifted: Now) {
        self.newest = Some((lifted.utc, lifted.up));
    }
}

/// So far a synchronised clock may step back and still be called synchronised.
const STEP_TOLERATED: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn now(up_s: u64, utc_s: i64) -> Now {
        Now {
            up: Uptime::from_micros(up_s * 1_000_000),
            utc: UtcMicros::from_micros(utc_s * 1_000_000),
            clock: ClockQuality::Synchronised,
        }
    }

    #[test]
    fn without_events_the_wall_clock_holds() {
        let floor = TimeFloor::new(None, now(0, 0).up);
        assert_eq!(floor.lift(now(5, -7)).utc, now(5, -7).utc);
    }

    #[test]
    fn a_clock_set_back_does_not_turn_time_back() {
        let mut floor = TimeFloor::new(Some(now(0, 1_000).utc), now(0, 0).up);
        assert_eq!(floor.lift(now(10, 900)).utc, now(10, 1_010).utc);
        assert_eq!(floor.lift(now(10, 900)).clock, ClockQuality::Unsynchronised);
        floor.raise(now(20, 2_000));
        assert_eq!(floor.lift(now(50, 1_000)).utc, now(50, 2_030).utc);
    }

    #[test]
    fn a_clock_ahead_of_the_floor_is_taken() {
        let floor = TimeFloor::new(Some(now(0, 1_000).utc), now(0, 0).up);
        let lifted = floor.lift(now(10, 1_011));
        assert_eq!(
            (lifted.utc, lifted.clock),
            (now(10, 1_011).utc, ClockQuality::Synchronised)
        );
        // A step back of less than a second is the floor's business, not an alarm.
        assert_eq!(floor.lift(now(10, 1_009)).clock, ClockQuality::Synchronised);
    }
}
