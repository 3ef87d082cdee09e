//! A Modbus RTU line: Wiegand converters that are polled, and relay boards whose coils are strikes.

mod frame;
mod map;
mod strikes;
mod turn;
mod unit;

use std::collections::VecDeque;
use std::time::Duration;

use frame::{Look, Query};
pub use map::{CardMap, Coil, InputMap, Justified, KeyMap, MapError, Registers, UnitMap};
use unit::Unit;

use crate::pace::Pace;
use crate::stats::count;
use crate::unlock::ThrowQueue;
use crate::{
    BusError, BusEvent, FailCause, LineConfig, LineStats, READERS_MAX, ReaderIndex, ReaderStats,
    Uptime,
};

/// A Modbus RTU line and its units, which are its readers in this order. The contract is that of [`Bus`](crate::Bus).
///
/// A relay goes off by itself where its board can (see [`Coil::timed`]), else by an order of ours; all are switched off when the
/// line comes up, and one found on out of its time is switched off again. A reading is told when its sequence number
/// changes; what the unit read while it was not heard is told as not live.
pub struct ModbusLine {
    config: LineConfig,
    pace: Pace,
    units: Vec<Unit>,
    unlocks: ThrowQueue,
    /// How many questions in a row were unlocks.
    in_a_row: u8,
    /// To be put again: no answer came.
    again: Option<(usize, Query, Sent)>,
    exchange: Option<Exchange>,
    quiet_until: Uptime,
    /// The line waits until then for an unlock that may follow this unit's card.
    hold: Option<(usize, Uptime)>,
    last_asked: usize,
    received: Vec<u8>,
    sent: Vec<u8>,
    events: VecDeque<BusEvent>,
    stats: LineStats,
}

/// A question on its way, or waiting for its answer.
#[derive(Clone, Copy)]
struct Exchange {
    unit: usize,
    query: Query,
    unlock: Option<Sent>,
    ends_at: Uptime,
    begun_at: Option<Uptime>,
    begin_by: Uptime,
    end_by: Uptime,
}

/// The unlock that a question carries.
#[derive(Clone, Copy)]
struct Sent {
    ticket: u64,
    output: u8,
    expires: Uptime,
    tries: u8,
}

impl ModbusLine {
    /// A line with its units, down until [`line_up`](Self::line_up).
    ///
    /// # Errors
    /// [`BusError`] for a timing out of range, too many units, an id used twice, a map that no unit can have.
    pub fn new(config: LineConfig, units: Vec<UnitMap>) -> Result<Self, BusError> {
        config.check()?;
        if units.len() > READERS_MAX {
            let actual = units.len();
            return Err(BusError::TooManyReaders { actual });
        }
        for (at, unit) in units.iter().enumerate() {
            unit.check().map_err(BusError::Map)?;
            let mut before = units.iter().take(at);
            if before.any(|other| other.address == unit.address) {
                let actual = unit.address;
                return Err(BusError::Address { actual });
            }
        }
        let pace = Pace::new(config.baud);
        let round = pace.octets(EXCHANGE_OCTETS * units.len());
        let units = (0..).zip(units);
        let units = units.map(|(at, map)| Unit::new(ReaderIndex::new(at), map, round));
        Ok(Self {
            config,
            pace,
            units: units.collect(),
            unlocks: ThrowQueue::new(),
            in_a_row: 0,
            again: None,
            exchange: None,
            quiet_until: Uptime::START,
            hold: None,
            last_asked: 0,
            received: Vec::with_capacity(RECEIVED_MAX),
            sent: Vec::new(),
            events: VecDeque::new(),
            stats: LineStats::default(),
        })
    }

    /// Takes what the port delivered, split anywhere.
    pub fn handle_bytes(&mut self, bytes: &[u8], now: Uptime) {
        if !self.stats.up {
            return;
        }
        for octet in bytes {
            count(&mut self.stats.octets_received);
            let Some(exchange) = &mut self.exchange else {
                count(&mut self.stats.scan.noise_octets);
                continue;
            };
            exchange.begun_at.get_or_insert(now);
            self.received.push(*octet);
            self.look(now);
        }
    }

