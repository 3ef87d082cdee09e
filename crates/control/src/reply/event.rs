//! One event as people and scripts see it.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::moment::Moment;

/// One event. This JSON is a promise: fields are added, never renamed; what does not
/// apply is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRow {
    /// Its place in the log, from 0.
    pub index: u64,
    /// When, as sealed.
    pub time: Moment,
    /// What it is about.
    pub class: Class,
    /// What happened, `access-granted`.
    pub event: String,
    /// The door's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// The reader's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<String>,
    /// The card's issuance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuance: Option<IssuanceId>,
    /// Tag of an unknown card under that day's key, 16 hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    /// Bits an unknown card had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u16>,
    /// Why it was granted or denied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Generation of the allowlist that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u64>,
    /// The operator who acted, by user name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// More, in words; no personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Quality of the clock, `synchronised`.
    pub clock: String,
    /// It was written after the fact, from memory.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub late: bool,
    /// A part of it was erased with its holder's key.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub erased: bool,
}
