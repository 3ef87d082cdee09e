//! Reader keys: what makes a Secure Channel base key worthless before it is used.

use std::fmt;

use subtle::ConstantTimeEq;

/// How a reader key could be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// SCBK-D, the key every OSDP reader leaves the factory with.
    Default,
    /// All octets are zero.
    Zero,
    /// All octets are the same.
    AllSame,
    /// Each octet is the one before it plus or minus one.
    Stepping,
}

impl Weakness {
    /// The weakness of this key, or `None` if nothing speaks against it.
    #[must_use]
    pub fn of(key: &[u8; 16]) -> Option<Self> {
        let steps_by = |step: u8| {
            key.iter()
                .zip(key.iter().skip(1))
                .all(|(octet, next)| octet.wrapping_add(step) == *next)
        };
        if bool::from(key.ct_eq(&[0; 16])) {
            Some(Self::Zero)
        } else if bool::from(key.ct_eq(&SCBK_D)) {
            Some(Self::Default)
        } else if steps_by(0) {
            Some(Self::AllSame)
        } else if steps_by(1) || steps_by(u8::MAX) {
            Some(Self::Stepping)
        } else {
            None
        }
    }
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "it is SCBK-D, which every reader knows",
            Self::Zero => "all octets are zero",
            Self::AllSame => "all octets are the same",
            Self::Stepping => "its octets only count up or down",
        })
    }
}

/// The default base key of SIA OSDP 2.2, D.4: 30 31 … 3F.
const SCBK_D: [u8; 16] = *b"0123456789:;<=>?";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessable_keys_are_named() {
        assert_eq!(Weakness::of(&[0; 16]), Some(Weakness::Zero));
        assert_eq!(Weakness::of(&[0xFF; 16]), Some(Weakness::AllSame));
        assert_eq!(
            Weakness::of(&std::array::from_fn(|i| 0x30 + u8::try_from(i).unwrap())),
            Some(Weakness::Default)
        );
        let up: [u8; 16] = std::array::from_fn(|i| 0xF8_u8.wrapping_add(u8::try_from(i).unwrap()));
        let mut down = up;
        down.reverse();
        assert_eq!(Weakness::of(&up), Some(Weakness::Stepping));
        assert_eq!(Weakness::of(&down), Some(Weakness::Stepping));
        let mut good = up;
        good[7] ^= 1;
        assert_eq!(Weakness::of(&good), None);
    }
}
