//! A Wiegand reader behind a converter that pushes card numbers as text.

mod carriage;

use std::collections::VecDeque;
use std::time::Duration;

use carriage::{Carriage, Token};

use crate::config::within;
use crate::stats::count;
use crate::{
    Bits, BusError, BusEvent, Keys, LineStats, ReaderIndex, ReaderState, ReaderStats, Uptime,
};

/// Timing of a pushed line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsciiConfig {
    /// Silence that breaks a reading off, 1 to 1000 ms. Default 150, for USB adapters.
    pub inter_character_ms: u16,
    /// The same card again within this time is one card held to the reader, 0 to 10,000 ms. Default 1000.
    pub repeat_window_ms: u16,
}

impl Default for AsciiConfig {
    fn default() -> Self {
        Self {
            inter_character_ms: 150,
            repeat_window_ms: 1000,
        }
    }
}

/// One pushed line with one reader, which is [`AsciiLine::READER`]. It cannot be asked, so it is online while its port is
/// open, and it cannot be told anything.
///
/// Two carriages, told apart by their length: six hexadecimal digits and CR are 24 bits whose parity was stripped, told as
/// the 26-bit frame they came from, parity computed; ten decimal digits and CR LF are 32 bits. A lone key and silence is a
/// key pressed. Anything else is skipped and counted. The contract is that of [`Bus`](crate::Bus); nothing is transmitted.
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
        Ok(Self {
            config,
            carriage: Carriage::new(),
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
            self.carriage = Carriage::new();
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
            Token::Card { octets, bit_count } => {
                count(&mut self.stats.scan.frames);
                self.take_card(Bits::new(&octets), bit_count, now);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(ms: u64) -> Uptime {
        Uptime::from_micros(ms * 1_000)
    }

    fn line() -> AsciiLine {
        let mut line = AsciiLine::new(AsciiConfig::default()).unwrap();
        line.line_up(at(0));
        assert!(matches!(
            line.poll_event(),
            Some(BusEvent::Online { secure: false, .. })
        ));
        line
    }

    fn told(line: &mut AsciiLine) -> Vec<(Vec<u8>, u16)> {
        std::iter::from_fn(|| line.poll_event())
            .map(|event| {
                if let BusEvent::Card {
                    bits,
                    bit_count,
                    live: true,
                    ..
                } = event
                {
                    (bits.as_slice().to_vec(), bit_count)
                } else if let BusEvent::Keys {
                    keys, live: true, ..
                } = event
                {
                    (keys.as_slice().to_vec(), 0)
                } else {
                    panic!("{event:?}")
                }
            })
            .collect()
    }

    #[test]
    fn six_digits_are_the_26_bits_they_came_from() {
        let mut line = line();
        // H10301, facility 1, number 12345.
        line.handle_bytes(b"013039\r", at(5));
        assert_eq!(told(&mut line), [(vec![0x80, 0x98, 0x1C, 0xC0], 26)]);
    }

    #[test]
    fn ten_digits_are_32_bits_and_no_more() {
        let mut line = line();
        line.handle_bytes(b"4294967295\r\n0000000258\r\n4294967296\r\n", at(5));
        assert_eq!(
            told(&mut line),
            [(vec![0xFF; 4], 32), (vec![0, 0, 1, 2], 32)]
        );
        assert_eq!(line.line_stats().scan.noise_octets, 11);
    }

    #[test]
    fn a_card_held_to_the_reader_is_one_card() {
        let mut line = line();
        for ms in (0..3_000).step_by(50) {
            line.handle_bytes(b"013039\r", at(ms));
        }
        assert_eq!(told(&mut line).len(), 1);
        line.handle_bytes(b"013039\r", at(3_940));
        assert_eq!(
            told(&mut line).len(),
            0,
            "still within the window of the last"
        );
        line.handle_bytes(b"013040\r", at(3_960));
        line.handle_bytes(b"013039\r", at(3_970));
        assert_eq!(told(&mut line).len(), 2, "another card between them");
    }

    #[test]
    fn a_lone_key_and_silence_is_a_key() {
        let mut line = line();
        line.handle_bytes(b"7", at(0));
        assert_eq!(line.poll_timeout(), Some(at(150)));
        line.handle_timeout(at(149));
        assert_eq!(told(&mut line), []);
        line.handle_timeout(at(150));
        assert_eq!(told(&mut line), [(b"7".to_vec(), 0)]);
        assert_eq!(line.poll_timeout(), None);
    }

    #[test]
    fn a_broken_reading_joins_nothing_that_comes_later() {
        let mut line = line();
        line.handle_bytes(b"013", at(0));
        line.handle_bytes(b"039\r", at(151));
        assert_eq!(told(&mut line), []);
        assert_eq!(line.line_stats().scan.noise_octets, 7);
    }

    #[test]
    fn a_line_that_is_down_hears_nothing() {
        let mut line = line();
        line.handle_bytes(b"0130", at(0));
        line.line_down(at(1));
        line.handle_bytes(b"39\r", at(2));
        line.line_up(at(3));
        line.handle_bytes(b"39\r", at(4));
        let events: Vec<_> = std::iter::from_fn(|| line.poll_event()).collect();
        assert!(
            matches!(
                events[..],
                [BusEvent::Offline { .. }, BusEvent::Online { .. }]
            ),
            "{events:?}"
        );
    }

    #[test]
    fn timing_out_of_range_is_refused() {
        let config = AsciiConfig {
            inter_character_ms: 0,
            ..AsciiConfig::default()
        };
        assert!(matches!(
            AsciiLine::new(config),
            Err(BusError::Timing { actual: 0, .. })
        ));
    }

    proptest! {
        #[test]
        fn any_octets_at_any_split_mean_the_same(octets in proptest::collection::vec(prop_oneof![
            any::<u8>(), prop::sample::select(b"0123456789abcdefABCDEF\r\n".to_vec()), Just(b'\r')], 0..300),
            cuts in proptest::collection::vec(1_usize..20, 1..40))
        {
            let mut whole = line();
            whole.handle_bytes(&octets, at(1));
            let mut split = line();
            let (mut rest, mut cuts) = (octets.as_slice(), cuts.iter().cycle());
            while !rest.is_empty() {
                let cut = (*cuts.next().unwrap()).min(rest.len());
                split.handle_bytes(&rest[..cut], at(1));
                rest = &rest[cut..];
            }
            prop_assert_eq!(told(&mut whole), told(&mut split));
            prop_assert_eq!(whole.line_stats(), split.line_stats());
            whole.handle_timeout(at(1_000));
            prop_assert!(whole.poll_timeout().is_none());
        }

        #[test]
        fn parity_is_put_back_as_it_was(data in 0_u32..1 << 24) {
            let mut line = line();
            line.handle_bytes(format!("{data:06X}\r").as_bytes(), at(1));
            let (bits, count) = told(&mut line).remove(0);
            let frame = u32::from_be_bytes(bits.try_into().unwrap());
            prop_assert_eq!((count, frame & 0x3F), (26, 0));
            prop_assert_eq!(frame >> 7 & 0xFF_FFFF, data);
            prop_assert_eq!((frame >> 19).count_ones() % 2, 0, "even over the first thirteen");
            prop_assert_eq!((frame >> 6 & 0x1FFF).count_ones() % 2, 1, "odd over the last thirteen");
        }
    }
}
