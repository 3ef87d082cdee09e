//! Text of a card number: what the register encrypts, and what people type.

use std::fmt;
use std::fmt::Write as _;

use zeroize::Zeroizing;

use crate::card::bits::CardBits;
use crate::card::format_name::FormatName;
use crate::card::format_set::RAW;
use crate::card::formats;
use crate::card::number::CardNumber;

impl CardNumber {
    /// The number as text, to be encrypted: `H10301 1:12345`, or `raw 26 00804F40` in hexadecimal.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        // Room for the longest text from the start: growing would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(TEXT_MAX));
        let written = match self {
            Self::Formatted {
                format,
                facility,
                number,
            } => write!(text, "{format} {facility}:{number}"),
            Self::Raw(bits) => write!(text, "{RAW} {} ", bits.count()).and_then(|()| {
                bits.bits()
                    .iter()
                    .try_for_each(|octet| write!(text, "{octet:02X}"))
            }),
        };
        debug_assert!(written.is_ok(), "writing to a string does not fail");
        text
    }

    /// Reads what [`CardNumber::to_text`] wrote. A format that is not one of [`formats::ALL`] is one of the house's own.
    ///
    /// # Errors
    /// [`NumberTextError`] if the text is none of the two shapes, or the number does not fit the format.
    pub fn from_text(text: &str) -> Result<Self, NumberTextError> {
        let (format, rest) = text.split_once(' ').ok_or(NumberTextError::Shape)?;
        if format == RAW {
            return raw_from_text(rest).map(Self::Raw);
        }
        let name = FormatName::new(format).ok_or(NumberTextError::Format)?;
        let (facility, number) = rest.split_once(':').ok_or(NumberTextError::Shape)?;
        let facility = facility.parse().map_err(|_| NumberTextError::Shape)?;
        let number = number.parse().map_err(|_| NumberTextError::Shape)?;
        if let Some(layout) = formats::by_name(format) {
            layout
                .write(facility, number)
                .map_err(|_| NumberTextError::Range)?;
        }
        Ok(Self::Formatted {
            format: name,
            facility,
            number,
        })
    }
}

/// A text that is no card number. Says what is wrong, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberTextError {
    /// Neither `FORMAT FACILITY:NUMBER` nor `raw BITS HEX`.
    Shape,
    /// Not the name of a format.
    Format,
    /// More than the format can carry.
    Range,
}

impl fmt::Display for NumberTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "not a card number; wanted FORMAT FACILITY:NUMBER or raw BITS HEX",
            Self::Format => "not the name of a card format",
            Self::Range => "facility or number is larger than the format can carry",
        })
    }
}

impl std::error::Error for NumberTextError {}

fn raw_from_text(text: &str) -> Result<CardBits, NumberTextError> {
    let (count, hex) = text.split_once(' ').ok_or(NumberTextError::Shape)?;
    let count = count.parse().map_err(|_| NumberTextError::Shape)?;
    let (pairs, []) = hex.as_bytes().as_chunks::<2>() else {
        return Err(NumberTextError::Shape);
    };
    let octets: Option<Zeroizing<Vec<u8>>> = pairs
        .iter()
        .map(|[high, low]| octet(*high, *low))
        .collect::<Option<Vec<u8>>>()
        .map(Zeroizing::new);
    CardBits::new(&octets.ok_or(NumberTextError::Shape)?, count).map_err(|_| NumberTextError::Shape)
}

fn octet(high: u8, low: u8) -> Option<u8> {
    let digit = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    };
    Some(digit(high)? << 4 | digit(low)?)
}

/// `raw 256 ` and 64 digits; a formatted number is shorter.
const TEXT_MAX: usize = 80;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_two_shapes_read_as_written() {
        let formatted = CardNumber::Formatted {
            format: FormatName::new("H10301").unwrap(),
            facility: 1,
            number: 12345,
        };
        assert_eq!(formatted.to_text().as_str(), "H10301 1:12345");
        assert_eq!(CardNumber::from_text("H10301 1:12345"), Ok(formatted));
        let raw = CardNumber::Raw(CardBits::new(&[0x00, 0x80, 0x4F, 0x40], 26).unwrap());
        assert_eq!(raw.to_text().as_str(), "raw 26 00804F40");
        assert_eq!(CardNumber::from_text("raw 26 00804f40"), Ok(raw));
    }

    #[test]
    fn other_texts_are_refused() {
        let shape = Err(NumberTextError::Shape);
        for text in [
            "",
            "H10301",
            "H10301 1",
            "H10301 1:x",
            "H10301 -1:2",
            "raw",
            "raw 26",
            "raw 26 0080",
            "raw 8 0",
            "raw 8 GG",
            "raw 0 ",
        ] {
            assert_eq!(CardNumber::from_text(text), shape, "{text}");
        }
        assert_eq!(
            CardNumber::from_text("two:words 1:2"),
            Err(NumberTextError::Format)
        );
        assert_eq!(
            CardNumber::from_text("H10301 256:2"),
            Err(NumberTextError::Range)
        );
    }

    #[test]
    fn a_format_of_the_house_is_read_by_its_name() {
        let own = CardNumber::Formatted {
            format: FormatName::new("YARD-40").unwrap(),
            facility: 9,
            number: u64::MAX,
        };
        assert_eq!(CardNumber::from_text(&own.to_text()), Ok(own));
    }

    proptest! {
        #[test]
        fn every_raw_number_survives_its_text(octets in proptest::collection::vec(any::<u8>(), 1..=32), spare in 0_u16..8) {
            let count = u16::try_from(octets.len()).unwrap() * 8 - spare;
            let raw = CardNumber::Raw(CardBits::new(&octets, count).unwrap());
            let text = raw.to_text();
            prop_assert!(text.len() <= TEXT_MAX);
            prop_assert_eq!(CardNumber::from_text(&text), Ok(raw));
        }
    }
}
