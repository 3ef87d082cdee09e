//! KEYPAD: keys somebody pressed.

use core::fmt;

use crate::message::{MessageError, write_runs};

/// The data of KEYPAD, 53: reader, count, keys in ASCII; `*` is 7F and `#` is 0D (OSDP 2.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Keypad<'a> {
    reader: u8,
    count: u8,
    keys: &'a [u8],
}

impl<'a> Keypad<'a> {
    /// Keys pressed at reader head `reader`, 0 for the first.
    ///
    /// # Errors
    /// [`MessageError::Count`] for more than 255 keys.
    pub fn new(reader: u8, keys: &'a [u8]) -> Result<Self, MessageError> {
        let too_many = MessageError::Count {
            announced: usize::from(u8::MAX),
            carried: keys.len(),
        };
        let count = u8::try_from(keys.len()).map_err(|_| too_many)?;
        Ok(Self {
            reader,
            count,
            keys,
        })
    }

    /// The keys in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] below two octets; [`MessageError::Count`] if the message does not carry the keys it announces.
    pub fn decode(data: &'a [u8]) -> Result<Self, MessageError> {
        let short = MessageError::Length {
            actual: data.len(),
            needed: 2,
        };
        let (&[reader, count], keys) = data.split_first_chunk().ok_or(short)?;
        if keys.len() != usize::from(count) {
            return Err(MessageError::Count {
                announced: usize::from(count),
                carried: keys.len(),
            });
        }
        Ok(Self {
            reader,
            count,
            keys,
        })
    }

    /// Writes the keys as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[&[self.reader, self.count], self.keys])
    }

    /// The reader head, 0 for the first.
    #[must_use]
    pub const fn reader(&self) -> u8 {
        self.reader
    }

    /// The keys in the order pressed.
    #[must_use]
    pub const fn keys(&self) -> &'a [u8] {
        self.keys
    }
}

/// Shows how many keys, not which.
impl fmt::Debug for Keypad<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keypad(reader {}, {} keys)", self.reader, self.count)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::Keypad;
    use crate::MessageError;

    #[test]
    fn keys_both_ways() {
        let octets = [
            0x00, // reader 0
            0x03, // three keys
            0x31, 0x32, // 1 2
            0x0D, // #
        ];
        let keypad = Keypad::decode(&octets).unwrap();
        assert_eq!(Ok(keypad), Keypad::new(0, b"12\r"));
        let mut out = [0; 5];
        assert_eq!(keypad.encode(&mut out), Ok(5));
        assert_eq!(out, octets);
        assert_eq!(std::format!("{keypad:?}"), "Keypad(reader 0, 3 keys)");
    }

    #[test]
    fn a_keypad_that_says_255_and_has_one_is_refused() {
        assert_eq!(
            Keypad::decode(&[0, 255, 0x31]),
            Err(MessageError::Count {
                announced: 255,
                carried: 1
            })
        );
        assert_eq!(
            Keypad::decode(&[0, 0, 0x31]),
            Err(MessageError::Count {
                announced: 0,
                carried: 1
            })
        );
        assert_eq!(
            Keypad::decode(&[0]),
            Err(MessageError::Length {
                actual: 1,
                needed: 2
            })
        );
        assert_eq!(
            Keypad::new(0, &[0; 256]),
            Err(MessageError::Count {
                announced: 255,
                carried: 256
            })
        );
    }
}
