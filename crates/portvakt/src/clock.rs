//! The one place of the command line that reads a clock.

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
