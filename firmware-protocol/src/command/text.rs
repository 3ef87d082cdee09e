//! TEXT: what a reader's display shall show.

use core::fmt;

use crate::coded::coded;
use crate::message::{MessageError, write_runs};

/// The data of TEXT, 6B: reader, how, seconds, row, column, length, characters (OSDP 2.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    place: TextPlace,
    len: u8,
    characters: &'a [u8],
}

/// Where, how and for how long a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextPlace {
    /// The reader head, 0 for the first.
    pub reader: u8,
    /// Whether it stays, and whether it wraps.
    pub action: TextAction,
    /// How long a temporary text stays, seconds; 0 for a permanent one.
    pub time_s: u8,
    /// The row of the first character, from 1.
    pub row: u8,
    /// The column of the first character, from 1.
    pub column: u8,
}

coded! {
    /// Whether a text stays, and whether it wraps at the end of a row.
    pub enum TextAction {
        /// It stays; what does not fit on the row is cut off.
        Permanent = 1,
        /// It stays and wraps.
        PermanentWrap = 2,
        /// It goes after its time; what does not fit on the row is cut off.
        Temporary = 3,
        /// It goes after its time, and wraps.
        TemporaryWrap = 4,
    }
}

impl<'a> Text<'a> {
    /// `characters`, printable ASCII, to be shown at `place`.
    ///
    /// # Errors
    /// [`MessageError::Count`] for more than 255 characters.
    pub fn new(place: TextPlace, characters: &'a [u8]) -> Result<Self, MessageError> {
        let too_many = MessageError::Count {
            announced: usize::from(u8::MAX),
            carried: characters.len(),
        };
        let len = u8::try_from(characters.len()).map_err(|_| too_many)?;
        Ok(Self {
            place,
            len,
            characters,
        })
    }

    /// The text in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] below six octets; [`MessageError::Count`] if the message does not carry the characters it
    /// announces.
    pub fn decode(data: &'a [u8]) -> Result<Self, MessageError> {
        let short = MessageError::Length {
            actual: data.len(),
            needed: HEAD_LEN,
        };
        let (&[reader, action, time_s, row, column, len], characters) =
            data.split_first_chunk::<HEAD_LEN>().ok_or(short)?;
        if characters.len() != usize::from(len) {
            return Err(MessageError::Count {
                announced: usize::from(len),
                carried: characters.len(),
            });
        }
        let place = TextPlace {
            reader,
            action: TextAction::from_code(action),
            time_s,
            row,
            column,
        };
        Ok(Self {
            place,
            len,
            characters,
        })
    }

    /// Writes the text as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        let TextPlace {
            reader,
            action,
            time_s,
            row,
            column,
        } = self.place;
        let head = [reader, action.code(), time_s, row, column, self.len];
        write_runs(out, &[&head, self.characters])
    }

    /// Where, how and for how long.
    #[must_use]
    pub const fn place(&self) -> TextPlace {
        self.place
    }

    /// The characters, printable ASCII if the sender keeps to the standard.
    #[must_use]
    pub const fn characters(&self) -> &'a [u8] {
        self.characters
    }
}

/// Shows how many characters, not which: a text may name somebody.
impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({:?}, {} characters)", self.place, self.len)
    }
}

const HEAD_LEN: usize = 6;

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{Text, TextAction, TextPlace};
    use crate::MessageError;

    const PLACE: TextPlace = TextPlace {
        reader: 0,
        action: TextAction::TemporaryWrap,
        time_s: 5,
        row: 2,
        column: 1,
    };

    #[test]
    fn a_text_both_ways() {
        let octets = [
            0x00, // reader 0
            0x04, // temporary, wraps
            0x05, // five seconds
            0x02, // second row
            0x01, // first column
            0x04, // four characters
            0x57, 0x41, 0x49, 0x54, // WAIT
        ];
        let text = Text::decode(&octets).unwrap();
        assert_eq!(Ok(text), Text::new(PLACE, b"WAIT"));
        let mut out = [0; 10];
        assert_eq!(text.encode(&mut out), Ok(10));
        assert_eq!(out, octets);
        assert!(std::format!("{text:?}").ends_with(", 4 characters)"));
    }

    #[test]
    fn a_text_that_contradicts_itself_is_refused() {
        assert_eq!(
            Text::decode(&[0, 1, 0, 1, 1, 3, b'a', b'b']),
            Err(MessageError::Count {
                announced: 3,
                carried: 2
            })
        );
        assert_eq!(
            Text::decode(&[0, 1, 0, 1, 1]),
            Err(MessageError::Length {
                actual: 5,
                needed: 6
            })
        );
        assert_eq!(
            Text::new(PLACE, &[b'a'; 256]),
            Err(MessageError::Count {
                announced: 255,
                carried: 256
            })
        );
    }
}
