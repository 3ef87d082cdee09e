//! Why a card is not taken for lost, or not for found.

use std::fmt;

/// What is wrong about a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostError {
    /// It was reported lost before.
    Already,
    /// It was not.
    NotLost,
    /// No card is bound to the issuance.
    NoCard,
}

impl fmt::Display for LostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Already => "the card is reported lost already",
            Self::NotLost => "the card is not reported lost",
            Self::NoCard => "no card is bound to the issuance, so none can be lost",
        })
    }
}
