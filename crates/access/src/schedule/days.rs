//! Days: the kinds of day a window holds on.

use crate::schedule::special::SpecialKind;

/// A set of kinds of day: Monday to Sunday, and the eight kinds of special day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(u16);

impl Days {
    /// No day.
    pub const NONE: Self = Self(0);
    /// Monday to Sunday; special days are none of them.
    pub const WEEK: Self = Self(0b111_1111);

    /// The set stored as these bits: bit 0 is Monday, bit 6 Sunday, bit 7 the first kind of special day. `None` if it is empty
    /// or has a bit that means nothing.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Option<Self> {
        if bits == 0 || bits >> KINDS != 0 {
            None
        } else {
            Some(Self(bits))
        }
    }

    /// The set as it is stored.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The weekday, counted from Monday as 0; nothing beyond 6.
    #[must_use]
    pub const fn weekday(from_monday: u8) -> Self {
        if from_monday < WEEKDAYS {
            Self(1 << from_monday)
        } else {
            Self::NONE
        }
    }

    /// Special days of this kind.
    #[must_use]
    pub const fn special(kind: SpecialKind) -> Self {
        Self(1 << (WEEKDAYS + kind.get() - 1))
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets have a day in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Each kind of day in the set, by its bit.
    pub(crate) fn kinds(self) -> impl Iterator<Item = usize> {
        (0..usize::from(KINDS)).filter(move |kind| self.0 >> kind & 1 == 1)
    }

    /// The kind of day that comes after: Tuesday after Monday. What comes after a special day is not known here.
    pub(crate) const fn next_weekday(kind: usize) -> Option<usize> {
        match kind {
            0..=5 => Some(kind + 1),
            6 => Some(0),
            _ => None,
        }
    }
}

/// The days of a week.
pub(super) const WEEKDAYS: u8 = 7;
/// All kinds of day.
pub(super) const KINDS: u8 = 15;
