//! The levels of a reader's inputs or outputs.

use std::fmt;

/// Up to [`LEVELS_MAX`] levels, number 0 first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    active: u64,
    count: u8,
}

impl Levels {
    /// Takes the levels in order; those beyond [`LEVELS_MAX`] are left out.
    #[must_use]
    pub fn new(levels: impl IntoIterator<Item = bool>) -> Self {
        let mut taken = Self {
            active: 0,
            count: 0,
        };
        for level in levels.into_iter().take(LEVELS_MAX) {
            taken.active |= u64::from(level) << taken.count;
            taken.count += 1;
        }
        taken
    }

    /// Whether number `index` is active; `None` if the reader has no such.
    #[must_use]
    pub const fn is_active(&self, index: u8) -> Option<bool> {
        if index < self.count {
            Some(self.active >> index & 1 == 1)
        } else {
            None
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> u8 {
        self.count
    }
}

/// Shows the levels as digits, number 0 first.
impl fmt::Debug for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Levels(")?;
        for index in 0..self.count {
            write!(f, "{}", u8::from(self.is_active(index) == Some(true)))?;
        }
        f.write_str(")")
    }
}

/// Most inputs or outputs of one reader that are told.
pub const LEVELS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::{LEVELS_MAX, Levels};

    #[test]
    fn a_level_the_reader_has_not_is_unknown() {
        let levels = Levels::new([false, true]);
        assert_eq!(levels.is_active(0), Some(false));
        assert_eq!(levels.is_active(1), Some(true));
        assert_eq!(levels.is_active(2), None);
        assert_eq!(format!("{levels:?}"), "Levels(01)");
    }

    #[test]
    fn levels_beyond_the_limit_are_left_out() {
        let levels = Levels::new([true; LEVELS_MAX + 9]);
        assert_eq!(usize::from(levels.count()), LEVELS_MAX);
        assert_eq!(levels.is_active(63), Some(true));
        assert_eq!(levels.is_active(64), None);
    }
}
