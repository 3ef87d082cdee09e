//! How well a line and its readers are heard.

use std::time::Duration;

use firmware_protocol::ScanCounts;

use crate::Uptime;

/// Where a reader stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReaderState {
    /// Not heard.
    #[default]
    Offline,
    /// Heard, and on its way into service.
    Connecting,
    /// Heard, but its key is not there: out of service.
    NoKey,
    /// Somebody else knows its key: out of service.
    Swapped,
    /// A window for pairing stands open: out of service.
    Pairing,
    /// In service.
    Online,
}

/// How well one reader is heard, since the line was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReaderStats {
    /// Where it stands.
    pub state: ReaderState,
    /// Questions put, retries not counted.
    pub questions: u64,
    /// POLLs among them.
    pub polls: u64,
    /// POLLs in ten seconds, as of lately; 0 while the reader is not in service.
    pub polls_per_10s: u32,
    /// Questions put again with the same octets.
    pub retries: u64,
    /// Questions without an answer in time.
    pub lost_replies: u64,
    /// Replies BUSY.
    pub busy: u64,
    /// Sound frames in the reader's name that were not the answer due, or could not be read.
    pub bad_frames: u64,
    /// Sessions ended by a wrong MAC.
    pub bad_macs: u64,
    /// Sessions begun; for a reader in clear, times it came into service.
    pub sessions: u64,
    /// Since when the session has stood.
    pub session_since: Option<Uptime>,
    /// When an answer was last accepted.
    pub heard_at: Option<Uptime>,
    /// The longest time lately from the end of a question to the beginning of its answer.
    pub longest_reply: Duration,
}

/// How well a line works, since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineStats {
    /// Whether the port is open.
    pub up: bool,
    /// Frames sent.
    pub frames_sent: u64,
    /// Octets sent, marks included.
    pub octets_sent: u64,
    /// Octets received.
    pub octets_received: u64,
    /// Sound frames that were not an answer to the question at hand: late, of another address, or an echo.
    pub stray_frames: u64,
    /// What the scanner met. A pushed Wiegand line counts readings as frames.
    pub scan: ScanCounts,
}

/// How often something happens, reckoned over the last two seconds or so.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rate {
    since: Option<Uptime>,
    count: u32,
    per_10s: u32,
}

impl Rate {
    /// It happened.
    pub(crate) fn count(&mut self, now: Uptime) {
        let since = *self.since.get_or_insert(now);
        let passed = now.saturating_since(since);
        if passed >= RATE_OVER {
            let per_10s = u128::from(self.count) * 10_000_000 / passed.as_micros().max(1);
            self.per_10s = u32::try_from(per_10s).unwrap_or(u32::MAX);
            (self.since, self.count) = (Some(now), 0);
        }
        self.count = self.count.saturating_add(1);
    }

    /// How often in ten seconds.
    pub(crate) const fn per_10s(self) -> u32 {
        self.per_10s
    }

    /// It will not happen for a while.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

const RATE_OVER: Duration = Duration::from_secs(2);

/// Counts one more, and stays at the greatest value rather than wrap.
pub(crate) fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_follows_what_happens_lately() {
        let mut rate = Rate::default();
        let mut up = 0;
        let mut run = |rate: &mut Rate, every_ms: u64, for_ms: u64| {
            for _ in 0..for_ms / every_ms {
                rate.count(Uptime::from_micros(up * 1_000));
                up += every_ms;
            }
        };
        run(&mut rate, 10, 1_000);
        assert_eq!(rate.per_10s(), 0, "too early to tell");
        run(&mut rate, 10, 2_000);
        assert_eq!(rate.per_10s(), 1_000);
        run(&mut rate, 100, 5_000);
        assert_eq!(rate.per_10s(), 100);
        rate.forget();
        assert_eq!(rate.per_10s(), 0);
    }
}
