//! The house's own cards.

use access::StockId;
use serde::{Deserialize, Serialize};

use crate::request::card::CardSource;

/// One wish about the stock; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum StockRequest {
    /// Takes a card into the stock; answered by [`crate::reply::Reply::Stock`].
    Add {
        /// The plastic.
        card: CardSource,
    },
    /// Every card of the house; streams [`crate::reply::Row::Stock`].
    List {},
    /// Denies a card of the house at every door, whoever holds it.
    Block {
        /// Which.
        stock: StockId,
    },
    /// Lifts that.
    Unblock {
        /// Which.
        stock: StockId,
    },
    /// A card of the house that was lost and whose holder is gone is here again.
    Found {
        /// Which.
        stock: StockId,
    },
    /// A card of the house that is broken or gone for good leaves the stock.
    Remove {
        /// Which.
        stock: StockId,
    },
}

impl StockRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Add { .. }
            | Self::Block { .. }
            | Self::Unblock { .. }
            | Self::Found { .. }
            | Self::Remove { .. } => true,
            Self::List {} => false,
        }
    }
}
