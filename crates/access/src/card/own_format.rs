//! Own format: a card format that a house describes itself, checked before any card is read by it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::card::bits::BITS_MAX;
use crate::card::format_name::{FORMAT_NAME_MAX, FormatName};
use crate::card::format_set::RAW;
use crate::card::formats;
use crate::card::layout::{Layout, Parity};

impl Layout {
    /// A format of the house's own; bit 0 is the first bit read, and the end of a range is behind its last bit.
    ///
    /// Every bit belongs to exactly one thing, the facility, the number or one parity bit, so that no two cards are one number.
    ///
    /// # Errors
    /// [`LayoutError`] for the first thing that is wrong.
    pub fn own(
        name: &str,
        bits: u16,
        facility: Option<Range<u16>>,
        number: Range<u16>,
        parity: Vec<Parity>,
    ) -> Result<Self, LayoutError> {
        let known = FormatName::new(name).ok_or(LayoutError::Name)?;
        if name.eq_ignore_ascii_case(RAW) || formats::by_name(name).is_some() {
            return Err(LayoutError::Taken);
        }
        if bits == 0 || bits > BITS_MAX {
            return Err(LayoutError::Bits { found: bits });
        }
        let facility = facility.unwrap_or(0..0);
        for (what, field, limit) in [
            ("facility", &facility, FACILITY_BITS_MAX),
            ("number", &number, NUMBER_BITS_MAX),
        ] {
            within(what, field, bits)?;
            let found = field.end.saturating_sub(field.start);
            if found > limit {
                return Err(LayoutError::Wide { what, found, limit });
            }
        }
        if number.is_empty() {
            return Err(LayoutError::NoNumber);
        }
        for (place, bit) in parity.iter().enumerate() {
            check_parity(bit, parity.get(place + 1..).unwrap_or_default(), bits)?;
        }
        let layout = Self {
            name: known,
            bits,
            facility,
            number,
            parity: Cow::Owned(parity),
        };
        layout.every_bit_once()?;
        Ok(layout)
    }

    fn every_bit_once(&self) -> Result<(), LayoutError> {
        for at in 0..self.bits {
            let owners = u16::from(self.facility.contains(&at))
                + u16::from(self.number.contains(&at))
                + u16::try_from(
                    self.parity
                        .iter()
                        .filter(|parity| parity.at() == at)
                        .count(),
                )
                .unwrap_or(u16::MAX);
            match owners {
                0 => return Err(LayoutError::Idle { at }),
                1 => {}
                _ => return Err(LayoutError::Twice { at }),
            }
        }
        Ok(())
    }
}

/// One parity bit: it and what it watches are bits of the card, and nothing it watches is written `later`.
fn check_parity(parity: &Parity, later: &[Parity], bits: u16) -> Result<(), LayoutError> {
    let (over, taken, group) = parity.pattern();
    within(
        "parity",
        &(parity.at()..parity.at().saturating_add(1)),
        bits,
    )?;
    within("parity", &over, bits)?;
    if group == 0 || taken == 0 || taken > group {
        return Err(LayoutError::Pattern { taken, group });
    }
    let at = parity.at();
    for watched in parity.watched() {
        if watched == at || later.iter().any(|other| other.at() == watched) {
            return Err(LayoutError::Order { at, watched });
        }
    }
    Ok(())
}

fn within(what: &'static str, range: &Range<u16>, bits: u16) -> Result<(), LayoutError> {
    if range.start > range.end || range.end > bits {
        return Err(LayoutError::Range {
            what,
            first: range.start,
            last: range.end.saturating_sub(1),
            bits,
        });
    }
    Ok(())
}

