//! What is asked of readers, where it is more than a name.

use serde::{Deserialize, Serialize};

/// Opens the window in which a reader in install mode gets its first key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderPair {
    /// The reader's name.
    pub reader: String,
    /// How long the window stands open, 1 to [`PAIR_FOR_S_MAX`].
    pub for_s: u16,
    /// Also over a key that the reader has, or may have.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replace: bool,
}

/// Has a reader answer at another address and speed (COMSET).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderComset {
    /// The reader's name.
    pub reader: String,
    /// The address it is to have, 0 to 126.
    pub address: u8,
    /// The speed it is to have, bits per second.
    pub baud: u32,
}

/// Begins to hand a file over that is to be sent to a reader. Nothing is sent before its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderFirmware {
    /// The reader's name.
    pub reader: String,
    /// Octets that will come, at least 1.
    pub octets: u32,
}

/// Looks who answers on a line, at each of these speeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderIdentify {
    /// The line's name; it is out of service meanwhile.
    pub line: String,
    /// The speeds, bits per second; 1 to 16.
    pub bauds: Vec<u32>,
}

/// Octets of a file that one frame carries, at most.
pub const FIRMWARE_PART_LEN_MAX: usize = 32 * 1024;
/// Most speeds of one look.
pub const IDENTIFY_BAUDS_MAX: usize = 16;

/// The longest a window for pairing stands open, s.
pub const PAIR_FOR_S_MAX: u16 = 600;