    /// Lets time pass: silence ends a question, and unlocks whose time has run out are dropped.
    pub fn handle_timeout(&mut self, now: Uptime) {
        self.unlocks.expire(now, &mut self.events);
        if let Some(exchange) = self.exchange
            && self.gives_up_at(&exchange) <= now
        {
            self.silence(exchange, now);
        }
    }

    /// The next frame to write, if the line may speak now.
    pub fn poll_transmit(&mut self, now: Uptime) -> Option<&[u8]> {
        let undrained = self.events.len() >= EVENTS_MAX;
        if !self.stats.up || self.exchange.is_some() || now < self.quiet_until || undrained {
            return None;
        }
        self.unlocks.expire(now, &mut self.events);
        let (unit, query, unlock) = self.next(now)?;
        self.speak(unit, query, unlock, now);
        Some(&self.sent)
    }

    /// When to call [`handle_timeout`](Self::handle_timeout).
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Uptime> {
        if !self.stats.up {
            return None;
        }
        let next = match &self.exchange {
            Some(exchange) => Some(self.gives_up_at(exchange)),
            None if self.again.is_some() => Some(self.quiet_until),
            None => self.speaks_at(),
        };
        next.into_iter().chain(self.unlocks.next_expiry()).min()
    }

    /// The next thing that happened.
    pub fn poll_event(&mut self) -> Option<BusEvent> {
        self.events.pop_front()
    }

    /// As [`Bus::release`](crate::Bus::release).
    pub fn release(&mut self, reader: ReaderIndex) {
        self.hold = self.hold.filter(|(at, _)| *at != reader.at());
    }

    /// The port is gone.
    pub fn line_down(&mut self, _now: Uptime) {
        if !std::mem::take(&mut self.stats.up) {
            return;
        }
        let again = self.again.take().map(|(_, _, sent)| sent);
        let asked = self.exchange.take().and_then(|asked| asked.unlock);
        if let Some(Sent { ticket, .. }) = asked.or(again) {
            let why = FailCause::LineDown;
            self.events
                .push_back(BusEvent::UnlockFailed { ticket, why });
        }
        self.hold = None;
        self.received.clear();
        self.unlocks.clear(&mut self.events);
        for unit in &mut self.units {
            unit.line_down();
            self.events.extend(unit.news.drain(..));
        }
    }

    /// The port is open.
    pub fn line_up(&mut self, now: Uptime) {
        self.stats.up = true;
        self.quiet_until = self.quiet_until.max(now);
    }

    /// How well a unit is heard.
    #[must_use]
    pub fn stats(&self, reader: ReaderIndex) -> Option<ReaderStats> {
        self.units.get(reader.at()).map(Unit::stats)
    }

    /// How well the line works.
    #[must_use]
    pub const fn line_stats(&self) -> LineStats {
        self.stats
    }

    /// Looks whether what was received is an answer; noise is skipped by one octet.
    fn look(&mut self, now: Uptime) {
        while let Some(exchange) = self.exchange {
            let Some(unit) = self.units.get_mut(exchange.unit) else {
                return;
            };
            match exchange.query.look(unit.address(), &self.received) {
                Look::Partial => return,
                Look::Noise => {
                    self.received.remove(0);
                    count(&mut self.stats.scan.noise_octets);
                    unit.bad_frame();
                }
                Look::Answer(len, answer) => {
                    count(&mut self.stats.scan.frames);
                    let begun = exchange.begun_at.unwrap_or(now);
                    let began_after = begun.saturating_since(exchange.ends_at);
                    let refused = matches!(answer, frame::Answer::Exception(_));
                    let is_card = unit.hear(exchange.query, answer, began_after, now);
                    self.events.extend(unit.news.drain(..));
                    self.answered(&exchange, refused);
                    let over_at = now.max(exchange.ends_at + self.pace.octets(len));
                    self.quiet_until = over_at + self.gap();
                    if is_card {
                        let until = self.quiet_until + self.config.grant_hold();
                        self.hold = Some((exchange.unit, until));
                    }
                }
            }
        }
        // What follows an answer answers nothing.
        let left = u64::try_from(self.received.len()).unwrap_or(u64::MAX);
        self.stats.scan.noise_octets = self.stats.scan.noise_octets.saturating_add(left);
        self.received.clear();
    }

