//! The only clock: time since start for the lines, UTC for rights and events, and how far that may be believed.

use std::path::Path;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use access::{ClockQuality, UtcMicros};
use reader_bus::Uptime;
use rtime_clock::adjtime::{Timex, adjtimex};
use site::Now;

/// Reads the system's clocks. Everything else is given a [`Now`].
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    looked_at_micros: AtomicU64,
    synchronised: AtomicU8,
    /// A story runs ahead of both clocks, and is believed.
    #[cfg(test)]
    ahead_micros: AtomicU64,
}

impl Clock {
    /// Starts counting.
    pub(crate) fn start() -> Self {
        let clock = Self {
            started: read_monotonic(),
            looked_at_micros: AtomicU64::new(0),
            synchronised: AtomicU8::new(0),
            #[cfg(test)]
            ahead_micros: AtomicU64::new(0),
        };
        clock.look(0);
        clock
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Now {
        let utc = self.utc();
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

    #[cfg(not(test))]
    fn utc(&self) -> UtcMicros {
        read_utc()
    }

    #[cfg(not(test))]
    fn up_micros(&self) -> u64 {
        self.since_start()
    }

    fn since_start(&self) -> u64 {
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
        #[cfg(test)]
        if self.ahead_micros.load(Ordering::Relaxed) > 0 {
            return ClockQuality::Synchronised;
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

    /// Where the kernel may not be asked, as in a container, the time service's word is the next best.
    fn look(&self, up: u64) {
        self.looked_at_micros.store(up, Ordering::Relaxed);
        let synchronised = ask_kernel().map_or_else(
            || Path::new(SYNCHRONISED).exists(),
            KernelWord::is_synchronised,
        );
        self.synchronised
            .store(u8::from(synchronised), Ordering::Relaxed);
    }
}

/// What the kernel says of its clock (`adjtimex(2)`).
#[derive(Clone, Copy, Debug)]
struct KernelWord {
    /// What the call returned.
    state: i32,
    /// Bits of `status`.
    status: i32,
    /// The largest error there may be, in microseconds.
    max_error_micros: u64,
}

impl KernelWord {
    /// All three say the same of a clock that somebody keeps right, so one that does not is enough to doubt it.
    const fn is_synchronised(self) -> bool {
        self.state != TIME_ERROR
            && self.status & (STA_UNSYNC | STA_CLOCKERR) == 0
            && self.max_error_micros < MAX_ERROR_MICROS
    }
}

/// `None` if the call is refused. It sets nothing: its `modes` are zero.
fn ask_kernel() -> Option<KernelWord> {
    let mut timex = Timex::new();
    let state = adjtimex(&mut timex).ok()?;
    Some(KernelWord {
        state,
        status: timex.0.status,
        max_error_micros: u64::try_from(timex.0.maxerror).unwrap_or(u64::MAX),
    })
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

/// The kernel's clock is not synchronised; so it is returned (`linux/timex.h`).
const TIME_ERROR: i32 = 5;

/// The same as a bit of the status; set when the maximum error has grown to 16 s, and by who has stopped keeping the clock.
const STA_UNSYNC: i32 = 0x0040;

/// The hardware of the clock failed.
const STA_CLOCKERR: i32 = 0x1000;

/// From here on the kernel believes nobody (`NTP_PHASE_LIMIT`): 16 s, reached nine hours after the last correction.
const MAX_ERROR_MICROS: u64 = 16_000_000;

/// systemd-timesyncd makes this file when the clock was set from the network; it is gone after a boot.
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// How often the kernel is asked, in microseconds.
const LOOK_EVERY_MICROS: u64 = 5_000_000;

/// 2026-01-01T00:00:00Z: a clock before this program was written has lost its battery.
const EARLIEST: UtcMicros = UtcMicros::from_micros(1_767_225_600_000_000);

#[cfg(test)]
impl Clock {
    fn utc(&self) -> UtcMicros {
        let ahead = Duration::from_micros(self.ahead_micros.load(Ordering::Relaxed));
        read_utc().saturating_add(ahead)
    }

    /// The log's own time runs with the time since start.
    fn up_micros(&self) -> u64 {
        let ahead = self.ahead_micros.load(Ordering::Relaxed);
        self.since_start().saturating_add(ahead)
    }

    /// Lets time pass; from now on the clock counts as synchronised.
    pub(crate) fn advance(&self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap();
        self.ahead_micros.fetch_add(time, Ordering::Relaxed);
    }
}

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
    fn only_a_clock_of_which_nothing_bad_is_said_is_synchronised() {
        let kept = KernelWord {
            state: 0,
            status: 0x2001,
            max_error_micros: 15_999_999,
        };
        assert!(kept.is_synchronised());
        // A leap second to come, under way or just over.
        for state in 1..=4 {
            assert!(KernelWord { state, ..kept }.is_synchronised(), "{state}");
        }
        let doubtful = [
            KernelWord { state: 5, ..kept },
            KernelWord {
                status: 0x2041,
                ..kept
            },
            KernelWord {
                status: 0x3001,
                ..kept
            },
            KernelWord {
                max_error_micros: 16_000_000,
                ..kept
            },
            KernelWord {
                max_error_micros: u64::MAX,
                ..kept
            },
        ];
        for word in doubtful {
            assert!(!word.is_synchronised(), "{word:?}");
        }
    }

    /// The kernel contradicts itself nowhere, so what one field says the others say too.
    #[test]
    fn the_kernel_of_this_machine_is_understood() {
        let Some(word) = ask_kernel() else {
            return println!("skipped: the kernel may not be asked here");
        };
        assert!((0..=TIME_ERROR).contains(&word.state), "{word:?}");
        let unsynchronised = word.status & STA_UNSYNC != 0;
        assert!(!unsynchronised || word.state == TIME_ERROR, "{word:?}");
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
