//! A Wiegand reader behind a converter that pushes card numbers as text.

mod carriage;
mod digits;
mod pattern;
mod pattern_error;

use std::collections::VecDeque;
use std::time::Duration;

use carriage::{Carriage, Token};
pub use digits::Meaning;
pub use pattern::Pattern;
pub use pattern_error::PatternError;

use crate::config::within;
use crate::stats::count;
use crate::{
    Bits, BusError, BusEvent, Keys, LineStats, ReaderIndex, ReaderState, ReaderStats, Uptime,
};

/// How a pushed line is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsciiConfig {
    /// The ways its readings are written, 1 to 8; the first that fits is taken. Default: [`Pattern::hex_cr`] and
    /// [`Pattern::decimal_cr`], told apart by their length.
    pub patterns: Vec<Pattern>,
    /// Silence that breaks a reading off, 1 to 1000 ms. Default 150, for USB adapters.
    pub inter_character_ms: u16,
    /// The same card again within this time is one card held to the reader, 0 to 10,000 ms. Default 1000.
    pub repeat_window_ms: u16,
}

impl Default for AsciiConfig {
    fn default() -> Self {
        Self {
            patterns: vec![Pattern::hex_cr(), Pattern::decimal_cr()],
            inter_character_ms: 150,
            repeat_window_ms: 1000,
        }
    }
}

/// One pushed line with one reader, which is [`AsciiLine::READER`]. It cannot be asked, so it is online while its port is
/// open, and it cannot be told anything.
///
/// A reading is written in one of the line's patterns; a lone key and silence is a key pressed. Anything else is skipped and
/// counted. The contract is that of [`Bus`](crate::Bus); nothing is transmitted.
pub struct AsciiLine {
    config: AsciiConfig,
    carriage: Carriage,
    up: bool,
    heard_at: Option<Uptime>,
    last_card: Option<(Bits, u16, Uptime)>,
    events: VecDeque<BusEvent>,
    stats: LineStats,
}

impl AsciiLine {
    /// The one reader of the line.
    pub const READER: ReaderIndex = ReaderIndex::new(0);

    /// A line, down until [`line_up`](Self::line_up).
    ///
    /// # Errors
    /// [`BusError::Timing`].
    pub fn new(config: AsciiConfig) -> Result<Self, BusError> {
        within(
            "inter_character_ms",
            config.inter_character_ms,
            1,
            INTER_CHARACTER_MS_MAX,
        )?;
        within(
            "repeat_window_ms",
            config.repeat_window_ms,
            0,
            REPEAT_WINDOW_MS_MAX,
        )?;
        if config.patterns.is_empty() || config.patterns.len() > PATTERNS_MAX {
            return Err(BusError::Patterns {
                actual: config.patterns.len(),
            });
        }
        Ok(Self {
            carriage: Carriage::new(config.patterns.clone()),
            config,
            up: false,
            heard_at: None,
            last_card: None,
            events: VecDeque::new(),
            stats: LineStats::default(),
        })
    }

    /// Takes what the port delivered, split anywhere.
    pub fn handle_bytes(&mut self, bytes: &[u8], now: Uptime) {
        if !self.up {
            return;
        }
        self.handle_timeout(now);
        for octet in bytes {
            count(&mut self.stats.octets_received);
            let token = self.carriage.push(*octet);
            self.take(token, now);
        }
        if !bytes.is_empty() {
            self.heard_at = Some(now);
        }
    }

    /// Lets time pass: silence ends a key or drops a broken reading.
    pub fn handle_timeout(&mut self, now: Uptime) {
        if self.poll_timeout().is_some_and(|due| due <= now) {
            let token = self.carriage.silence();
            self.take(token, now);
        }
    }

    /// When to call [`handle_timeout`](Self::handle_timeout).
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Uptime> {
        let heard_at = self
            .heard_at
            .filter(|_| self.up && self.carriage.is_partial())?;
        Some(heard_at + millis(self.config.inter_character_ms))
    }

    /// The next thing that happened.
    pub fn poll_event(&mut self) -> Option<BusEvent> {
        self.events.pop_front()
    }

    /// The port is gone.
    pub fn line_down(&mut self, _now: Uptime) {
        if self.up {
            self.up = false;
            self.carriage.forget();
            self.push(BusEvent::Offline {
                reader: Self::READER,
            });
        }
    }

    /// The port is open.
    pub fn line_up(&mut self, _now: Uptime) {
        if !self.up {
            self.up = true;
            self.push(BusEvent::Online {
                reader: Self::READER,
                secure: false,
            });
        }
    }

    /// How the reader stands.
    #[must_use]
    pub fn stats(&self) -> ReaderStats {
        ReaderStats {
            state: if self.up {
                ReaderState::Online
            } else {
                ReaderState::Offline
            },
            heard_at: self.heard_at,
            ..ReaderStats::default()
        }
    }

    /// How well the line works.
    #[must_use]
    pub fn line_stats(&self) -> LineStats {
        LineStats {
            up: self.up,
            ..self.stats
        }
    }

    fn take(&mut self, token: Token, now: Uptime) {
        let reader = Self::READER;
        match token {
            Token::Nothing => {}
            Token::Noise(octets) => {
                self.stats.scan.noise_octets = self.stats.scan.noise_octets.saturating_add(octets);
            }
            Token::Key(key) => {
                count(&mut self.stats.scan.frames);
                self.push(BusEvent::Keys {
                    reader,
                    keys: Keys::one(key),
                    live: true,
                });
            }
            Token::Card { bits, bit_count } => {
                count(&mut self.stats.scan.frames);
                self.take_card(bits, bit_count, now);
            }
        }
    }

    /// A card held to the reader is pushed again and again: each repetition prolongs the one reading.
    fn take_card(&mut self, bits: Bits, bit_count: u16, now: Uptime) {
        let window = millis(self.config.repeat_window_ms);
        let repeated = self
            .last_card
            .as_ref()
            .is_some_and(|(last, last_count, at)| {
                *last == bits && *last_count == bit_count && now < *at + window
            });
        self.last_card = Some((bits.clone(), bit_count, now));
        if !repeated {
            self.push(BusEvent::Card {
                reader: Self::READER,
                bits,
                bit_count,
                live: true,
            });
        }
    }

    /// A caller that does not drain loses readings, counted; it never makes the line grow.
    fn push(&mut self, event: BusEvent) {
        if self.events.len() < EVENTS_MAX {
            self.events.push_back(event);
        } else {
            count(&mut self.stats.stray_frames);
        }
    }
}

fn millis(ms: u16) -> Duration {
    Duration::from_millis(u64::from(ms))
}

const INTER_CHARACTER_MS_MAX: u16 = 1000;
const REPEAT_WINDOW_MS_MAX: u16 = 10_000;
const EVENTS_MAX: usize = 1024;
/// Most ways in which readings of one line are written.
pub(crate) const PATTERNS_MAX: usize = 8;

#[cfg(test)]
mod tests;
