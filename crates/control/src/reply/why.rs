//! Why a card opens a door or not (M23).

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// Each rule in order, what it saw and what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhyTrace {
    /// The card's issuance, if the card is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuance: Option<IssuanceId>,
    /// The door's name.
    pub door: String,
    /// The instant it was decided for.
    pub at: Moment,
    /// Generation of the allowlist.
    pub generation: u64,
    /// Quality of the clock.
    pub clock: String,
    /// The rules, in the order they are asked.
    pub rules: Vec<WhyRule>,
    /// Whether the door would open.
    pub allowed: bool,
    /// `ok`, or why not.
    pub reason: String,
    /// Of a past event: what its record says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
    /// What whoever reads this should know of how it came about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhyRule {
    /// Its name.
    pub rule: String,
    /// What it saw; no personal data.
    pub saw: String,
    /// `pass`, or the reason it denies with, or `not-reached`.
    pub verdict: String,
    /// What would have to change for it to let the card pass, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}
