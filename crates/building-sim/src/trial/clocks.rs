//! Both clocks of a trial.

use std::time::Duration;

use access::{ClockQuality, UtcMicros};
use reader_bus::Uptime;
use site::Now;

/// When a trial begins: 2026-11-22T07:00:00Z.
pub(super) const BEGINNING: UtcMicros = UtcMicros::from_micros(1_795_330_800_000_000);

/// The wall clock shows [`BEGINNING`] at the start, is never set, and is believed.
pub(super) fn now(up: Uptime) -> Now {
    Now {
        up,
        utc: BEGINNING.saturating_add(Duration::from_micros(up.micros())),
        clock: ClockQuality::Synchronised,
    }
}
