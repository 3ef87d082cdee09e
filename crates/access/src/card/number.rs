//! Card number: what the bits of a card stand for, or the bits themselves where no format is known.

use std::fmt;

use crate::card::bits::CardBits;
use crate::card::format_name::{FORMAT_NAME_MAX, FormatName};

/// What tells one card from another. Never printed: `Debug` names the format only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum CardNumber {
    /// A number in a known format.
    Formatted {
        /// The format's name.
        format: FormatName,
        /// The facility or site code.
        facility: u32,
        /// The number within the facility.
        number: u64,
    },
    /// Bits and their count, as they were read.
    Raw(CardBits),
}

impl CardNumber {
    /// Writes the one canonical form a tag is made of and returns its length. Layout: a formatted number is 01, the length of the
    /// format's name, the name, facility u32be, number u64be; raw bits are 02, count u16be, octets.
    pub(super) fn canonical(&self, out: &mut [u8; CANONICAL_MAX]) -> usize {
        let mut end = 0;
        let mut put = |bytes: &[u8]| {
            for (place, byte) in out.iter_mut().skip(end).zip(bytes) {
                *place = *byte;
            }
            end += bytes.len();
        };
        match self {
            Self::Formatted {
                format,
                facility,
                number,
            } => {
                let name = format.octets();
                put(&[
                    DOMAIN_FORMATTED,
                    u8::try_from(name.len()).unwrap_or(u8::MAX),
                ]);
                put(name);
                put(&facility.to_be_bytes());
                put(&number.to_be_bytes());
            }
            Self::Raw(bits) => {
                put(&[DOMAIN_RAW]);
                put(&bits.count().to_be_bytes());
                put(bits.bits());
            }
        }
        end.min(CANONICAL_MAX)
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Formatted { format, .. } => write!(f, "CardNumber({format})"),
            Self::Raw(bits) => write!(f, "CardNumber({bits:?})"),
        }
    }
}

/// Domain, length of the name, name, facility, number.
const FORMATTED_MAX: usize = 1 + 1 + FORMAT_NAME_MAX + 4 + 8;
/// Domain, bit count, octets.
const RAW_MAX: usize = 1 + 2 + 32;
pub(super) const CANONICAL_MAX: usize = if FORMATTED_MAX > RAW_MAX {
    FORMATTED_MAX
} else {
    RAW_MAX
};
// One SHA-256 block holds 55 octets besides its padding: so a tag costs two compressions.
const _: () = assert!(CANONICAL_MAX <= 55);
const DOMAIN_FORMATTED: u8 = 1;
const DOMAIN_RAW: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_names_the_format_only() {
        let formatted = CardNumber::Formatted {
            format: FormatName::new("H10301").unwrap(),
            facility: 77,
            number: 12345,
        };
        assert_eq!(format!("{formatted:?}"), "CardNumber(H10301)");
    }
}
