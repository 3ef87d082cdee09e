//! What is wrong about rights.

use std::fmt;

/// Why rights are not given or taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RightError {
    /// A right on no place.
    None,
    /// More rights than one issuance may have.
    TooMany {
        /// Rights asked for.
        found: usize,
        /// [`crate::RIGHTS_MAX`].
        max: usize,
    },
    /// One right twice.
    Twice,
    /// No group of doors has this number.
    NoSuchGroup,
    /// The issuance has no right on the place.
    NotThere,
}

impl fmt::Display for RightError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("at least one door is needed"),
            Self::TooMany { found, max } => write!(f, "{found} rights on one card, at most {max}"),
            Self::Twice => f.write_str("the same right twice"),
            Self::NoSuchGroup => f.write_str("no such group of doors"),
            Self::NotThere => f.write_str("the card has no right there"),
        }
    }
}
