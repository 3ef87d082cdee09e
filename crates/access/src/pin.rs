//! PIN: the secret a person types. Kept as a keyed hash; its strength is that only few attempts are allowed.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::hash_key::HashKey;
use crate::issuance::IssuanceId;

/// Digits typed at a keypad. Never printed, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct PinDigits(Zeroizing<Vec<u8>>);

impl PinDigits {
    /// A PIN as its holder chooses it.
    ///
    /// # Errors
    /// [`PinError`] for anything but 4 to 8 digits, and for those that anybody would try first: one digit again and again, or
    /// digits that count up or down.
    pub fn chosen(text: &str) -> Result<Self, PinError> {
        let digits = Self::typed(text).ok_or(PinError::NotDigits)?;
        let steps = |step: u8| {
            let pairs = digits.0.iter().zip(digits.0.iter().skip(1));
            pairs.fold(true, |all, (digit, next)| {
                all && digit.wrapping_add(step) == *next
            })
        };
        match digits.0.len() {
            PIN_LEN_MIN..=PIN_LEN_MAX if steps(0) || steps(1) || steps(u8::MAX) => {
                Err(PinError::Weak)
            }
            PIN_LEN_MIN..=PIN_LEN_MAX => Ok(digits),
            _ => Err(PinError::Length),
        }
    }

    /// Digits as somebody typed them, whatever they are worth; `None` if there are none, too many, or others than 0 to 9.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let is_typed = (1..=TYPED_MAX).contains(&text.len())
            && text.bytes().all(|digit| digit.is_ascii_digit());
        is_typed.then(|| Self(Zeroizing::new(text.as_bytes().to_vec())))
    }

    /// The number of a PIN, and the PIN behind it, as both are typed at a door that asks for no card.
    #[must_use]
    pub fn split(&self) -> Option<(PinNumber, Self)> {
        let (number, digits) = self.0.split_at_checked(NUMBER_LEN)?;
        let number = number
            .iter()
            .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        (!digits.is_empty()).then(|| (PinNumber(number), Self(Zeroizing::new(digits.to_vec()))))
    }
}

impl fmt::Debug for PinDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinDigits(..)")
    }
}

/// The six digits that say whose PIN follows, where no card says it. No secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PinNumber(u32);

impl PinNumber {
    /// The number stored as this, or `None` beyond six digits.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number < NUMBERS {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number as it is stored; below 1,000,000.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for PinNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// The house's key of PINs: HMAC-SHA-256 (RFC 2104). Wiped when dropped, never printed.
#[derive(Clone)]
pub struct PinKey(HashKey);

impl PinKey {
    /// The key of these 32 octets; the caller wipes its own copy.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(HashKey::new(key))
    }

    /// What is stored of a PIN: the first 16 octets of the HMAC over the issuance's number, four octets big-endian, and the digits.
    #[must_use]
    pub fn hash(&self, of: IssuanceId, digits: &PinDigits) -> PinHash {
        PinHash(self.0.hash(&[&of.get().to_be_bytes(), &digits.0]))
    }
}

impl fmt::Debug for PinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinKey(..)")
    }
}

/// A PIN as it is kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PinHash([u8; 16]);

impl PinHash {
    /// A hash as it was stored.
    #[must_use]
    pub const fn new(octets: [u8; 16]) -> Self {
        Self(octets)
    }

    /// The octets, to be stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Compares without telling by time how far two agree.
    fn is(self, other: Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(..)")
    }
}

/// What is kept of one issuance's PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pin {
    /// By which it is typed without a card.
    pub number: PinNumber,
    /// The PIN.
    pub hash: PinHash,
    /// Another one, which opens as well and raises a silent alarm.
    pub duress: Option<PinHash>,
}

impl Pin {
    /// What typed digits are worth.
    #[must_use]
    pub fn check(&self, key: &PinKey, of: IssuanceId, typed: &PinDigits) -> PinEntry {
        let typed = key.hash(of, typed);
        let duress = self.duress.is_some_and(|duress| duress.is(typed));
        match (self.hash.is(typed), duress) {
            (true, _) => PinEntry::Right,
            (false, true) => PinEntry::Duress,
            (false, false) => PinEntry::Wrong,
        }
    }
}

