//! Why a request was not done: one exit code, one line.

use core::fmt;

use serde::{Deserialize, Serialize};

/// What went wrong, as the command line's exit code says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Code {
    /// 1: something failed that was not the asker's fault.
    Failed,
    /// 2: the request itself is wrong.
    Usage,
    /// 3: refused by a role or a rule, or another's approval is needed.
    Refused,
    /// 4: what was named does not exist.
    NotFound,
    /// 5: the daemon is not reachable. Never sent by a daemon.
    Unreachable,
    /// 6: verification failed.
    Unverified,
}

impl Code {
    /// Every code, in order.
    pub const ALL: [Self; 6] = [
        Self::Failed,
        Self::Usage,
        Self::Refused,
        Self::NotFound,
        Self::Unreachable,
        Self::Unverified,
    ];
}

impl From<Code> for u8 {
    fn from(code: Code) -> Self {
        match code {
            Code::Failed => 1,
            Code::Usage => 2,
            Code::Refused => 3,
            Code::NotFound => 4,
            Code::Unreachable => 5,
            Code::Unverified => 6,
        }
    }
}

impl TryFrom<u8> for Code {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::ALL
            .into_iter()
            .find(|&code| u8::from(code) == number)
            .ok_or("not a refusal's code (1 to 6)")
    }
}

/// The answer to a request that was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The exit code it becomes.
    pub code: Code,
    /// One line for a person, lower case, no full stop.
    pub message: String,
}

impl Refusal {
    /// A refusal; line breaks in `message` become spaces, and it is cut at
    /// [`MESSAGE_CHARS_MAX`] characters.
    #[must_use]
    pub fn new(code: Code, message: impl fmt::Display) -> Self {
        let message = message
            .to_string()
            .chars()
            .map(|c| if access::is_unseen(c) { ' ' } else { c })
            .take(MESSAGE_CHARS_MAX)
            .collect();
        Self { code, message }
    }
}

/// A text as one line of at most so many octets; what does not show is a blank.
#[must_use]
pub fn one_line(text: &impl fmt::Display, octets_max: usize) -> String {
    let mut line = String::new();
    for letter in text.to_string().chars() {
        let shown = if access::is_unseen(letter) {
            ' '
        } else {
            letter
        };
        if line.len() + shown.len_utf8() > octets_max {
            break;
        }
        line.push(shown);
    }
    line
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Characters a refusal's line may have.
pub const MESSAGE_CHARS_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_numbers_scripts_rely_on() {
        assert_eq!(Code::ALL.map(u8::from), [1, 2, 3, 4, 5, 6]);
        assert!(Code::try_from(0).is_err() && Code::try_from(7).is_err());
    }

    #[test]
    fn a_line_is_cut_between_letters_and_shows_all_it_has() {
        assert_eq!(one_line(&"a\0\u{202e}b\nåå", 8), "a  b å");
    }

    #[test]
    fn a_refusal_is_one_line_of_bounded_length() {
        let refusal = Refusal::new(Code::Failed, format!("a\nb\u{202e}{}", "x".repeat(5_000)));
        assert!(refusal.message.starts_with("a b x"));
        assert_eq!(refusal.message.chars().count(), MESSAGE_CHARS_MAX);
    }
}
