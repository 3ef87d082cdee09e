//! KEYSET: a new Secure Channel base key for a reader.

use core::fmt;

use crate::message::{MessageError, exactly, write_runs};
use crate::secure::Scbk;

/// The data of KEYSET, 75: key type 1, length 16, the key (OSDP 2.2). Goes only inside a session.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySet {
    /// The new key.
    pub key: Scbk,
}

impl KeySet {
    /// The key in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has eighteen octets; [`MessageError::Value`] for another type or length.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        let [kind, len, key @ ..] = exactly::<DATA_LEN>(data)?;
        if kind != KEY_TYPE_SCBK {
            return Err(MessageError::Value {
                field: "key type",
                actual: kind,
            });
        }
        if len != KEY_LEN {
            return Err(MessageError::Value {
                field: "key length",
                actual: len,
            });
        }
        Ok(Self {
            key: Scbk::new(key),
        })
    }

    /// Writes the key as message data and returns the octets written; wipe `out` afterwards.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[&[KEY_TYPE_SCBK, KEY_LEN], self.key.as_octets()])
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySet(redacted)")
    }
}

const DATA_LEN: usize = 18;
const KEY_TYPE_SCBK: u8 = 1;
const KEY_LEN: u8 = 16;

#[cfg(test)]
mod tests {
    extern crate std;

    use super::KeySet;
    use crate::MessageError;

    #[rustfmt::skip]
    const OCTETS: [u8; 18] = [
        0x01, // type: SCBK
        0x10, // sixteen octets
        0x0F, 0x1E, 0x2D, 0x3C, 0x4B, 0x5A, 0x69, 0x78, // the key
        0x87, 0x96, 0xA5, 0xB4, 0xC3, 0xD2, 0xE1, 0xF0,
    ];

    #[test]
    fn a_key_both_ways() {
        let mut out = [0; 18];
        assert_eq!(KeySet::decode(&OCTETS).unwrap().encode(&mut out), Ok(18));
        assert_eq!(out, OCTETS);
    }

    #[test]
    fn another_type_or_length_is_refused() {
        let mut other = OCTETS;
        other[0] = 2;
        assert_eq!(
            KeySet::decode(&other),
            Err(MessageError::Value {
                field: "key type",
                actual: 2
            })
        );
        let mut other = OCTETS;
        other[1] = 17;
        assert_eq!(
            KeySet::decode(&other),
            Err(MessageError::Value {
                field: "key length",
                actual: 17
            })
        );
        assert_eq!(
            KeySet::decode(&OCTETS[..17]),
            Err(MessageError::Length {
                actual: 17,
                needed: 18
            })
        );
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(
            std::format!("{:?}", KeySet::decode(&OCTETS).unwrap()),
            "KeySet(redacted)"
        );
    }
}
