//! Rows of `area list` and `area muster`.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// One area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaRow {
    /// Its name.
    pub area: String,
    /// Cards that are in it, as far as is known.
    pub inside: u64,
    /// `off`, `soft`, `hard`.
    pub passback: String,
    /// Readers that lead into it.
    pub into: Vec<String>,
    /// Readers that lead out of it.
    pub out_of: Vec<String>,
}

/// One card in an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InsideRow {
    /// The area's name.
    pub area: String,
    /// Whose card.
    pub issuance: IssuanceId,
    /// Since when.
    pub since: Moment,
    /// The reader it was let through at.
    pub reader: String,
}
