//! Text: one line somebody typed, bounded, wiped when it goes, never printed.

use std::fmt;

use access::is_unseen;
use zeroize::Zeroizing;

/// Octets a text may have.
pub const TEXT_MAX: usize = 256;

/// A line of text, maybe personal: neither empty nor over [`TEXT_MAX`] octets, without characters that do not show, trimmed.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Zeroizing<String>);

impl Text {
    /// Takes what was typed into `field`.
    ///
    /// # Errors
    /// [`TextError`] if it is empty, too long, or holds a character that does not show.
    pub fn new(field: &'static str, typed: &str) -> Result<Self, TextError> {
        let text = typed.trim();
        let refuse = |problem| Err(TextError { field, problem });
        if text.is_empty() {
            return refuse(TextProblem::Empty);
        }
        if text.len() > TEXT_MAX {
            return refuse(TextProblem::TooLong { found: text.len() });
        }
        if text.chars().any(is_unseen) {
            return refuse(TextProblem::Unseen);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The text, for the act at hand.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether both are the same name but for upper and lower case.
    pub(crate) fn names_the_same(&self, other: &str) -> bool {
        let lower = |text: &str| Zeroizing::new(text.trim().to_lowercase());
        lower(&self.0) == lower(other)
    }

    /// Whether `part` occurs in it, upper or lower case alike.
    pub(crate) fn holds(&self, part: &str) -> bool {
        Zeroizing::new(self.0.to_lowercase()).contains(part)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}

/// A text that was not taken; says which, never what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextError {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: TextProblem,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextProblem {
    /// Nothing but blanks.
    Empty,
    /// Over [`TEXT_MAX`] octets.
    TooLong {
        /// Octets found.
        found: usize,
    },
    /// A line break, a tab, a turn of the direction, or another character that does not show.
    Unseen,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.problem)
    }
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("must not be empty"),
            Self::TooLong { found } => write!(f, "{found} octets, at most {TEXT_MAX}"),
            Self::Unseen => f.write_str(UNSEEN),
        }
    }
}

impl std::error::Error for TextError {}

const UNSEEN: &str = "must be one line without characters that do not show";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_trimmed_line() {
        assert_eq!(
            Text::new("name", "  Kari Nordmann ").unwrap().expose(),
            "Kari Nordmann"
        );
        let longest = "å".repeat(TEXT_MAX / 2);
        assert_eq!(Text::new("name", &longest).unwrap().expose(), longest);
        for (typed, problem) in [
            ("", TextProblem::Empty),
            (" \t ", TextProblem::Empty),
            ("a\nb", TextProblem::Unseen),
            ("a\u{0}b", TextProblem::Unseen),
            ("a\u{202e}b", TextProblem::Unseen),
            ("Kari\u{200b}", TextProblem::Unseen),
        ] {
            assert_eq!(
                Text::new("name", typed).unwrap_err(),
                TextError {
                    field: "name",
                    problem
                },
                "{typed:?}"
            );
        }
        let long = format!("{longest}x");
        assert_eq!(
            Text::new("name", &long).unwrap_err().problem,
            TextProblem::TooLong {
                found: TEXT_MAX + 1
            }
        );
    }

    #[test]
    fn neither_text_nor_error_shows_what_was_typed() {
        assert_eq!(
            format!("{:?}", Text::new("name", "Kari").unwrap()),
            "Text(..)"
        );
        let error = Text::new("name", "Kari\n\nNordmann").unwrap_err();
        assert_eq!(
            error.to_string(),
            "name: must be one line without characters that do not show"
        );
    }
}
