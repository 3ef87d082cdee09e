//! The base key that a controller and one reader share.

use core::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A Secure Channel base key, 16 octets. Wiped when dropped; compared in constant time; never shown.
#[derive(Clone)]
pub struct Scbk([u8; 16]);

/// Why a key must not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It is SCBK-D, printed in the standard.
    Default,
    /// All octets are zero.
    Zero,
    /// All octets are the same.
    AllSame,
    /// Each octet is the one before plus one, or minus one.
    Stepping,
}

impl Scbk {
    /// SCBK-D, the key of a reader in install mode: 30 31 … 3F. Everybody knows it.
    pub const DEFAULT: Self = Self(DEFAULT_OCTETS);

    /// The key made of these octets; see [`weakness`](Self::weakness).
    #[must_use]
    pub const fn new(octets: [u8; 16]) -> Self {
        Self(octets)
    }

    /// The octets, for KEYSET and for storage.
    #[must_use]
    pub const fn as_octets(&self) -> &[u8; 16] {
        &self.0
    }

    /// Why the key is weak, if it is.
    #[must_use]
    pub fn weakness(&self) -> Option<Weakness> {
        if self.is_default() {
            return Some(Weakness::Default);
        }
        let [first, rest @ ..] = &self.0;
        let steps_by = |step: u8| {
            self.0
                .iter()
                .zip(rest)
                .all(|(one, next)| one.wrapping_add(step) == *next)
        };
        match (steps_by(0), *first) {
            (true, 0) => Some(Weakness::Zero),
            (true, _) => Some(Weakness::AllSame),
            (false, _) if steps_by(1) || steps_by(u8::MAX) => Some(Weakness::Stepping),
            (false, _) => None,
        }
    }

    /// Whether this is [`Scbk::DEFAULT`].
    #[must_use]
    pub fn is_default(&self) -> bool {
        bool::from(self.0.ct_eq(&DEFAULT_OCTETS))
    }
}

impl PartialEq for Scbk {
    fn eq(&self, other: &Self) -> bool {
        bool::from(self.0.ct_eq(&other.0))
    }
}

impl Eq for Scbk {}

impl Drop for Scbk {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Scbk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scbk(redacted)")
    }
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "the key is SCBK-D, which is printed in the standard",
            Self::Zero => "all octets of the key are zero",
            Self::AllSame => "all octets of the key are the same",
            Self::Stepping => "the octets of the key count up or down by one",
        })
    }
}

const DEFAULT_OCTETS: [u8; 16] = *b"0123456789:;<=>?";

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{Scbk, Weakness};

    #[test]
    fn keys_are_the_same_if_every_octet_is() {
        let one = Scbk::new([7; 16]);
        assert_eq!(one, Scbk::new([7; 16]));
        for at in 0..16 {
            let mut other = [7; 16];
            other[at] ^= 1;
            assert_ne!(one, Scbk::new(other));
        }
        assert!(Scbk::DEFAULT.is_default() && !one.is_default());
    }

    #[test]
    fn each_weakness_has_words_of_its_own() {
        let all = [
            Weakness::Default,
            Weakness::Zero,
            Weakness::AllSame,
            Weakness::Stepping,
        ];
        let said = all.map(|weakness| std::format!("{weakness}"));
        for (at, words) in said.iter().enumerate() {
            assert!(
                !words.is_empty() && !said[..at].contains(words),
                "{words:?}"
            );
        }
    }

    #[test]
    fn weak_keys_are_named() {
        let counted = |step: u8| {
            let mut at = 250u8;
            [(); 16].map(|()| {
                at = at.wrapping_add(step);
                at
            })
        };
        let weakness = |octets| Scbk::new(octets).weakness();
        assert_eq!(Scbk::DEFAULT.weakness(), Some(Weakness::Default));
        assert_eq!(Scbk::DEFAULT.as_octets()[..3], [0x30, 0x31, 0x32]);
        assert_eq!(Scbk::DEFAULT.as_octets()[15], 0x3F);
        assert_eq!(weakness([0; 16]), Some(Weakness::Zero));
        assert_eq!(weakness([9; 16]), Some(Weakness::AllSame));
        assert_eq!(weakness(counted(1)), Some(Weakness::Stepping));
        assert_eq!(weakness(counted(255)), Some(Weakness::Stepping));
        assert_eq!(weakness(counted(2)), None);
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(std::format!("{:?}", Scbk::new([9; 16])), "Scbk(redacted)");
    }
}
