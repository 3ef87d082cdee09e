//! A reader in `reader list` and `reader show`.

use serde::{Deserialize, Serialize};

/// One reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderRow {
    /// Its name.
    pub reader: String,
    /// Its line.
    pub line: String,
    /// Its address on the line, 0 to 126.
    pub address: u8,
    /// `online`, `offline`, `no-key`, `swapped` (someone else with its key), `pairing`,
    /// `line-down`; may grow.
    pub state: String,
    /// `secure` in a Secure Channel session, `keyed` with a key and no session,
    /// `no-key`, `default-key` while it is paired, `clear`; may grow.
    pub security: String,
    /// `high`, or `low` for Wiegand and clear text.
    pub trust: String,
    /// Formats it reads.
    pub formats: Vec<String>,
    /// Whether cards may be presented here for activation.
    pub enrol: bool,
    /// Whether its tamper switch stands open.
    pub tamper: bool,
    /// What it says it is: vendor, model, serial, firmware.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// In state `swapped`: who the reader is that was known; `identity` says who has come in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_as: Option<String>,
    /// Questions asked since start.
    pub polls: u64,
    /// Questions asked again.
    pub retries: u64,
    /// Replies with a bad check, length or MAC.
    pub bad_frames: u64,
    /// Questions a second, as of lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polls_per_s: Option<u32>,
    /// Questions that no answer came to in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_replies: Option<u64>,
    /// Sessions begun; for a reader in clear, times it came into service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions: Option<u64>,
    /// The longest time lately from a question to the beginning of its answer, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_reply_ms: Option<u64>,
    /// Age of the Secure Channel session, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_age_s: Option<u64>,
}
