//! The house's own cards, and what a card in the hand is.

use core::fmt;

use access::{IssuanceId, StockId};
use serde::{Deserialize, Serialize};

use crate::reply::card::CardRow;

/// Where a card of the house is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StockState {
    /// Nobody holds it.
    InHouse,
    /// Somebody holds it.
    Lent,
    /// It opens nothing, whoever holds it.
    Blocked,
    /// Nobody knows where it is.
    Lost,
}

impl StockState {
    /// Its name in JSON and in lists.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InHouse => "in-house",
            Self::Lent => "lent",
            Self::Blocked => "blocked",
            Self::Lost => "lost",
        }
    }
}

impl fmt::Display for StockState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One card of the house. It knows who holds it now, and nobody who did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockRow {
    /// Its number; none under `dry_run`, where none was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<StockId>,
    /// Where it is.
    pub state: StockState,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuance: Option<IssuanceId>,
}

/// What a card in the hand is: whose it is now, under a pseudonym, and which of the house it is. Not where it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traced {
    /// The issuance it is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardRow>,
    /// The card of the house that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<StockRow>,
}
