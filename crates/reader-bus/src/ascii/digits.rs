//! Digits: how many of them write a card, and what bits they stand for.

/// The base of the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Radix {
    Hex,
    Decimal,
}

impl Radix {
    const fn base(self) -> u32 {
        match self {
            Self::Hex => 16,
            Self::Decimal => 10,
        }
    }
}

/// A run of digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digits {
    radix: Radix,
    least: usize,
    most: usize,
}

impl Digits {
    pub(super) const fn exactly(radix: Radix, count: usize) -> Self {
        Self::between(radix, count, count)
    }

    pub(super) const fn between(radix: Radix, least: usize, most: usize) -> Self {
        Self { radix, least, most }
    }

    /// From `10` or `2-16`; `None` if that is no number of digits that can be read.
    pub(super) fn parse(radix: Radix, text: &str) -> Option<Self> {
        let (least, most) = text.split_once('-').unwrap_or((text, text));
        let (least, most) = (least.parse().ok()?, most.parse().ok()?);
        let limit = match radix {
            Radix::Hex => HEX_DIGITS_MAX,
            Radix::Decimal => DECIMAL_DIGITS_MAX,
        };
        (1 <= least && least <= most && most <= limit).then_some(Self { radix, least, most })
    }

    pub(super) const fn radix(&self) -> Radix {
        self.radix
    }

    pub(super) const fn most(&self) -> usize {
        self.most
    }

    pub(super) const fn varies(&self) -> bool {
        self.least != self.most
    }

    /// Whether no whole octets come of it.
    pub(super) const fn is_odd_or_decimal(&self) -> bool {
        self.varies() || !self.most.is_multiple_of(2) || matches!(self.radix, Radix::Decimal)
    }

    /// How many octets are taken; more than there are if the run is not over yet, `None` if it breaks off too early.
    pub(super) fn take(&self, octets: &[u8]) -> Option<usize> {
        let is_digit = |octet: &&u8| char::from(**octet).is_digit(self.radix.base());
        let run = octets.iter().take(self.most).take_while(is_digit).count();
        if run == octets.len() && run < self.most {
            Some(octets.len() + 1)
        } else {
            (run >= self.least).then_some(run)
        }
    }
}

/// What a run of digits stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Hexadecimal digits, four bits each.
    Digits,
    /// A number of so many bits, 1 to 256; what is larger is no card.
    Bits(u16),
    /// 24 or 32 bits from which the parity of H10301 or H10306 was taken away; it is put back.
    ParityStripped,
}

impl Meaning {
    /// Refuses a meaning that such digits cannot have.
    pub(super) fn check(self, digits: &Digits) -> Result<(), &'static str> {
        match self {
            Self::Digits if digits.radix == Radix::Decimal => {
                Err("decimal digits need bits = N, the bits of the number they write")
            }
            Self::Bits(0) | Self::Bits(BITS_OVER..) => Err("bits is 1 to 256"),
            Self::Bits(65..) if digits.radix == Radix::Decimal => {
                Err("decimal digits write at most 64 bits")
            }
            Self::ParityStripped
                if digits.radix == Radix::Decimal
                    || !matches!((digits.least, digits.most), (6, 6) | (8, 8)) =>
            {
                Err("parity is put back to 24 or 32 bits: write hex:6 or hex:8")
            }
            Self::Digits | Self::Bits(_) | Self::ParityStripped => Ok(()),
        }
    }

    /// The bits, left-justified, and their count; `None` if the digits write more than that.
    pub(super) fn bits(self, digits: &[u8], radix: Radix) -> Option<(Vec<u8>, u16)> {
        let mut bits = Row::default();
        match (self, radix) {
            (Self::Digits, _) => bits.nibbles(digits)?,
            (Self::Bits(count), Radix::Hex) => {
                let mut all = Row::default();
                all.nibbles(digits)?;
                bits.lowest(&all, count)?;
            }
            (Self::Bits(count), Radix::Decimal) => {
                let value = number(digits)?;
                let width = u32::from(count);
                if width < u64::BITS && value >> width != 0 {
                    return None;
                }
                bits.number(value, count);
            }
            (Self::ParityStripped, _) => {
                let mut data = Row::default();
                data.nibbles(digits)?;
                bits.between_parity(&data);
            }
        }
        Some(bits.packed())
    }
}

/// Bits in a row, the first read first.
#[derive(Default)]
struct Row(Vec<bool>);

