//! A card shown, keys pressed or a maker's answer, waiting for the controller.

use zeroize::Zeroize;

use super::PdError;
use crate::outlet::copy;
use crate::reply::{Keypad, RawCard};
use crate::{Manufacturer, MessageError, Reply};

/// The longest card kept, bits.
pub const CARD_BITS_MAX: u16 = 256;

/// The most keys kept together.
pub const KEYS_MAX: usize = 16;

/// The most octets of a maker's own answer.
pub const MANUFACTURER_LEN_MAX: usize = 32;

/// What somebody showed or typed, or the maker's firmware says; wiped when dropped.
pub(super) struct Presentation {
    octets: [u8; OCTETS_MAX],
    len: usize,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Card { bit_count: u16 },
    Keys,
    Manufacturer,
}

impl Presentation {
    pub(super) fn card(bits: &[u8], bit_count: u16) -> Result<Self, PdError> {
        let right = bits.len() == usize::from(bit_count.div_ceil(8));
        if bit_count == 0 || bit_count > CARD_BITS_MAX || !right {
            let (announced, octets, limit) = (bit_count, bits.len(), CARD_BITS_MAX);
            return Err(PdError::CardBits {
                announced,
                octets,
                limit,
            });
        }
        Ok(Self::new(bits, Kind::Card { bit_count }))
    }

    pub(super) fn keys(keys: &[u8]) -> Result<Self, PdError> {
        if keys.len() > KEYS_MAX {
            return Err(PdError::Number {
                actual: keys.len(),
                limit: KEYS_MAX,
            });
        }
        Ok(Self::new(keys, Kind::Keys))
    }

    pub(super) fn manufacturer(data: &[u8]) -> Result<Self, PdError> {
        if data.len() > MANUFACTURER_LEN_MAX {
            return Err(PdError::Number {
                actual: data.len(),
                limit: MANUFACTURER_LEN_MAX,
            });
        }
        Ok(Self::new(data, Kind::Manufacturer))
    }

    /// The reply that hands it over; `vendor` is the reader's maker.
    pub(super) fn reply(&self, vendor: [u8; 3]) -> Result<Reply<'_>, MessageError> {
        let octets = self.octets.get(..self.len).unwrap_or_default();
        match self.kind {
            Kind::Card { bit_count } => {
                RawCard::new(HEAD, RawCard::UNSPECIFIED, bit_count, octets).map(Reply::Raw)
            }
            Kind::Keys => Keypad::new(HEAD, octets).map(Reply::Keypad),
            Kind::Manufacturer => {
                let data = octets;
                Ok(Reply::Manufacturer(Manufacturer { vendor, data }))
            }
        }
    }

    fn new(octets: &[u8], kind: Kind) -> Self {
        let mut kept = [0; OCTETS_MAX];
        copy(octets, &mut kept);
        Self {
            octets: kept,
            len: octets.len(),
            kind,
        }
    }
}

impl Drop for Presentation {
    fn drop(&mut self) {
        self.octets.zeroize();
    }
}

const OCTETS_MAX: usize = 32;
/// The only reader head.
const HEAD: u8 = 0;
