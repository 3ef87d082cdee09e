//! Text: words of bounded length in an event.

use std::fmt;

/// UTF-8 of at most [`Text::LEN_MAX`] octets. What is longer is cut at a character, and ends in `…` to say so.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// Octets in a text.
    pub const LEN_MAX: usize = 1_024;

    /// These words, cut to the limit.
    #[must_use]
    pub fn new(words: &str) -> Self {
        if words.len() <= Self::LEN_MAX {
            return Self(words.to_owned());
        }
        let room = Self::LEN_MAX - CUT.len();
        let end = (0..=room)
            .rev()
            .find(|end| words.is_char_boundary(*end))
            .unwrap_or(0);
        Self(format!("{}{CUT}", words.get(..end).unwrap_or_default()))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The length only: what an operator wrote may name a person.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} octets)", self.0.len())
    }
}

const CUT: &str = "…";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_at_a_character_and_says_so() {
        assert_eq!(Text::new("kort").as_str(), "kort");
        let long = Text::new(&"å".repeat(1_000));
        assert!(long.as_str().len() <= Text::LEN_MAX);
        assert!(long.as_str().ends_with("å…"));
        assert_eq!(Text::new(long.as_str()), long);
    }

    #[test]
    fn its_words_are_not_printed_by_mistake() {
        assert_eq!(format!("{:?}", Text::new("Ola")), "Text(3 octets)");
    }
}
