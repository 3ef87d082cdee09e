//! A line in `line list`.

use serde::{Deserialize, Serialize};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineRow {
    /// Its name.
    pub line: String,
    /// The tty it is on.
    pub device: String,
    /// `osdp`, `wiegand-ascii`; may grow.
    pub protocol: String,
    /// Bits per second.
    pub baud: u32,
    /// Whether the device is open.
    pub up: bool,
    /// Readers configured.
    pub readers: u32,
    /// Readers online.
    pub online: u32,
    /// Whole frames received.
    pub frames: u64,
    /// Octets that belonged to no frame.
    pub noise_octets: u64,
    /// Frames with a bad check or length.
    pub bad_frames: u64,
    /// Questions a second, all readers, as of lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polls_per_s: Option<u32>,
    /// Questions asked again, all readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u64>,
    /// How long a reader may take to begin its reply, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_timeout_ms: Option<u16>,
    /// The longest silence inside a frame, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inter_character_ms: Option<u16>,
    /// Silence kept after a reply beyond the standard's, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnaround_ms: Option<u8>,
    /// What the technician should know: why it is down, a slow adapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}
