//! Layout: which bits of a card are the facility, the number, and the parity over them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::card::bits::CardBits;
use crate::card::format_name::FormatName;
use crate::card::number::CardNumber;
use crate::reason::Reason;

/// One card format as a table; bit 0 is the first bit read. A format without a facility has an empty range there, and facility 0.
///
/// Parity bits are written in the order of the table: one that watches another stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub(super) name: FormatName,
    pub(super) bits: u16,
    pub(super) facility: Range<u16>,
    pub(super) number: Range<u16>,
    pub(super) parity: Cow<'static, [Parity]>,
}

impl Layout {
    /// The format's name, as in the configuration.
    #[must_use]
    pub const fn name(&self) -> FormatName {
        self.name
    }

    /// How many bits a card of this format has.
    #[must_use]
    pub const fn bits(&self) -> u16 {
        self.bits
    }

    /// The number the bits stand for.
    ///
    /// # Errors
    /// [`ReadError`] if the bit count is not this format's, or a parity bit is wrong.
    pub fn read(&self, bits: &CardBits) -> Result<CardNumber, ReadError> {
        if bits.count() != self.bits {
            return Err(ReadError::WrongFormat);
        }
        if !self.parity.iter().all(|parity| parity.holds(bits)) {
            return Err(ReadError::Parity);
        }
        let facility =
            u32::try_from(bits.field(self.facility.clone())).map_err(|_| ReadError::WrongFormat)?;
        Ok(CardNumber::Formatted {
            format: self.name,
            facility,
            number: bits.field(self.number.clone()),
        })
    }

    /// The bits a reader sends for this number, parity included.
    ///
    /// # Errors
    /// [`WriteError`] if the facility or the number needs more bits than the format has for it.
    pub fn write(&self, facility: u32, number: u64) -> Result<CardBits, WriteError> {
        let mut bits = CardBits::zero(self.bits).ok_or(WriteError::Bits { bits: self.bits })?;
        put(&mut bits, &self.facility, u64::from(facility)).map_err(|limit| {
            WriteError::Facility {
                found: facility,
                limit,
            }
        })?;
        put(&mut bits, &self.number, number).map_err(|limit| WriteError::Number { limit })?;
        for parity in self.parity.iter() {
            if !parity.holds(&bits) {
                bits.set(parity.at);
            }
        }
        Ok(bits)
    }
}

/// One parity bit and the bits it watches: a range, all of it or a pattern that repeats along it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parity {
    at: u16,
    over: Range<u16>,
    taken: u16,
    group: u16,
    odd: bool,
}

impl Parity {
    /// The bit at `at` makes the count of ones in itself and `over` even.
    #[must_use]
    pub const fn even(at: u16, over: Range<u16>) -> Self {
        Self {
            at,
            over,
            taken: 1,
            group: 1,
            odd: false,
        }
    }

    /// The bit at `at` makes the count of ones in itself and `over` odd.
    #[must_use]
    pub const fn odd(at: u16, over: Range<u16>) -> Self {
        Self {
            at,
            over,
            taken: 1,
            group: 1,
            odd: true,
        }
    }

    /// The bit at `at` is one on every card: odd, and watching nothing else.
    #[must_use]
    pub const fn one(at: u16) -> Self {
        Self::odd(at, 0..0)
    }

    /// The bit at `at` is zero on every card: even, and watching nothing else.
    #[must_use]
    pub const fn zero(at: u16) -> Self {
        Self::even(at, 0..0)
    }

    /// Of the range, watches only the first `taken` bits of each `group`, counted from its start: `taking(2, 3)` is the
    /// mask `110110110…`.
    #[must_use]
    pub const fn taking(self, taken: u16, group: u16) -> Self {
        Self {
            taken,
            group,
            ..self
        }
    }

    /// Where the parity bit stands.
    #[must_use]
    pub const fn at(&self) -> u16 {
        self.at
    }

    /// The range watched, and how many of each group of how many in it.
    pub(super) fn pattern(&self) -> (Range<u16>, u16, u16) {
        (self.over.clone(), self.taken, self.group)
    }

    /// The bits watched besides the parity bit itself, in order.
    pub(super) fn watched(&self) -> impl Iterator<Item = u16> {
        let places = (0..self.group).cycle();
        let taken = self.taken;
        let pairs = self.over.clone().zip(places);
        pairs
            .filter(move |(_, place)| *place < taken)
            .map(|(at, _)| at)
    }

    fn holds(&self, bits: &CardBits) -> bool {
        self.watched()
            .fold(bits.bit(self.at), |parity, at| parity ^ bits.bit(at))
            == self.odd
    }
}

/// Bits that are not a card this reader reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// No format of this reader has so many bits.
    WrongFormat,
    /// The bit count fits, a parity bit does not.
    Parity,
}

impl ReadError {
    /// The reason the denied card's record gives.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::WrongFormat => Reason::WrongFormat,
            Self::Parity => Reason::Parity,
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongFormat => f.write_str("no format of this reader has so many bits"),
            Self::Parity => f.write_str("a parity bit of the card is wrong"),
        }
    }
}

impl std::error::Error for ReadError {}

/// A number that a format cannot carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// The facility is too large.
    Facility {
        /// The facility asked for.
        found: u32,
        /// The largest this format has.
        limit: u64,
    },
    /// The card number is too large; it is not repeated here.
    Number {
        /// The largest this format has.
        limit: u64,
    },
    /// The format itself has no possible bit count.
    Bits {
        /// The count in its table.
        bits: u16,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Facility { found, limit } => {
                write!(f, "facility {found} is over this format's {limit}")
            }
            Self::Number { limit } => write!(f, "the card number is over this format's {limit}"),
            Self::Bits { bits } => write!(f, "a format of {bits} bits"),
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes `value` into `range`, or says the largest value that fits.
fn put(bits: &mut CardBits, range: &Range<u16>, value: u64) -> Result<(), u64> {
    let width = u32::from(range.end.saturating_sub(range.start));
    let limit = 1_u64.checked_shl(width).map_or(u64::MAX, |over| over - 1);
    if value > limit {
        return Err(limit);
    }
    let ones = range
        .clone()
        .rev()
        .zip(0_u32..64)
        .filter(|(_, place)| (value >> place) & 1 == 1);
    ones.for_each(|(at, _)| bits.set(at));
    Ok(())
}
