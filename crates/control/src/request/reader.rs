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

/// The longest a window for pairing stands open, s.
pub const PAIR_FOR_S_MAX: u16 = 600;
