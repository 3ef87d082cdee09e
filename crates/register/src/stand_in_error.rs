//! What is wrong about a card that is to stand in for another.

use std::fmt;

/// Why a card does not stand in for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandInError {
    /// It is not of the kind `forgotten`.
    NotForgotten,
    /// The other is no employee's card, lasting or for the time being.
    NotAnEmployees,
    /// The other is of another tenant.
    OtherTenant,
    /// Another card stands in for it and has not ended.
    Twice,
}

impl fmt::Display for StandInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotForgotten => "only a forgotten card stands in for another",
            Self::NotAnEmployees => "a card stands in for an employee's or a new hire's only",
            Self::OtherTenant => "the card that was left at home is of another tenant",
            Self::Twice => "another card stands in for it already; it must be returned first",
        })
    }
}
