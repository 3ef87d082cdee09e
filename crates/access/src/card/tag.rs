//! Card tag: what stands for a card's number wherever the number itself must not be.

use std::fmt;

use zeroize::Zeroizing;

use crate::card::number::{CANONICAL_MAX, CardNumber};
use crate::hash_key::HashKey;

/// A key under which numbers become tags: HMAC-SHA-256 (RFC 2104); a tag costs two compressions. Wiped when dropped, never
/// printed.
#[derive(Clone)]
pub struct TagKey(HashKey);

impl TagKey {
    /// The key of these 32 octets; the caller wipes its own copy.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(HashKey::new(key))
    }

    /// The tag of a number: the first 16 octets of the HMAC over its canonical form.
    #[must_use]
    pub fn tag(&self, number: &CardNumber) -> CardTag {
        CardTag(self.first(number))
    }

    /// The tag by which an unknown card is recorded. Use a key of the day: under it no tag tells more than that the same
    /// unknown card came again that day.
    #[must_use]
    pub fn unknown_tag(&self, number: &CardNumber) -> UnknownTag {
        UnknownTag(self.first(number))
    }

    fn first<const N: usize>(&self, number: &CardNumber) -> [u8; N] {
        let mut canonical = Zeroizing::new([0; CANONICAL_MAX]);
        let end = number.canonical(&mut canonical);
        self.0.hash(&[canonical.get(..end).unwrap_or(&[])])
    }
}

impl fmt::Debug for TagKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TagKey(..)")
    }
}

/// The house's tag of a card: 16 octets, the same for the same number as long as the house has its key. Never printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardTag([u8; 16]);

impl CardTag {
    /// A tag as it was stored.
    #[must_use]
    pub const fn new(octets: [u8; 16]) -> Self {
        Self(octets)
    }

    /// The octets, to be stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The first eight octets as a number; tags are spread evenly over it.
    pub(crate) fn leading(&self) -> u64 {
        self.0
            .first_chunk()
            .map_or(0, |octets| u64::from_be_bytes(*octets))
    }

    /// Octets 2 to 11, which with the two before them are what an allowlist goes by.
    pub(crate) const fn tail(&self) -> [u8; 10] {
        let [_, _, tail @ .., _, _, _, _] = self.0;
        tail
    }

    /// The tag with these leading octets, of which two count, and this tail; the last four octets are zero.
    pub(crate) fn of_parts(leading: u64, tail: [u8; 10]) -> Self {
        let mut octets = [0; 16];
        let whole = leading.to_be_bytes().into_iter().take(2).chain(tail);
        for (place, octet) in octets.iter_mut().zip(whole) {
            *place = octet;
        }
        Self(octets)
    }

    /// As an allowlist keeps it: the last four octets are zero.
    pub(crate) fn shortened(&self) -> Self {
        Self::of_parts(self.leading(), self.tail())
    }
}

impl fmt::Debug for CardTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardTag(..)")
    }
}

/// The tag of an unknown card under the key of a day: 8 octets, meaningless the day after.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnknownTag([u8; 8]);

impl UnknownTag {
    /// A tag as it was recorded.
    #[must_use]
    pub const fn new(octets: [u8; 8]) -> Self {
        Self(octets)
    }

    /// The octets, to be recorded.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl fmt::Debug for UnknownTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnknownTag(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::{CardBits, FormatName};

    fn formatted(facility: u32, number: u64) -> CardNumber {
        CardNumber::Formatted {
            format: FormatName::new("H10301").unwrap(),
            facility,
            number,
        }
    }

    /// The tag is what any HMAC-SHA-256 says of the documented octets; checked against Python's `hmac`.
    #[test]
    fn a_tag_is_a_truncated_hmac_of_the_canonical_form() {
        let key = TagKey::new([0x42; 32]);
        assert_eq!(key.tag(&formatted(1, 12345)).as_bytes(), &FORMATTED_TAG);
        let raw = CardNumber::Raw(CardBits::new(&[0x00, 0x80, 0x4F, 0x40], 26).unwrap());
        assert_eq!(key.tag(&raw).as_bytes(), &RAW_TAG);
        assert_eq!(key.unknown_tag(&raw).as_bytes(), &RAW_TAG[..8]);
    }

    #[test]
    fn another_key_number_or_count_is_another_tag() {
        let key = TagKey::new([1; 32]);
        let tag = key.tag(&formatted(1, 2));
        assert_ne!(tag, TagKey::new([2; 32]).tag(&formatted(1, 2)));
        assert_ne!(tag, key.tag(&formatted(2, 1)));
        let raw = |count| key.tag(&CardNumber::Raw(CardBits::new(&[0; 4], count).unwrap()));
        assert_ne!(raw(26), raw(27));
    }

    #[test]
    fn nothing_secret_is_printed() {
        let key = TagKey::new([7; 32]);
        let tag = key.tag(&formatted(1, 2));
        assert_eq!(
            format!("{key:?} {tag:?} {:?}", UnknownTag::new([9; 8])),
            "TagKey(..) CardTag(..) UnknownTag(..)"
        );
    }

    const FORMATTED_TAG: [u8; 16] = [
        0x6B, 0x4A, 0x2E, 0xA9, 0x2D, 0x14, 0xCD, 0xF8, 0x4A, 0x69, 0xCE, 0xEA, 0x53, 0x83, 0x19,
        0x7D,
    ];
    const RAW_TAG: [u8; 16] = [
        0xA8, 0x7C, 0xB3, 0x36, 0xD5, 0x1C, 0x81, 0x2D, 0xF9, 0x8D, 0x83, 0xFB, 0x2F, 0x39, 0xE9,
        0x9F,
    ];
}
