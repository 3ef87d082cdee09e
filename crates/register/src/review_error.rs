//! What is wrong about a review.

use std::fmt;

use access::{Quarter, UtcMicros};

/// Why a review is not opened, not decided or not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewError {
    /// There is none of this number.
    NoSuchReview,
    /// There is none at all.
    None,
    /// Another one is open.
    Open {
        /// Its number.
        review: u32,
    },
    /// It is signed: nothing in it is decided any more.
    Signed,
    /// The quarter has its review.
    QuarterDone {
        /// Which quarter.
        quarter: Quarter,
        /// The number of its review.
        review: u32,
    },
    /// The quarter has not begun.
    QuarterAhead {
        /// Which quarter.
        quarter: Quarter,
    },
    /// The house had not begun when the quarter ended.
    BeforeTheHouse {
        /// Which quarter.
        quarter: Quarter,
    },
    /// The card, or the right, came after the review was opened.
    NotInReview,
    /// A change that takes nothing away.
    NothingNarrower,
    /// A new end that is not before the one there is.
    NotEarlier {
        /// The end there is.
        end: UtcMicros,
    },
    /// A new end that has passed.
    EndPassed,
    /// A new end that is not after the beginning.
    BeforeBeginning,
    /// Items that nobody has decided.
    Undecided {
        /// How many cards.
        cards: u64,
        /// How many rights on a place.
        rights: u64,
    },
}

impl fmt::Display for ReviewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchReview => f.write_str("no review of that number"),
            Self::None => f.write_str("there is no review yet; open one"),
            Self::Open { review } => {
                write!(
                    f,
                    "review {review} is open; sign it before another is opened"
                )
            }
            Self::Signed => f.write_str("the review is signed; what it says is decided"),
            Self::QuarterDone { quarter, review } => {
                write!(f, "{quarter} has its review, number {review}")
            }
            Self::QuarterAhead { quarter } => write!(f, "{quarter} has not begun"),
            Self::BeforeTheHouse { quarter } => {
                write!(
                    f,
                    "{quarter} was over before the house began; it needs no review"
                )
            }
            Self::NotInReview => f.write_str(
                "the card or the right came after the review was opened; it is in the next one",
            ),
            Self::NothingNarrower => {
                f.write_str("a change names an earlier end, or places that are taken away")
            }
            Self::NotEarlier { end } => write!(
                f,
                "the end is {end}; a review changes it to an earlier one only, a later one is issuing"
            ),
            Self::EndPassed => f.write_str("the new end has passed; revoke instead"),
            Self::BeforeBeginning => {
                f.write_str("the new end is not after the beginning; revoke instead")
            }
            Self::Undecided { cards, rights } => write!(
                f,
                "{cards} cards and {rights} rights are undecided; a review is signed when none is"
            ),
        }
    }
}
