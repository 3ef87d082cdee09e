//! Keypads on Wiegand wires: a key is a card of four or eight bits.

use crate::Keys;

/// How a keypad behind Wiegand wires tells a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Keypad {
    /// Not at all: four and eight bits are cards, and keys come as text or in OSDP's own message.
    #[default]
    None,
    /// Four bits: 0 to 9, A for `*`, B for `#`.
    FourBits,
    /// Eight bits: the four of [`Keypad::FourBits`] turned over, then as they are.
    EightBits,
}

impl Keypad {
    /// The key that these bits tell, left-justified; `None` if they are none.
    #[must_use]
    pub fn key(self, bits: &[u8], bit_count: u16) -> Option<Keys> {
        let [octet] = bits else {
            return None;
        };
        let code = match (self, bit_count) {
            (Self::FourBits, 4) => octet >> 4,
            (Self::EightBits, 8) if octet >> 4 == !octet & 0x0F => octet & 0x0F,
            (Self::None | Self::FourBits | Self::EightBits, _) => return None,
        };
        match code {
            digit @ 0..=9 => Some(Keys::one(b'0' + digit)),
            0xA => Some(Keys::one(b'*')),
            0xB => Some(Keys::one(b'#')),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Keypad;

    fn key(keypad: Keypad, octet: u8, count: u16) -> Option<u8> {
        keypad.key(&[octet], count).map(|keys| keys.as_slice()[0])
    }

    #[test]
    fn four_bits_are_a_key() {
        let told =
            [0x00, 0x50, 0x90, 0xA0, 0xB0, 0xC0].map(|octet| key(Keypad::FourBits, octet, 4));
        assert_eq!(
            told,
            [
                Some(b'0'),
                Some(b'5'),
                Some(b'9'),
                Some(b'*'),
                Some(b'#'),
                None
            ]
        );
        assert_eq!(key(Keypad::FourBits, 0x50, 5), None);
    }

    #[test]
    fn eight_bits_are_a_key_and_its_complement() {
        let told = [0xF0, 0xA5, 0x5A, 0xA4].map(|octet| key(Keypad::EightBits, octet, 8));
        assert_eq!(told, [Some(b'0'), Some(b'5'), Some(b'*'), None]);
    }

    #[test]
    fn without_a_keypad_they_are_cards() {
        assert_eq!(key(Keypad::None, 0x50, 4), None);
        assert_eq!(Keypad::FourBits.key(&[0x50, 0], 12), None);
    }
}
