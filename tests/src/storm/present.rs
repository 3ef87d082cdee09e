//! The present, as the storm measures it: it plays in real time.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A point on the clock that never jumps.
#[expect(clippy::disallowed_methods, reason = "the storm plays in real time")]
pub(crate) fn instant() -> Instant {
    Instant::now()
}

/// Microseconds of UTC, by the same clock as the daemon's.
#[expect(clippy::disallowed_methods, reason = "the storm plays in real time")]
pub(crate) fn utc_micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let since = since.expect("the clock is set");
    i64::try_from(since.as_micros()).expect("a year with four digits")
}
