//! What is wrong with a pattern that a house describes.

use std::fmt;

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// A word that is none of the language.
    Word {
        /// The word.
        word: String,
    },
    /// Not exactly one card.
    Cards,
    /// The last word is no mark: the end of a reading would have to be guessed.
    End,
    /// A varying number of digits with something behind it that could be one more digit.
    Varies,
    /// A check before the card, or over digits that are no whole octets.
    Check,
    /// Longer than a reading may be.
    Long {
        /// Octets at the most.
        octets: usize,
    },
    /// The digits cannot mean that.
    Meaning(&'static str),
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word { word } => write!(
                f,
                "{word} is no word of a pattern; write <STX>, <0x3B>, 'ID=', hex:10, dec:10, hex:2-16, xor, sum or any:3"
            ),
            Self::Cards => f.write_str("a pattern has one card in it: one hex:N or dec:N"),
            Self::End => f.write_str("a pattern ends with a mark, such as <CR> or <ETX>"),
            Self::Varies => f.write_str(
                "behind a varying number of digits comes a mark that is no digit, such as <CR>",
            ),
            Self::Check => {
                f.write_str("xor and sum stand behind an even and fixed number of hex digits")
            }
            Self::Long { octets } => {
                write!(f, "a reading of {octets} octets; at most {OCTETS_MAX}")
            }
            Self::Meaning(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for PatternError {}

/// Most octets of one reading.
pub(super) const OCTETS_MAX: usize = 96;
