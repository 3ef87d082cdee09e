//! Card bits and pressed keys on their way to the decision: never shown, wiped when dropped.

use std::fmt;

use zeroize::Zeroizing;

/// The raw bits of a card, left-justified; what follows the last bit in the last octet means nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Bits(Zeroizing<Vec<u8>>);

impl Bits {
    pub(crate) fn new(octets: &[u8]) -> Self {
        Self(Zeroizing::new(octets.to_vec()))
    }

    /// The octets, as many as the bit count needs.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Bits {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

/// Shows how many octets, not which.
impl fmt::Debug for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bits({} octets)", self.0.len())
    }
}

/// Keys in the order pressed, ASCII: digits, `*`, `#`, and whatever else the keypad has.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys(Zeroizing<Vec<u8>>);

impl Keys {
    /// From what an OSDP keypad sends: `*` is 7F and `#` is 0D there (OSDP 2.2, 7.12).
    pub(crate) fn from_osdp(keys: &[u8]) -> Self {
        let ascii = keys.iter().map(|key| match key {
            0x7F => b'*',
            0x0D => b'#',
            other => *other,
        });
        Self(Zeroizing::new(ascii.collect()))
    }

    pub(crate) fn one(key: u8) -> Self {
        Self(Zeroizing::new(vec![key]))
    }

    /// The keys.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

/// Shows how many keys, not which.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, Keys};

    #[test]
    fn neither_cards_nor_keys_are_shown() {
        assert_eq!(format!("{:?}", Bits::new(&[1, 2])), "Bits(2 octets)");
        assert_eq!(format!("{:?}", Keys::from_osdp(b"12\r")), "Keys(3)");
    }

    #[test]
    fn star_and_hash_are_told_as_such() {
        assert_eq!(Keys::from_osdp(&[b'1', 0x7F, 0x0D]).as_slice(), b"1*#");
    }
}
