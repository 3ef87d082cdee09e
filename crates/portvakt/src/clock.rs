//! The one place of the command line that reads a clock.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// This machine's clock, for saying how old a checkpoint is where no daemon's clock
/// is at hand.
#[expect(
    clippy::disallowed_methods,
    reason = "time is an input everywhere else; this is where it enters"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Time since this was first asked; never runs backwards.
#[expect(
    clippy::disallowed_methods,
    reason = "time is an input everywhere else; this is where it enters"
)]
pub(crate) fn uptime() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
