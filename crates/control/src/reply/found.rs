//! A reader found on a line.

use serde::{Deserialize, Serialize};

/// Who answered, at which address and speed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundRow {
    /// Bits per second.
    pub baud: u32,
    /// The address, 0 to 126; 127 is what a reader answers that is alone on its line, whatever its own.
    pub address: u8,
    /// Vendor, model, serial, firmware.
    pub identity: String,
    /// Whether it says that it knows Secure Channel; absent if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure: Option<bool>,
    /// The reader of the configuration at this place, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configured: Option<String>,
}
