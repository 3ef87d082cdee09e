//! RAW: the bits of a card, as the reader read them.

use core::fmt;

use crate::message::{MessageError, write_runs};

/// The data of RAW, 50: reader, format, bit count, bits left-justified, first bit first (OSDP 2.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RawCard<'a> {
    reader: u8,
    format: u8,
    bit_count: u16,
    bits: &'a [u8],
}

impl<'a> RawCard<'a> {
    /// Format 0: the reader does not say.
    pub const UNSPECIFIED: u8 = 0;
    /// Format 1: parity, data, parity, as Wiegand has it.
    pub const WIEGAND: u8 = 1;

    /// A card of `bit_count` bits read at reader head `reader`, 0 for the first.
    ///
    /// # Errors
    /// [`MessageError::Count`] unless `bits` has exactly the octets that `bit_count` bits take, at least one bit.
    pub fn new(
        reader: u8,
        format: u8,
        bit_count: u16,
        bits: &'a [u8],
    ) -> Result<Self, MessageError> {
        if bit_count == 0 || bits.len() != usize::from(bit_count.div_ceil(8)) {
            return Err(MessageError::Count {
                announced: usize::from(bit_count),
                carried: bits.len().saturating_mul(8),
            });
        }
        Ok(Self {
            reader,
            format,
            bit_count,
            bits,
        })
    }

    /// The card in the data of a received message. One that contradicts itself is refused: bits are never guessed.
    ///
    /// # Errors
    /// [`MessageError::Length`] below four octets; [`MessageError::Count`] as for [`new`](Self::new).
    pub fn decode(data: &'a [u8]) -> Result<Self, MessageError> {
        let short = MessageError::Length {
            actual: data.len(),
            needed: 4,
        };
        let (&[reader, format, low, high], bits) = data.split_first_chunk().ok_or(short)?;
        Self::new(reader, format, u16::from_le_bytes([low, high]), bits)
    }

    /// Writes the card as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        let [low, high] = self.bit_count.to_le_bytes();
        write_runs(out, &[&[self.reader, self.format, low, high], self.bits])
    }

    /// The reader head, 0 for the first.
    #[must_use]
    pub const fn reader(&self) -> u8 {
        self.reader
    }

    /// The format the reader claims: [`UNSPECIFIED`](Self::UNSPECIFIED), [`WIEGAND`](Self::WIEGAND) or another.
    #[must_use]
    pub const fn format(&self) -> u8 {
        self.format
    }

    /// How many bits, at least 1.
    #[must_use]
    pub const fn bit_count(&self) -> u16 {
        self.bit_count
    }

    /// The bits, left-justified; what follows the last bit in the last octet means nothing.
    #[must_use]
    pub const fn bits(&self) -> &'a [u8] {
        self.bits
    }
}

/// Shows how many bits, not which.
impl fmt::Debug for RawCard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "RawCard(reader {}, format {}, {} bits)",
            self.reader, self.format, self.bit_count
        )
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::RawCard;
    use crate::MessageError;

    #[test]
    fn a_26_bit_card_both_ways() {
        let octets = [
            0x00, // reader 0
            0x01, // Wiegand
            0x1A, 0x00, // 26 bits, low octet first
            0x80, 0x98, 0x1C, 0xC0, // the bits: H10301, facility 1, number 12345
        ];
        let card = RawCard::decode(&octets).unwrap();
        assert_eq!(
            Ok(card),
            RawCard::new(0, RawCard::WIEGAND, 26, &[0x80, 0x98, 0x1C, 0xC0])
        );
        let mut out = [0; 8];
        assert_eq!(card.encode(&mut out), Ok(8));
        assert_eq!(out, octets);
        assert_eq!(
            std::format!("{card:?}"),
            "RawCard(reader 0, format 1, 26 bits)"
        );
    }

    #[test]
    fn a_card_that_contradicts_itself_is_refused() {
        let refused = |data| RawCard::decode(data).unwrap_err();
        let count = |announced, carried| MessageError::Count { announced, carried };
        assert_eq!(refused(&[0, 1, 26, 0, 1, 2, 3]), count(26, 24));
        assert_eq!(refused(&[0, 1, 24, 0, 1, 2, 3, 4]), count(24, 32));
        assert_eq!(refused(&[0, 1, 0xFF, 0xFF, 0x12]), count(65535, 8));
        assert_eq!(refused(&[0, 1, 0, 0]), count(0, 0));
        assert_eq!(
            refused(&[0, 1, 26]),
            MessageError::Length {
                actual: 3,
                needed: 4
            }
        );
    }
}