impl Row {
    fn nibbles(&mut self, digits: &[u8]) -> Option<()> {
        for digit in digits {
            let nibble = char::from(*digit).to_digit(16)?;
            self.number(u64::from(nibble), 4);
        }
        Some(())
    }

    fn number(&mut self, value: u64, count: u16) {
        let places = (0..count).rev();
        self.0.extend(places.map(|place| {
            value
                .checked_shr(u32::from(place))
                .is_some_and(|rest| rest & 1 == 1)
        }));
    }

    /// The last `count` bits of `all`, with zeros before them where there are fewer; the others must be zero.
    fn lowest(&mut self, all: &Self, count: u16) -> Option<()> {
        let count = usize::from(count);
        let over = all.0.len().saturating_sub(count);
        if all.0.iter().take(over).any(|bit| *bit) {
            return None;
        }
        let missing = count.saturating_sub(all.0.len());
        self.0.extend(std::iter::repeat_n(false, missing));
        self.0.extend(all.0.iter().skip(over));
        Some(())
    }

    /// `data` between the even parity of its first half and the odd parity of its second.
    fn between_parity(&mut self, data: &Self) {
        let (first, second) = data.0.split_at(data.0.len() / 2);
        let is_odd = |half: &[bool]| half.iter().filter(|bit| **bit).count() % 2 == 1;
        self.0.push(is_odd(first));
        self.0.extend(&data.0);
        self.0.push(!is_odd(second));
    }

    fn packed(&self) -> (Vec<u8>, u16) {
        let octets = self.0.chunks(8).map(|eight| {
            let octet = eight
                .iter()
                .fold(0, |octet, bit| octet << 1 | u8::from(*bit));
            octet << (8 - eight.len())
        });
        let count = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        (octets.collect(), count)
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |value, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        value.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

const HEX_DIGITS_MAX: usize = 64;
/// Of 20 digits not every number has 64 bits.
const DECIMAL_DIGITS_MAX: usize = 19;
const BITS_OVER: u16 = 257;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_the_bits_that_are_meant() {
        let hex = |meaning: Meaning, digits: &[u8]| meaning.bits(digits, Radix::Hex);
        assert_eq!(hex(Meaning::Digits, b"A5F"), Some((vec![0xA5, 0xF0], 12)));
        assert_eq!(hex(Meaning::Bits(10), b"3FF"), Some((vec![0xFF, 0xC0], 10)));
        assert_eq!(hex(Meaning::Bits(10), b"400"), None, "eleven bits");
        assert_eq!(hex(Meaning::Bits(16), b"1"), Some((vec![0, 1], 16)));
        let decimal = |meaning: Meaning, digits: &[u8]| meaning.bits(digits, Radix::Decimal);
        assert_eq!(decimal(Meaning::Bits(8), b"255"), Some((vec![0xFF], 8)));
        assert_eq!(decimal(Meaning::Bits(8), b"256"), None);
        let most = decimal(Meaning::Bits(64), b"9999999999999999999");
        assert_eq!(
            most,
            Some((9_999_999_999_999_999_999_u64.to_be_bytes().to_vec(), 64))
        );
    }

    #[test]
    fn parity_is_put_back_to_26_and_34_bits() {
        let stripped = |digits: &[u8]| Meaning::ParityStripped.bits(digits, Radix::Hex);
        // Facility 1, number 1: an odd number of ones on the left makes E = 1, one on the right O = 0.
        assert_eq!(
            stripped(b"010001"),
            Some((vec![0x80, 0x80, 0x00, 0x80], 26))
        );
        let all_ones = vec![0x7F, 0xFF, 0xFF, 0xFF, 0xC0];
        assert_eq!(stripped(b"FFFFFFFF"), Some((all_ones, 34)));
    }

    #[test]
    fn meanings_that_digits_cannot_have_are_refused() {
        let hex = |count| Digits::exactly(Radix::Hex, count);
        let decimal = Digits::exactly(Radix::Decimal, 10);
        assert!(Meaning::Digits.check(&decimal).is_err());
        assert!(Meaning::Bits(0).check(&hex(6)).is_err());
        assert!(Meaning::Bits(257).check(&hex(64)).is_err());
        assert!(Meaning::Bits(65).check(&decimal).is_err());
        assert!(Meaning::ParityStripped.check(&hex(7)).is_err());
        assert!(Meaning::ParityStripped.check(&hex(8)).is_ok());
    }
}