    fn answered(&mut self, exchange: &Exchange, refused: bool) {
        self.exchange = None;
        self.received.clear();
        if let Some(Sent { ticket, .. }) = exchange.unlock {
            self.events.push_back(if refused {
                let why = FailCause::Unexpected { code: 0x85 };
                BusEvent::UnlockFailed { ticket, why }
            } else {
                BusEvent::UnlockAcked { ticket }
            });
        }
    }

    /// No answer came: an unlock is tried again within its life, anything else is asked anew when its turn comes.
    fn silence(&mut self, exchange: Exchange, now: Uptime) {
        self.exchange = None;
        self.quiet_until = now + self.gap();
        let left = u64::try_from(self.received.len()).unwrap_or(u64::MAX);
        self.stats.scan.noise_octets = self.stats.scan.noise_octets.saturating_add(left);
        self.received.clear();
        let Some(unit) = self.units.get_mut(exchange.unit) else {
            return;
        };
        unit.unanswered(now);
        self.events.extend(unit.news.drain(..));
        let in_service = unit.in_service();
        if let Some(sent) = exchange.unlock {
            if in_service && sent.tries < TRIES_MAX {
                self.again = Some((exchange.unit, exchange.query, sent));
            } else {
                self.no_reply(sent.ticket);
            }
        }
        if !in_service {
            self.unlocks
                .forget(index_of(exchange.unit), &mut self.events);
        }
    }

    fn speak(&mut self, at: usize, query: Query, unlock: Option<Sent>, now: Uptime) {
        let others = self.units.iter().filter_map(Unit::usual_reply).max();
        let Some(unit) = self.units.get_mut(at) else {
            return;
        };
        let patience = unit.patience(self.config.reply_timeout(), others, now);
        let again = unlock.is_some_and(|sent| sent.tries > 0);
        unit.asked(again);
        self.sent = query.encode(unit.address());
        let unlock = unlock.map(|sent| Sent {
            tries: sent.tries.saturating_add(1),
            ..sent
        });
        if let Some(Sent { ticket, .. }) = unlock.filter(|_| !again) {
            self.events.push_back(BusEvent::UnlockSent { ticket });
        }
        count(&mut self.stats.frames_sent);
        let octets = self.sent.len();
        let sent = u64::try_from(octets).unwrap_or(u64::MAX);
        self.stats.octets_sent = self.stats.octets_sent.saturating_add(sent);
        let ends_at = now + self.pace.octets(octets);
        let begin_by = ends_at + patience;
        self.exchange = Some(Exchange {
            unit: at,
            query,
            unlock,
            ends_at,
            begun_at: None,
            begin_by,
            end_by: begin_by + self.pace.octets(RECEIVED_MAX) + self.config.inter_character(),
        });
    }

    fn gives_up_at(&self, exchange: &Exchange) -> Uptime {
        if exchange.begun_at.is_some() {
            exchange.end_by
        } else {
            exchange.begin_by
        }
    }

    fn speaks_at(&self) -> Option<Uptime> {
        let asks = self.units.iter().map(Unit::ask_at).min()?;
        let offs = self.units.iter().filter_map(Unit::next_off).min();
        let held = self.hold.map_or(Uptime::START, |(_, until)| until);
        let polls = asks.max(held);
        Some(
            offs.map_or(polls, |off| off.max(asks).min(polls))
                .max(self.quiet_until),
        )
    }

    /// The silence between frames: three and a half characters, at least 1.75 ms (Modbus over Serial Line 1.02, 2.5.1.1).
    fn gap(&self) -> Duration {
        self.pace.octets(GAP_OCTETS).max(GAP_LEAST) + self.config.turnaround()
    }
}

fn index_of(at: usize) -> ReaderIndex {
    ReaderIndex::new(u8::try_from(at).unwrap_or(u8::MAX))
}

/// An unlock is put so often.
const TRIES_MAX: u8 = 3;
/// The longest answer of the standard.
const RECEIVED_MAX: usize = 256;
/// Octets of a question and its answer, silence included, as far as a round is reckoned.
const EXCHANGE_OCTETS: usize = 40;
const GAP_OCTETS: usize = 4;
const GAP_LEAST: Duration = Duration::from_micros(1_750);
/// With so many events not fetched nobody is asked: nothing is lost and nothing grows.
const EVENTS_MAX: usize = 256;
