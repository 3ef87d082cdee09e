//! Why nothing became of a wish about the house's own cards.

use std::fmt;

use access::{IssuanceId, StockId};

/// What is wrong about a card of the stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockError {
    /// No card of the stock has this number.
    NoSuch,
    /// The card is in the stock already.
    Known {
        /// Under this number.
        number: StockId,
    },
    /// It is blocked already.
    AlreadyBlocked,
    /// It is not blocked.
    NotBlocked,
    /// It is blocked, so nobody gets it.
    Blocked {
        /// Which.
        card: StockId,
    },
    /// It was lost, so that somebody has to say first that it was found.
    Lost {
        /// Which.
        card: StockId,
    },
    /// Somebody holds it.
    Lent {
        /// Which.
        card: StockId,
        /// Whose it is.
        to: IssuanceId,
    },
    /// It is not lost, or who holds it reported it lost.
    NotLost,
}

impl fmt::Display for StockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuch => f.write_str("no card of the stock has this number"),
            Self::Known { number } => write!(f, "the card is in the stock already, as {number}"),
            Self::AlreadyBlocked => f.write_str("the card is already blocked"),
            Self::NotBlocked => f.write_str("the card is not blocked"),
            Self::Blocked { card } => write!(f, "{card} is blocked; card stock unblock {card}"),
            Self::Lost { card } => write!(f, "{card} was lost; once it is found: card stock found {card}"),
            Self::Lent { card, to } => {
                write!(f, "{card} is lent to {to}; card return takes it back first")
            }
            Self::NotLost => f.write_str(
                "the card is not lost, or somebody holds it: then the loss is of the issuance (card found)",
            ),
        }
    }
}