/// What is wrong with a format that a house describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayoutError {
    /// The name is empty, too long, or has other characters than letters, digits, `-` and `_`.
    Name,
    /// The name is one of the formats everybody uses, or `raw`.
    Taken,
    /// No card has so many bits.
    Bits {
        /// Bits asked for.
        found: u16,
    },
    /// A range runs backwards or over the end of the card.
    Range {
        /// What it is of.
        what: &'static str,
        /// Its first bit.
        first: u16,
        /// Its last bit.
        last: u16,
        /// Bits of the card.
        bits: u16,
    },
    /// A field is wider than is kept.
    Wide {
        /// Which.
        what: &'static str,
        /// Its bits.
        found: u16,
        /// Bits it may have.
        limit: u16,
    },
    /// A card without a number is every card.
    NoNumber,
    /// Of a group more bits are taken than it has, or none.
    Pattern {
        /// Bits taken.
        taken: u16,
        /// Bits of a group.
        group: u16,
    },
    /// A parity bit watches itself, or one that is listed behind it.
    Order {
        /// The parity bit.
        at: u16,
        /// What it watches.
        watched: u16,
    },
    /// A bit is two things.
    Twice {
        /// The bit.
        at: u16,
    },
    /// A bit is nothing: two cards that differ there would be one number.
    Idle {
        /// The bit.
        at: u16,
    },
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => write!(
                f,
                "a format's name is 1 to {FORMAT_NAME_MAX} letters, digits, - and _"
            ),
            Self::Taken => f.write_str("a format of this name is built in; choose another name"),
            Self::Bits { found } => write!(f, "{found} bits; a card has 1 to {BITS_MAX}"),
            Self::Range {
                what,
                first,
                last,
                bits,
            } => write!(
                f,
                "{what}: bits {first}-{last} are not a range of a card of {bits} bits, which are 0-{}",
                bits.saturating_sub(1)
            ),
            Self::Wide { what, found, limit } => {
                write!(f, "{what}: {found} bits; at most {limit} are kept")
            }
            Self::NoNumber => f.write_str("the number has no bits; every card would be the same"),
            Self::Pattern { taken, group } => write!(
                f,
                "taking {taken} of {group} is no pattern; write [2, 3] for two of every three"
            ),
            Self::Order { at, watched } => write!(
                f,
                "parity bit {at} watches bit {watched}, which is itself or a parity bit listed behind it; list it first"
            ),
            Self::Twice { at } => write!(f, "bit {at} is two things; let the fields not overlap"),
            Self::Idle { at } => write!(
                f,
                "bit {at} is nothing, so cards that differ there would be one; make it part of a field, a parity bit, or {{ zero = {at} }} or {{ one = {at} }}"
            ),
        }
    }
}

impl std::error::Error for LayoutError {}

const FACILITY_BITS_MAX: u16 = 32;
const NUMBER_BITS_MAX: u16 = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::card::{CardBits, CardNumber, ReadError};

    /// Facility 1-7, number 8-14, even over all of the first half, odd over all, a one in front.
    fn yard(parity: Vec<Parity>) -> Result<Layout, LayoutError> {
        Layout::own("YARD", 18, Some(1..8), 8..15, parity)
    }

    fn good() -> Vec<Parity> {
        vec![
            Parity::one(0),
            Parity::zero(15),
            Parity::even(16, 1..8),
            Parity::odd(17, 0..17),
        ]
    }

    #[test]
    fn every_thing_that_can_be_wrong_is_told() {
        assert!(yard(good()).is_ok());
        let name = |name| Layout::own(name, 8, None, 0..8, Vec::new());
        assert_eq!(name("two words"), Err(LayoutError::Name));
        assert_eq!(name("H10301"), Err(LayoutError::Taken));
        assert_eq!(name("RAW"), Err(LayoutError::Taken));
        let bits = |bits, number: Range<u16>| Layout::own("X", bits, None, number, Vec::new());
        assert_eq!(bits(0, 0..0), Err(LayoutError::Bits { found: 0 }));
        assert_eq!(bits(257, 0..64), Err(LayoutError::Bits { found: 257 }));
        assert!(matches!(
            bits(8, 0..9),
            Err(LayoutError::Range { last: 8, .. })
        ));
        assert!(matches!(
            bits(100, 0..65),
            Err(LayoutError::Wide {
                found: 65,
                limit: 64,
                ..
            })
        ));
        assert_eq!(bits(8, 3..3), Err(LayoutError::NoNumber));
        assert_eq!(bits(8, 1..8), Err(LayoutError::Idle { at: 0 }));
        let mut backwards = good();
        backwards.rotate_right(1);
        assert_eq!(
            yard(backwards),
            Err(LayoutError::Order { at: 17, watched: 0 })
        );
        let mut twice = good();
        twice.insert(0, Parity::even(3, 9..10));
        assert_eq!(yard(twice), Err(LayoutError::Twice { at: 3 }));
        let mut pattern = good();
        pattern.insert(0, Parity::even(3, 9..10).taking(4, 3));
        assert_eq!(
            yard(pattern),
            Err(LayoutError::Pattern { taken: 4, group: 3 })
        );
    }

    proptest! {
        #[test]
        fn a_format_of_the_house_survives_the_round_trip_and_finds_flipped_bits(
            facility in 0_u32..128, number in 0_u64..128, flipped in 0_u16..18)
        {
            let layout = yard(good()).unwrap();
            let bits = layout.write(facility, number).unwrap();
            let read = CardNumber::Formatted { format: FormatName::new("YARD").unwrap(), facility, number };
            prop_assert_eq!(layout.read(&bits), Ok(read));
            let mut octets = bits.bits().to_vec();
            octets[usize::from(flipped / 8)] ^= 0x80 >> (flipped % 8);
            let flipped = CardBits::new(&octets, 18).unwrap();
            prop_assert_eq!(layout.read(&flipped), Err(ReadError::Parity));
        }
    }
}
