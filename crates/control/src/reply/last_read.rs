//! What a reader read last, and what each format makes of it.

use serde::{Deserialize, Serialize};

use crate::private::Private;

/// The last reading of one reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastRead {
    /// The reader.
    pub reader: String,
    /// How many bits.
    pub bits: u16,
    /// The bits in hexadecimal, left-justified, as `card issue --raw` takes them.
    pub raw: Private,
    /// Seconds since it was read.
    pub age_s: u64,
    /// Whether it was shown just then; otherwise the reader had kept it while it was offline.
    pub live: bool,
    /// What each format of so many bits makes of it.
    pub readings: Vec<Reading>,
}

/// What one format makes of the bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The format's name.
    pub format: String,
    /// `FACILITY:NUMBER`, as `card issue --number` takes it; absent if the parity is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Private>,
    /// Whether the reader is set up to read this format.
    pub used: bool,
}
