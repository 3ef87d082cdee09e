//! Time floor: a site's time never runs before the newest event it has recorded (architecture, decision 7).

use std::time::Duration;

use access::{ClockQuality, UtcMicros};
use reader_bus::Uptime;

use crate::now::Now;

/// The newest recorded time, and when by uptime that was. From there time runs on with the uptime, whatever the wall clock
/// says: a clock set back revives no card, and does not hold up the end of another. A wall clock that jumps ahead by more than
/// [`JUMP_TOLERATED`] is held: time runs on as before until somebody confirms the jump. The first word of the kernel that its clock
/// is synchronised is taken without that: until then the clock was nobody's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeFloor {
    newest: Option<(UtcMicros, Uptime)>,
    /// Whether the clock was synchronised at some time since the start.
    was_synchronised: bool,
    /// What the wall clock said when its jump was last seen, and when by uptime that was.
    held: Option<(UtcMicros, Uptime)>,
}

impl TimeFloor {
    /// The floor under a log whose newest event has this time.
    pub(crate) fn new(newest: Option<UtcMicros>, up: Uptime) -> Self {
        Self {
            newest: newest.map(|utc| (utc, up)),
            was_synchronised: false,
            held: None,
        }
    }

    /// The time as the site takes it: the wall clock; or the floor, where that is later, or the wall clock's jump is held.
    pub(crate) fn lift(&self, now: Now) -> Now {
        let Some(floor) = self.floor(now) else {
            return now;
        };
        if self.is_jump(now, floor) {
            let clock = ClockQuality::Held;
            return Now {
                utc: floor,
                clock,
                ..now
            };
        }
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

    /// The kernel's first word that its clock is synchronised, if it moves time by more than a clock may run ahead: what was expected,
    /// and what the wall clock says. To be asked before notice is taken of it.
    pub(crate) fn first_word(&self, wall: Now) -> Option<(UtcMicros, UtcMicros)> {
        if wall.clock != ClockQuality::Synchronised || self.was_synchronised {
            return None;
        }
        let floor = self.floor(wall)?;
        let is_ahead = wall.utc > floor && wall.utc.saturating_since(floor) > JUMP_TOLERATED;
        is_ahead.then_some((floor, wall.utc))
    }

    /// Takes notice of the wall clock. Says whether a jump is held from now on, as the floor and the wall clock have it.
    pub(crate) fn look(&mut self, wall: Now) -> Option<(UtcMicros, UtcMicros)> {
        let jump = self.floor(wall).filter(|floor| self.is_jump(wall, *floor));
        if wall.clock == ClockQuality::Synchronised && !self.was_synchronised {
            let lifted = self.lift(wall);
            self.newest = self.newest.map(|_| (lifted.utc, wall.up));
            self.was_synchronised = true;
        }
        let held = jump.map(|_| (wall.utc, wall.up));
        let before = std::mem::replace(&mut self.held, held);
        jump.filter(|_| before.is_none())
            .map(|floor| (floor, wall.utc))
    }

    /// What the wall clock says while its jump is held.
    pub(crate) fn held(&self, up: Uptime) -> Option<UtcMicros> {
        let (wall, at) = self.held?;
        let passed = up.micros().saturating_sub(at.micros());
        Some(wall.saturating_add(Duration::from_micros(passed)))
    }

    /// Takes a held wall clock at its word. Says whether it was held.
    pub(crate) fn confirm(&mut self, wall: Now) -> bool {
        let held = self.held.take().is_some();
        if held {
            self.newest = Some((wall.utc, wall.up));
        }
        held
    }

    /// Raises the floor to a time at which something was recorded.
    pub(crate) fn raise(&mut self, lifted: Now) {
        self.newest = Some((lifted.utc, lifted.up));
    }

    fn floor(&self, now: Now) -> Option<UtcMicros> {
        let (newest, at) = self.newest?;
        let passed = now.up.micros().saturating_sub(at.micros());
        Some(newest.saturating_add(Duration::from_micros(passed)))
    }

    fn is_jump(&self, now: Now, floor: UtcMicros) -> bool {
        let first_word = now.clock == ClockQuality::Synchronised && !self.was_synchronised;
        !first_word && now.utc > floor && now.utc.saturating_since(floor) > JUMP_TOLERATED
    }
}

/// So far a clock may run ahead of the newest event and the uptime since (architecture, decision 7).
const JUMP_TOLERATED: Duration = Duration::from_secs(300);
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

    fn free_running(up_s: u64, utc_s: i64) -> Now {
        Now {
            clock: ClockQuality::Unsynchronised,
            ..now(up_s, utc_s)
        }
    }

    #[test]
    fn a_jump_ahead_is_held_until_it_is_confirmed() {
        let mut floor = TimeFloor::new(Some(now(0, 1_000).utc), now(0, 0).up);
        assert_eq!(floor.look(free_running(10, 1_310)), None, "five minutes");
        assert_eq!(
            floor.look(free_running(10, 1_311)),
            Some((now(0, 1_010).utc, now(0, 1_311).utc))
        );
        assert_eq!(floor.look(free_running(11, 1_312)), None, "told once");
        let lifted = floor.lift(free_running(12, 1_313));
        assert_eq!(
            (lifted.utc, lifted.clock),
            (now(0, 1_012).utc, ClockQuality::Held)
        );
        assert_eq!(floor.held(now(13, 0).up), Some(now(0, 1_314).utc));
        // What happens meanwhile is recorded at the time that is kept.
        floor.raise(lifted);
        assert_eq!(floor.lift(free_running(20, 1_321)).utc, now(0, 1_020).utc);
        assert!(floor.confirm(free_running(21, 1_322)));
        assert!(!floor.confirm(free_running(21, 1_322)));
        let lifted = floor.lift(free_running(22, 1_323));
        assert_eq!(
            (lifted.utc, lifted.clock),
            (now(0, 1_323).utc, ClockQuality::Unsynchronised)
        );
        assert_eq!(floor.held(lifted.up), None);
    }

    #[test]
    fn the_kernels_first_word_is_taken_and_a_later_jump_is_not() {
        let mut floor = TimeFloor::new(Some(now(0, 1_000).utc), now(0, 0).up);
        assert!(floor.look(free_running(1, 9_000)).is_some());
        assert_eq!(floor.lift(now(2, 9_001)).utc, now(0, 9_001).utc);
        assert_eq!(
            floor.first_word(now(2, 9_001)),
            Some((now(0, 1_002).utc, now(0, 9_001).utc))
        );
        assert_eq!(floor.first_word(free_running(2, 9_001)), None);
        assert_eq!(floor.look(now(2, 9_001)), None);
        assert_eq!(
            (floor.held(now(2, 0).up), floor.lift(now(3, 9_002)).utc),
            (None, now(0, 9_002).utc)
        );
        assert_eq!(floor.first_word(now(4, 20_000)), None);
        assert!(floor.look(now(4, 20_000)).is_some());
        assert_eq!(floor.lift(now(4, 20_000)).utc, now(0, 9_003).utc);
    }

    #[test]
    fn a_jump_that_is_taken_back_is_held_no_more() {
        let mut floor = TimeFloor::new(Some(now(0, 1_000).utc), now(0, 0).up);
        floor.look(free_running(1, 9_000));
        assert_eq!(floor.look(free_running(2, 1_002)), None);
        assert_eq!(floor.held(now(2, 0).up), None);
        assert!(!floor.confirm(free_running(3, 1_003)));
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
