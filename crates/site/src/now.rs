//! Now: the two clocks a site is told, and how far the second may be believed.

use access::{ClockQuality, UtcMicros};
use reader_bus::Uptime;

/// One reading of the caller's clocks.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Time since start; never runs backwards. Every deadline counts by it.
    pub up: Uptime,
    /// The wall clock. Rights are judged by it, but see [`crate::Site`] for its floor.
    pub utc: UtcMicros,
    /// How far the wall clock may be believed.
    pub clock: ClockQuality,
}
