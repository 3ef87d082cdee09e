//! The only clock: time since start for the lines, UTC for rights and events, and how far that may be believed.

use std::path::Path;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use access::{ClockQuality, UtcMicros};
use reader_bus::Uptime;
use site::Now;

/// Reads the system's clocks. Everything else is given a [`Now`].
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    looked_at_micros: AtomicU64,
    synchronised: AtomicU8,
}

impl Clock {
    /// Starts counting.
    pub(crate) fn start() -> Self {
        let clock = Self {
            started: read_monotonic(),
            looked_at_micros: AtomicU64::new(0),
            synchronised: AtomicU8::new(0),
        };
        clock.look(0);
        clock
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Now {
        let utc = read_utc();
        Now {
            up: self.up(),
            utc,
            clock: self.quality(utc),
        }
    }

    /// Time since start.
    pub(crate) fn up(&self) -> Uptime {
        Uptime::from_micros(self.up_micros())
    }

    /// How long until `due`; zero when it has passed.
    pub(crate) fn until(&self, due: Uptime) -> Duration {
        Duration::from_micros(due.micros().saturating_sub(self.up_micros()))
    }

    fn up_micros(&self) -> u64 {
        u64::try_from(
            read_monotonic()
                .saturating_duration_since(self.started)
                .as_micros(),
        )
        .unwrap_or(u64::MAX)
    }

    fn quality(&self, utc: UtcMicros) -> ClockQuality {
        if utc < EARLIEST {
            return ClockQuality::Unknown;
        }
        let up = self.up_micros();
        if up.saturating_sub(self.looked_at_micros.load(Ordering::Relaxed)) >= LOOK_EVERY_MICROS {
            self.look(up);
        }
        match self.synchronised.load(Ordering::Relaxed) {
            0 => ClockQuality::Unsynchronised,
            _ => ClockQuality::Synchronised,
        }
    }

    /// The kernel's own word, `adjtimex`, has no maintained safe wrapper; the time service's is the next best.
    fn look(&self, up: u64) {
        self.looked_at_micros.store(up, Ordering::Relaxed);
        self.synchronised.store(
            u8::from(Path::new(SYNCHRONISED).exists()),
            Ordering::Relaxed,
        );
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the one place that reads the monotonic clock"
)]
fn read_monotonic() -> Instant {
    Instant::now()
}

#[allow(
    clippy::disallowed_methods,
    reason = "the one place that reads the wall clock"
)]
fn read_utc() -> UtcMicros {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UtcMicros::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// systemd-timesyncd makes this file when the clock was set from the network; it is gone after a boot.
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// How often that file is looked for, in microseconds.
const LOOK_EVERY_MICROS: u64 = 5_000_000;

/// 2026-01-01T00:00:00Z: a clock before this program was written has lost its battery.
const EARLIEST: UtcMicros = UtcMicros::from_micros(1_767_225_600_000_000);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_since_start_runs_on() {
        let clock = Clock::start();
        let before = clock.up();
        std::thread::sleep(Duration::from_millis(2));
        assert!(clock.up().micros() > before.micros());
        assert_eq!(clock.until(before), Duration::ZERO);
    }

    #[test]
    fn a_clock_before_this_program_is_unknown() {
        assert_eq!(
            Clock::start().quality(UtcMicros::from_micros(0)),
            ClockQuality::Unknown
        );
        assert_ne!(Clock::start().quality(EARLIEST), ClockQuality::Unknown);
    }
}
