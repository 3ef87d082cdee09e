//! Carriage: octets gathered until they are a reading in one of a line's patterns, a key, or noise.

use crate::ascii::pattern::{Look, Pattern};
use crate::ascii::pattern_error::OCTETS_MAX;
use crate::reading::Bits;

/// Gathers the octets of one reading. What is none is skipped up to where the next may begin, so that no part of one
/// reading is ever taken for another.
pub(super) struct Carriage {
    patterns: Vec<Pattern>,
    held: Vec<u8>,
    /// Octets passed over while the beginning of another reading is looked for.
    skipped: u64,
    /// The last of them: a key, where it is the only one and silence follows.
    skipped_last: u8,
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
    /// A card.
    Card {
        /// Its bits, left-justified.
        bits: Bits,
        /// How many.
        bit_count: u16,
    },
}

impl Carriage {
    pub(super) fn new(patterns: Vec<Pattern>) -> Self {
        Self {
            patterns,
            held: Vec::with_capacity(OCTETS_MAX),
            skipped: 0,
            skipped_last: 0,
        }
    }

    pub(super) fn is_partial(&self) -> bool {
        !self.held.is_empty() || self.skipped > 0
    }

    /// Forgets what was gathered.
    pub(super) fn forget(&mut self) {
        self.held.clear();
        self.skipped = 0;
    }

    /// One octet has come.
    pub(super) fn push(&mut self, octet: u8) -> Token {
        if self.skipped > 0 {
            return self.skip(octet);
        }
        // What is left of a line end behind a reading; no reading begins so.
        if self.held.is_empty() && matches!(octet, CR | LF) && !self.begins_with(octet) {
            return Token::Nothing;
        }
        self.held.push(octet);
        let mut goes_on = false;
        for pattern in &self.patterns {
            match pattern.look(&self.held) {
                Look::Card { bits, bit_count } => {
                    self.forget();
                    return Token::Card { bits, bit_count };
                }
                Look::Partial => goes_on = true,
                Look::No => {}
            }
        }
        if goes_on {
            return Token::Nothing;
        }
        self.held.pop();
        self.skipped = count(self.held.len());
        self.held.clear();
        self.skip(octet)
    }

    /// The line fell silent.
    pub(super) fn silence(&mut self) -> Token {
        let lone = match (self.held.as_slice(), self.skipped) {
            ([octet], 0) => Some(*octet),
            ([], 1) => Some(self.skipped_last),
            _ => None,
        };
        let token = match lone {
            Some(key @ (b'0'..=b'9' | b'*' | b'#')) => Token::Key(key),
            _ => Token::Noise(self.skipped.saturating_add(count(self.held.len()))),
        };
        self.forget();
        token
    }

    /// Passes an octet over, unless a reading begins with it; one that ends readings ends the noise, too.
    fn skip(&mut self, octet: u8) -> Token {
        if self.begins_with(octet) {
            let noise = std::mem::take(&mut self.skipped);
            self.held.push(octet);
            return if noise == 0 {
                Token::Nothing
            } else {
                Token::Noise(noise)
            };
        }
        self.skipped = self.skipped.saturating_add(1);
        self.skipped_last = octet;
        if self.patterns.iter().any(|pattern| pattern.ends_with(octet)) {
            return Token::Noise(std::mem::take(&mut self.skipped));
        }
        Token::Nothing
    }

    /// Whether a reading begins with this mark.
    fn begins_with(&self, octet: u8) -> bool {
        self.patterns
            .iter()
            .any(|pattern| pattern.begins_with(octet))
    }
}

fn count(octets: usize) -> u64 {
    u64::try_from(octets).unwrap_or(u64::MAX)
}

const CR: u8 = 0x0D;
const LF: u8 = 0x0A;
