//! Values that must not be printed: personal text, card bits, reader keys.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::{Zeroize, Zeroizing};

/// A name, a mobile, a card number or card bits: `Debug` shows only that it is there,
/// the memory is zeroed when it goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(String);

impl Private {
    /// Wraps `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the act at hand.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(..)")
    }
}

/// A reader's Secure Channel base key (SCBK), 16 octets; 32 hex digits in JSON.
#[derive(Clone)]
pub struct ReaderKey([u8; 16]);

impl ReaderKey {
    /// Reads 32 hex digits, either case; nothing else is a key. The caller trims.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut key = Self([0; 16]);
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return None;
        }
        for (octet, pair) in key.0.iter_mut().zip(digits.chunks_exact(2)) {
            *octet = pair
                .iter()
                .try_fold(0_u8, |value, &digit| Some(value << 4 | hex_value(digit)?))?;
        }
        Some(key)
    }

    /// The key's octets.
    #[must_use]
    pub fn expose(&self) -> &[u8; 16] {
        &self.0
    }
}

impl Drop for ReaderKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for ReaderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReaderKey(..)")
    }
}

impl Serialize for ReaderKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut hex = Zeroizing::new(String::with_capacity(32));
        for octet in self.0 {
            for nibble in [octet >> 4, octet & 0x0F] {
                hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        serializer.serialize_str(&hex)
    }
}

impl<'de> Deserialize<'de> for ReaderKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = Zeroizing::new(String::deserialize(deserializer)?);
        Self::from_hex(&hex).ok_or_else(|| de::Error::custom("a reader key is 32 hex digits"))
    }
}

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_json_and_never_shows_in_debug() {
        let key = ReaderKey::from_hex("00112233445566778899aAbBcCdDeEfF").unwrap();
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(json, "\"00112233445566778899aabbccddeeff\"");
        let back: ReaderKey = serde_json::from_str(&json).unwrap();
        assert_eq!(back.expose(), key.expose());
        assert_eq!(format!("{key:?}"), "ReaderKey(..)");
        assert_eq!(format!("{:?}", Private::new("Kari")), "Private(..)");
    }

    #[test]
    fn anything_but_32_hex_digits_is_no_key() {
        for text in [
            "",
            "00",
            "0011223344556677889900112233445g",
            "æææææææææææææææææ",
        ] {
            assert!(ReaderKey::from_hex(text).is_none(), "{text}");
        }
    }
}
