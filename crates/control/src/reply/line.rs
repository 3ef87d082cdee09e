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
    /// What the technician should know: why it is down, a slow adapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}
