//! How a converter writes a card down: digits and a line end.

/// Gathers digits until a line end or a silence says what they were.
pub(super) struct Carriage {
    held: Vec<u8>,
    /// The line grew too long: all up to its end is noise.
    overlong: u64,
}

/// What the octets so far amount to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Nothing yet.
    Nothing,
    /// So many octets that mean nothing.
    Noise(u64),
    /// A key pressed, ASCII.
    Key(u8),
    /// A card's bits, left-justified.
    Card {
        /// The bits.
        octets: [u8; 4],
        /// How many.
        bit_count: u16,
    },
}

impl Carriage {
    pub(super) fn new() -> Self {
        Self {
            held: Vec::with_capacity(LINE_LEN_MAX),
            overlong: 0,
        }
    }

    pub(super) fn is_partial(&self) -> bool {
        !self.held.is_empty() || self.overlong > 0
    }

    /// One octet has come.
    pub(super) fn push(&mut self, octet: u8) -> Token {
        match octet {
            CR => self.line(),
            // The second half of CR LF; alone it ends nothing.
            LF if !self.is_partial() => Token::Nothing,
            octet if self.held.len() < LINE_LEN_MAX && self.overlong == 0 => {
                self.held.push(octet);
                Token::Nothing
            }
            _ => {
                self.overlong = self.overlong.saturating_add(1);
                Token::Nothing
            }
        }
    }

    /// The line fell silent.
    pub(super) fn silence(&mut self) -> Token {
        let token = match self.held.as_slice() {
            [key @ (b'0'..=b'9' | b'*' | b'#')] if self.overlong == 0 => Token::Key(*key),
            held => noise(held.len(), self.overlong),
        };
        self.clear();
        token
    }

    fn line(&mut self) -> Token {
        let card = if self.overlong == 0 {
            card(&self.held)
        } else {
            None
        };
        let token = card.unwrap_or_else(|| noise(self.held.len() + 1, self.overlong));
        self.clear();
        token
    }

    fn clear(&mut self) {
        self.held.clear();
        self.overlong = 0;
    }
}

fn card(digits: &[u8]) -> Option<Token> {
    match digits.len() {
        HEX_DIGITS => {
            let value = number(digits, 16)?;
            Some(Token::Card {
                octets: h10301(value).to_be_bytes(),
                bit_count: 26,
            })
        }
        DECIMAL_DIGITS => {
            let value = number(digits, 10)?;
            Some(Token::Card {
                octets: value.to_be_bytes(),
                bit_count: 32,
            })
        }
        _ => None,
    }
}

/// The number `digits` write; no sign, no space, nothing above 32 bits.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    digits.iter().try_fold(0u32, |value, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        value.checked_mul(radix)?.checked_add(digit)
    })
}

/// The 26-bit frame, left-justified, that 24 data bits were taken from: even parity over the first twelve before them, odd
/// parity over the last twelve behind them.
fn h10301(data: u32) -> u32 {
    let even = (data >> 12 & 0xFFF).count_ones() & 1;
    let odd = !(data & 0xFFF).count_ones() & 1;
    (even << 25 | data << 1 | odd) << 6
}

fn noise(held: usize, overlong: u64) -> Token {
    Token::Noise(
        u64::try_from(held)
            .unwrap_or(u64::MAX)
            .saturating_add(overlong),
    )
}

const CR: u8 = 0x0D;
const LF: u8 = 0x0A;
const HEX_DIGITS: usize = 6;
const DECIMAL_DIGITS: usize = 10;
const LINE_LEN_MAX: usize = DECIMAL_DIGITS;
