//! Format name: what a card format is called, short enough to be copied about and to be part of every tag.

use std::fmt;
use std::str;

/// A format's name: 1 to 16 ASCII letters, digits, `-` and `_`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormatName {
    octets: [u8; FORMAT_NAME_MAX],
    len: u8,
}

impl FormatName {
    /// No name; nothing is called so.
    pub(crate) const NONE: Self = Self {
        octets: [0; FORMAT_NAME_MAX],
        len: 0,
    };

    /// The name `text`; `None` if it is none.
    #[must_use]
    pub const fn new(text: &str) -> Option<Self> {
        let mut octets = [0; FORMAT_NAME_MAX];
        let mut len: u8 = 0;
        let (mut from, mut to): (&[u8], &mut [u8]) = (text.as_bytes(), &mut octets);
        while let [octet, rest @ ..] = from {
            let [place, room @ ..] = to else {
                return None;
            };
            if !(octet.is_ascii_alphanumeric() || *octet == b'-' || *octet == b'_') {
                return None;
            }
            *place = *octet;
            len += 1;
            (from, to) = (rest, room);
        }
        if len == 0 {
            None
        } else {
            Some(Self { octets, len })
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.octets()).unwrap_or_default()
    }

    /// The name as ASCII.
    pub(super) fn octets(&self) -> &[u8] {
        let used = self.octets.get(..usize::from(self.len));
        used.unwrap_or_default()
    }
}

impl fmt::Display for FormatName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for FormatName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

/// The longest name a format may have: a longer one would cost every tag a third compression.
pub const FORMAT_NAME_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        for good in ["H10301", "C1000-35", "a", "YARD_gate-40bits"] {
            assert_eq!(FormatName::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "seventeen-letters", "H 10301", "ærlig", "a:b"] {
            assert_eq!(FormatName::new(bad), None, "{bad}");
        }
    }
}
