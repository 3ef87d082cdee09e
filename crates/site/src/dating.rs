//! Dating: the time of records that do not come from the site: what an operator did, a start, a seal.

use access::{ClockQuality, UtcMicros};
use reader_bus::Uptime;

use crate::now::Now;

/// The time as whoever writes the log keeps it. It runs on with the uptime from the newest record, as the site's floor does, so that
/// such a record is never ahead of what the site says next: not on the word of a clock that jumps, and not if that is set back. Only the
/// site's own records move it otherwise, and a clock that the kernel calls synchronised at the start.
#[derive(Clone, Copy, Debug)]
pub struct Dating {
    newest: (UtcMicros, Uptime),
}

impl Dating {
    /// From the time of the newest record or seal on; in an empty log, from the wall clock.
    #[must_use]
    pub fn new(newest: Option<UtcMicros>, now: Now) -> Self {
        let newest = newest.unwrap_or(now.utc);
        let begins = if now.clock == ClockQuality::Synchronised {
            newest.max(now.utc)
        } else {
            newest
        };
        Self {
            newest: (begins, now.up),
        }
    }

    /// The newest record or seal has this time.
    pub const fn wrote(&mut self, newest: UtcMicros, up: Uptime) {
        self.newest = (newest, up);
    }

    /// The present.
    #[must_use]
    pub fn present(&self, up: Uptime) -> UtcMicros {
        let (newest, since) = self.newest;
        newest.saturating_add(up.saturating_since(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(up_s: u64, utc_s: i64, clock: ClockQuality) -> Now {
        Now {
            up: Uptime::from_micros(up_s * 1_000_000),
            utc: at(utc_s),
            clock,
        }
    }

    fn at(utc_s: i64) -> UtcMicros {
        UtcMicros::from_micros(utc_s * 1_000_000)
    }

    #[test]
    fn a_clock_that_nobody_believes_moves_nothing() {
        let wall = |up_s| now(up_s, 9_000_000, ClockQuality::Unsynchronised);
        let mut dating = Dating::new(Some(at(1_000)), wall(0));
        assert_eq!(dating.present(wall(20).up), at(1_020));
        dating.wrote(at(2_000), wall(20).up);
        assert_eq!(dating.present(wall(25).up), at(2_005));
    }

    #[test]
    fn a_synchronised_clock_at_the_start_is_taken_but_not_backwards() {
        let sure = |utc_s| now(0, utc_s, ClockQuality::Synchronised);
        let after_1_s = |dating: Dating| dating.present(Uptime::from_micros(1_000_000));
        assert_eq!(
            after_1_s(Dating::new(Some(at(1_000)), sure(5_000))),
            at(5_001)
        );
        assert_eq!(
            after_1_s(Dating::new(Some(at(1_000)), sure(900))),
            at(1_001)
        );
        assert_eq!(after_1_s(Dating::new(None, sure(900))), at(901));
    }
}
