//! The clocks of a simulated building: the true time, and what the controller's wall clock makes of it.

use std::time::Duration;

use access::{ClockQuality, UtcMicros};
use reader_bus::Uptime;
use site::Now;

use crate::dice::Dice;

/// The controller's wall clock.
#[derive(Debug)]
pub(super) struct WallClock {
    /// The true time at the beginning.
    beginning: UtcMicros,
    /// How far it is off, microseconds.
    off: i64,
    /// How much too fast it runs, parts in a million.
    drift_ppm: i64,
    /// Since when it drifts.
    adrift_since: Uptime,
    quality: ClockQuality,
}

impl WallClock {
    /// A good clock at one of the times at which something is about to happen.
    pub(super) fn drawn(dice: &mut Dice) -> Self {
        let seconds = dice.pick(BEGINNINGS).copied().unwrap_or_default();
        Self {
            beginning: UtcMicros::from_micros(seconds * 1_000_000),
            off: 0,
            drift_ppm: 0,
            adrift_since: Uptime::START,
            quality: ClockQuality::Synchronised,
        }
    }

    /// What the controller is told.
    pub(super) fn now(&self, up: Uptime) -> Now {
        let truth = self.truth(up).micros();
        let adrift = micros(up.saturating_since(self.adrift_since));
        let drifted = adrift / 1_000_000 * self.drift_ppm;
        let utc = truth.saturating_add(self.off).saturating_add(drifted);
        Now {
            up,
            utc: UtcMicros::from_micros(utc),
            clock: self.quality,
        }
    }

    /// What time it is.
    pub(super) fn truth(&self, up: Uptime) -> UtcMicros {
        self.beginning
            .saturating_add(Duration::from_micros(up.micros()))
    }

    /// It runs too fast from now on, or too slow.
    pub(super) fn drift(&mut self, ppm: i64, up: Uptime) {
        self.off = self.off(up);
        (self.drift_ppm, self.adrift_since) = (ppm, up);
    }

    /// Somebody sets it, by so many microseconds.
    pub(super) fn step(&mut self, by: i64) {
        self.off = self.off.saturating_add(by);
    }

    /// It thinks that it is 1970.
    pub(super) fn lose(&mut self, up: Uptime) {
        let shown = self.now(up).utc.micros();
        self.off = self.off.saturating_sub(shown);
        self.quality = ClockQuality::Unsynchronised;
    }

    /// How far it may be believed from now on.
    pub(super) fn believe(&mut self, quality: ClockQuality) {
        self.quality = quality;
    }

    /// It is right again, and the kernel says so.
    pub(super) fn set_right(&mut self, up: Uptime) {
        self.off = 0;
        (self.drift_ppm, self.adrift_since) = (0, up);
        self.quality = ClockQuality::Synchronised;
    }

    fn off(&self, up: Uptime) -> i64 {
        self.now(up)
            .utc
            .micros()
            .saturating_sub(self.truth(up).micros())
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// When a run may begin, seconds since 1970: before hours begin or end, before either change of the clocks in Oslo, before midnight
/// of an ordinary day, of a leap day and of a year.
const BEGINNINGS: &[i64] = &[
    1_795_330_800, // 2026-11-22T07:00Z, a Sunday
    1_795_412_400, // 2026-11-23T05:40Z, twenty minutes before the hours begin
    1_795_448_400, // 2026-11-23T15:40Z, twenty minutes before they end
    1_774_744_200, // 2026-03-29T00:30Z, half an hour before the clocks go forward
    1_792_888_200, // 2026-10-25T00:30Z, half an hour before they go back
    1_798_759_800, // 2026-12-31T23:30Z
    1_835_479_800, // 2028-02-29T23:30Z
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_drifts_is_set_loses_itself_and_is_right_again() {
        let mut clock = WallClock::drawn(&mut Dice::new(1));
        let at = |s: u64| Uptime::from_micros(s * 1_000_000);
        let off = |clock: &WallClock, s| clock.off(at(s));
        clock.drift(100, at(10));
        assert_eq!((off(&clock, 10), off(&clock, 110)), (0, 10_000));
        clock.drift(0, at(110));
        clock.step(-5);
        assert_eq!(off(&clock, 900), 9_995);
        clock.lose(at(1_000));
        assert_eq!(clock.now(at(1_001)).utc, UtcMicros::from_micros(1_000_000));
        clock.set_right(at(1_002));
        assert_eq!(off(&clock, 2_000), 0);
    }
}
