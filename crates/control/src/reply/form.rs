//! What stands on the form that a holder signs.

use serde::{Deserialize, Serialize};

use super::card::CardRow;
use super::right::RightRow;

/// The fields of the form (M7, M15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The house's name.
    pub site: String,
    /// The issuance with its holder.
    pub card: CardRow,
    /// What it may open, and when.
    pub rights: Vec<RightRow>,
}
