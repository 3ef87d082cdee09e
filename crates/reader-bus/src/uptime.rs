//! Time as the line knows it: microseconds since the controller started, never stepping back.

use std::ops::Add;
use std::time::Duration;

/// A moment on the monotonic clock, microseconds since start. The caller reads the clock; this crate never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uptime(u64);

impl Uptime {
    /// The start itself.
    pub const START: Self = Self(0);

    /// The moment `micros` microseconds after start.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since start.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// How long ago `earlier` was; zero if it is later than this.
    #[must_use]
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

/// Stops at the end of time rather than wrap.
impl Add<Duration> for Uptime {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        let micros = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(micros))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Uptime;

    #[test]
    fn spans_never_wrap() {
        let start = Uptime::from_micros(5);
        assert_eq!((start + Duration::from_millis(2)).micros(), 2005);
        assert_eq!((start + Duration::MAX).micros(), u64::MAX);
        assert_eq!(
            start.saturating_since(Uptime::from_micros(9)),
            Duration::ZERO
        );
        assert_eq!(
            start.saturating_since(Uptime::START),
            Duration::from_micros(5)
        );
    }
}
