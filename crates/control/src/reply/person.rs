//! What somebody has who leaves.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::card::CardKind;
use crate::moment::Moment;

/// One issuance of somebody who leaves, under its pseudonym.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeavingRow {
    /// The pseudonym.
    pub issuance: IssuanceId,
    /// Why it was issued.
    pub kind: CardKind,
    /// The end that it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// Whether it ends now, and is due back; it does not if it may be theirs only by name and mobile, and nobody said so.
    pub ends: bool,
}
