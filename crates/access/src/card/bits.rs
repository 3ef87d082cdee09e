//! Card bits: what a reader read, before anybody says what it means.

use std::fmt;
use std::ops::Range;

use zeroize::Zeroize;

/// Up to 256 bits, most significant first, left-justified; the spare bits of the last octet are zero.
///
/// Never printed: `Debug` shows the count only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CardBits {
    octets: [u8; OCTETS_MAX],
    count: u16,
}

impl CardBits {
    /// Takes `count` bits from `octets`; what lies behind them in the last octet is dropped, so it cannot make two cards of one.
    ///
    /// # Errors
    /// [`BitsError`] if there are no bits, more than [`BITS_MAX`], or `octets` is not exactly as long as `count` bits need.
    pub fn new(octets: &[u8], count: u16) -> Result<Self, BitsError> {
        if count == 0 {
            return Err(BitsError::Empty);
        }
        if count > BITS_MAX {
            return Err(BitsError::TooMany { found: count });
        }
        let wanted = usize::from(count.div_ceil(8));
        let mut kept = [0; OCTETS_MAX];
        match kept.get_mut(..wanted) {
            Some(place) if octets.len() == wanted => place.copy_from_slice(octets),
            Some(_) | None => {
                return Err(BitsError::Octets {
                    found: octets.len(),
                    wanted,
                });
            }
        }
        if let Some(last) = kept.get_mut(wanted - 1) {
            *last &= spare_mask(count);
        }
        Ok(Self {
            octets: kept,
            count,
        })
    }

    /// The bits, left-justified, in as few octets as hold them.
    #[must_use]
    pub fn bits(&self) -> &[u8] {
        self.octets
            .get(..usize::from(self.count.div_ceil(8)))
            .unwrap_or(&[])
    }

    /// How many bits there are; 1 to 256.
    #[must_use]
    pub const fn count(&self) -> u16 {
        self.count
    }

    /// As many zero bits; `None` if that is no possible count.
    pub(crate) const fn zero(count: u16) -> Option<Self> {
        if count == 0 || count > BITS_MAX {
            None
        } else {
            Some(Self {
                octets: [0; OCTETS_MAX],
                count,
            })
        }
    }

    /// The bit at `at`, 0 being the first read; bits that are not there are zero.
    pub(crate) fn bit(&self, at: u16) -> bool {
        self.octets
            .get(usize::from(at / 8))
            .is_some_and(|octet| octet & (0x80 >> (at % 8)) != 0)
    }

    /// Sets the bit at `at`, if it is one of ours.
    pub(crate) fn set(&mut self, at: u16) {
        if at < self.count
            && let Some(octet) = self.octets.get_mut(usize::from(at / 8))
        {
            *octet |= 0x80 >> (at % 8);
        }
    }

    /// The number written in `range`, most significant bit first; at most 64 bits.
    pub(crate) fn field(&self, range: Range<u16>) -> u64 {
        range.fold(0, |value, at| (value << 1) | u64::from(self.bit(at)))
    }
}

impl fmt::Debug for CardBits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardBits({} bits)", self.count)
    }
}

impl Drop for CardBits {
    fn drop(&mut self) {
        self.octets.zeroize();
    }
}

/// Bits that cannot be a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BitsError {
    /// No bits at all.
    Empty,
    /// More bits than any card has.
    TooMany {
        /// Bits found.
        found: u16,
    },
    /// The octets do not fit the bit count.
    Octets {
        /// Octets found.
        found: usize,
        /// Octets that many bits need.
        wanted: usize,
    },
}

impl fmt::Display for BitsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a card of no bits"),
            Self::TooMany { found } => {
                write!(f, "a card of {found} bits; at most {BITS_MAX} are read")
            }
            Self::Octets { found, wanted } => write!(
                f,
                "{found} octets of card bits where the bit count needs {wanted}"
            ),
        }
    }
}

impl std::error::Error for BitsError {}

const fn spare_mask(count: u16) -> u8 {
    match count % 8 {
        0 => 0xFF,
        used => !(0xFF >> used),
    }
}

/// The most bits a card may have.
pub const BITS_MAX: u16 = 256;
const OCTETS_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_behind_the_count_do_not_matter() {
        let clean = CardBits::new(&[0xAB, 0xC0], 10).unwrap();
        let noisy = CardBits::new(&[0xAB, 0xFF], 10).unwrap();
        assert_eq!(clean, noisy);
        assert_eq!(clean.bits(), [0xAB, 0xC0]);
        assert_ne!(clean, CardBits::new(&[0xAB, 0xC0], 11).unwrap());
    }

    #[test]
    fn counts_that_do_not_fit_are_refused() {
        assert_eq!(CardBits::new(&[], 0), Err(BitsError::Empty));
        assert_eq!(
            CardBits::new(&[0; 33], 257),
            Err(BitsError::TooMany { found: 257 })
        );
        assert_eq!(
            CardBits::new(&[0; 3], 26),
            Err(BitsError::Octets {
                found: 3,
                wanted: 4
            })
        );
        assert_eq!(
            CardBits::new(&[0; 5], 26),
            Err(BitsError::Octets {
                found: 5,
                wanted: 4
            })
        );
        assert!(CardBits::new(&[0xFF; 32], 256).is_ok());
    }

    #[test]
    fn fields_are_read_most_significant_bit_first() {
        let bits = CardBits::new(&[0b1010_0110, 0b1000_0000], 9).unwrap();
        assert_eq!(bits.field(0..4), 0b1010);
        assert_eq!(bits.field(4..9), 0b0_1101);
        assert_eq!(bits.field(8..12), 0b1000);
    }

    #[test]
    fn debug_shows_no_bits() {
        assert_eq!(
            format!("{:?}", CardBits::new(&[0xAB], 8).unwrap()),
            "CardBits(8 bits)"
        );
    }
}