/// What was typed beside a card, or instead of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PinEntry {
    /// Nothing.
    #[default]
    None,
    /// The PIN.
    Right,
    /// The PIN that says: I am forced.
    Duress,
    /// Something else, or a PIN where the card has none.
    Wrong,
}

/// A PIN that nobody may have. Says nothing of the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinError {
    /// There is something else than digits.
    NotDigits,
    /// Too few digits, or too many.
    Length,
    /// Digits that anybody would try first.
    Weak,
}

impl fmt::Display for PinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDigits => f.write_str("a PIN has digits only, as a keypad has"),
            Self::Length => write!(f, "a PIN has {PIN_LEN_MIN} to {PIN_LEN_MAX} digits"),
            Self::Weak => f.write_str(
                "a PIN of equal digits, or of digits in a row, is tried first; choose another",
            ),
        }
    }
}

impl std::error::Error for PinError {}

/// The fewest digits of a PIN.
const PIN_LEN_MIN: usize = 4;
/// The most digits of a PIN.
const PIN_LEN_MAX: usize = 8;
/// Digits of the number before a PIN typed without a card.
const NUMBER_LEN: usize = 6;
const NUMBERS: u32 = 1_000_000;
/// The most digits anybody types: number and PIN.
const TYPED_MAX: usize = NUMBER_LEN + PIN_LEN_MAX;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: u32) -> IssuanceId {
        IssuanceId::from_random(number)
    }

    #[test]
    fn a_pin_of_letters_or_of_habit_is_refused() {
        for (text, refused) in [
            ("12a4", PinError::NotDigits),
            ("", PinError::NotDigits),
            ("٤٥٦٧", PinError::NotDigits),
            ("159", PinError::Length),
            ("159268374", PinError::Length),
            ("0000", PinError::Weak),
            ("1234", PinError::Weak),
            ("98765", PinError::Weak),
        ] {
            assert_eq!(PinDigits::chosen(text), Err(refused), "{text}");
        }
        assert!(PinDigits::chosen("1593").is_ok());
        assert!(PinDigits::chosen("15926837").is_ok());
    }

    #[test]
    fn a_pin_is_right_for_its_own_issuance_only() {
        let key = PinKey::new([3; 32]);
        let digits = |text| PinDigits::typed(text).unwrap();
        let pin = Pin {
            number: PinNumber::new(42).unwrap(),
            hash: key.hash(of(1), &digits("1593")),
            duress: Some(key.hash(of(1), &digits("2604"))),
        };
        assert_eq!(pin.check(&key, of(1), &digits("1593")), PinEntry::Right);
        assert_eq!(pin.check(&key, of(1), &digits("2604")), PinEntry::Duress);
        assert_eq!(pin.check(&key, of(1), &digits("1594")), PinEntry::Wrong);
        assert_eq!(pin.check(&key, of(1), &digits("15930")), PinEntry::Wrong);
        assert_eq!(pin.check(&key, of(2), &digits("1593")), PinEntry::Wrong);
        assert_eq!(
            pin.check(&PinKey::new([4; 32]), of(1), &digits("1593")),
            PinEntry::Wrong
        );
    }

    #[test]
    fn number_and_pin_are_typed_in_one_go() {
        let typed = PinDigits::typed("0000421593").unwrap();
        let (number, pin) = typed.split().unwrap();
        assert_eq!(
            (number.to_string().as_str(), pin),
            ("000042", PinDigits::typed("1593").unwrap())
        );
        assert!(PinDigits::typed("000042").unwrap().split().is_none());
        assert!(PinDigits::typed("123456789012345").is_none());
        assert_eq!(PinNumber::new(1_000_000), None);
    }

    #[test]
    fn nothing_of_a_pin_is_printed() {
        let digits = PinDigits::typed("1593").unwrap();
        let hash = PinKey::new([3; 32]).hash(of(1), &digits);
        let told = format!("{digits:?} {hash:?} {:?}", PinKey::new([3; 32]));
        assert_eq!(told, "PinDigits(..) PinHash(..) PinKey(..)");
    }
}
