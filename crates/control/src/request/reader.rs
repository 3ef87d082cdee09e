//! What is asked of readers, where it is more than a name.

use serde::{Deserialize, Serialize};

use crate::private::ReaderKey;

/// One wish about readers; the tag is `verb`, as of [`crate::Request`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "verb", deny_unknown_fields)]
pub enum ReaderRequest {
    /// Every reader; streams [`crate::reply::Row::Reader`].
    #[serde(rename = "reader-list")]
    List {},
    /// One reader.
    #[serde(rename = "reader-show")]
    Show {
        /// The reader's name.
        reader: String,
    },
    /// Gives the controller a reader's Secure Channel key.
    #[serde(rename = "reader-set-key")]
    SetKey {
        /// The reader's name.
        reader: String,
        /// The key; weak and shared ones are refused.
        key: ReaderKey,
    },
    /// Has a reader take another key, drawn by the daemon, inside its session.
    #[serde(rename = "reader-rotate-key")]
    RotateKey {
        /// The reader's name.
        reader: String,
    },
    /// Opens the window in which a reader in install mode gets its first key; `waiting`, then what became of it. A client
    /// that leaves closes the window.
    #[serde(rename = "reader-pair")]
    Pair(ReaderPair),
    /// Takes whoever has the reader's key now for the reader; answered by the reader.
    #[serde(rename = "reader-accept-swap")]
    AcceptSwap {
        /// The reader's name.
        reader: String,
    },
    /// Has a reader answer at another address and speed.
    #[serde(rename = "reader-comset")]
    Comset(ReaderComset),
    /// Begins to hand over a file for a reader; answered by `ready`.
    #[serde(rename = "reader-firmware-begin")]
    FirmwareBegin(ReaderFirmware),
    /// Octets of that file, Base64; not answered.
    #[serde(rename = "reader-firmware-part")]
    FirmwarePart {
        /// At most [`FIRMWARE_PART_LEN_MAX`] octets.
        octets: String,
    },
    /// All of it was sent; answered by the progress, then by the end. Who leaves meanwhile ends nothing.
    #[serde(rename = "reader-firmware-end")]
    FirmwareEnd {},
    /// Takes a file on its way to a reader back.
    #[serde(rename = "reader-firmware-cancel")]
    FirmwareCancel {
        /// The reader's name.
        reader: String,
    },
    /// Who answers on a line; streams [`crate::reply::Row::Found`].
    #[serde(rename = "reader-identify")]
    Identify(ReaderIdentify),
}

impl ReaderRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::SetKey { .. }
            | Self::RotateKey { .. }
            | Self::Pair(_)
            | Self::AcceptSwap { .. }
            | Self::Comset(_)
            | Self::FirmwareBegin(_)
            | Self::FirmwarePart { .. }
            | Self::FirmwareEnd {}
            | Self::FirmwareCancel { .. }
            | Self::Identify(_) => true,
            Self::List {} | Self::Show { .. } => false,
        }
    }
}

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
