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

/// Counts one more, and stays at the greatest value rather than wrap.
pub(crate) fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}
