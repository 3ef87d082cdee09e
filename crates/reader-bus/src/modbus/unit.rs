//! Unit: one Modbus unit as the line knows it, what it is asked next, and what its answers mean.

use std::time::Duration;

use crate::modbus::frame::{Answer, Query};
use crate::modbus::map::{Coil, UnitMap};
use crate::presence::Presence;
use crate::stats::{Rate, count};
use crate::unlock::Throw;
use crate::{Bits, BusEvent, Keys, Levels, ReaderIndex, ReaderState, ReaderStats, Uptime};

/// One unit and the conversation with it.
pub(super) struct Unit {
    index: ReaderIndex,
    map: UnitMap,
    relays: Vec<Relay>,
    presence: Presence,
    in_service: bool,
    /// What of its readings and keys was last seen; `None` before it was first asked.
    sequences: Option<(u16, Option<u16>)>,
    inputs: Option<Levels>,
    /// Which of its questions comes next.
    step: u8,
    coils_at: Uptime,
    stats: ReaderStats,
    rate: Rate,
    pub(super) news: Vec<BusEvent>,
}

/// One relay and until when it is to be on.
struct Relay {
    coil: Coil,
    /// When the controller has to switch it off.
    off_at: Option<Uptime>,
    /// From when on it must be found off.
    idle_from: Uptime,
}

impl Unit {
    /// A unit not heard yet.
    pub(super) fn new(index: ReaderIndex, map: UnitMap, round: Duration) -> Self {
        let relays = map.coils.iter().map(|coil| Relay {
            coil: *coil,
            off_at: Some(Uptime::START),
            idle_from: Uptime::START,
        });
        Self {
            index,
            relays: relays.collect(),
            map,
            presence: Presence::new(round),
            in_service: false,
            sequences: None,
            inputs: None,
            step: 0,
            coils_at: Uptime::START,
            stats: ReaderStats::default(),
            rate: Rate::default(),
            news: Vec::new(),
        }
    }

    pub(super) const fn address(&self) -> u8 {
        self.map.address
    }

    pub(super) const fn in_service(&self) -> bool {
        self.in_service
    }

    pub(super) const fn ask_at(&self) -> Uptime {
        self.presence.ask_at()
    }

    pub(super) fn usual_reply(&self) -> Option<Duration> {
        self.in_service.then(|| self.presence.longest_reply())
    }

    pub(super) fn patience(
        &mut self,
        most: Duration,
        others: Option<Duration>,
        now: Uptime,
    ) -> Duration {
        self.presence.patience(self.in_service, most, others, now)
    }

    pub(super) fn has_relay(&self, output: u8) -> bool {
        self.relays.iter().any(|relay| relay.coil.number == output)
    }

    /// The question that carries an order to a strike out. From now on the relay is to go off, whether or not the answer comes.
    pub(super) fn throw(&mut self, throw: &Throw, now: Uptime) -> Option<Query> {
        let relay = self
            .relays
            .iter_mut()
            .find(|relay| relay.coil.number == throw.output)?;
        let (coil, timed) = (u16::from(relay.coil.number), relay.coil.timed);
        let Some(time_100ms) = throw.released_100ms else {
            relay.idle_from = now + RELAY_LAG;
            relay.off_at = Some(now + RELAY_LAG);
            return Some(Query::Switch { coil, on: false });
        };
        let lasts = Duration::from_millis(u64::from(time_100ms) * 100);
        relay.idle_from = now + lasts + RELAY_LAG;
        relay.off_at = (!timed).then(|| now + lasts);
        Some(if timed {
            Query::Flash { coil, time_100ms }
        } else {
            Query::Switch { coil, on: true }
        })
    }

    /// A relay that has to go off now, as the question that switches it.
    pub(super) fn overdue(&self, now: Uptime) -> Option<Query> {
        let is_overdue = |relay: &&Relay| relay.off_at.is_some_and(|at| at <= now);
        let relay = self.relays.iter().find(is_overdue)?;
        let coil = u16::from(relay.coil.number);
        Some(Query::Switch { coil, on: false })
    }

    /// When the next relay has to go off.
    pub(super) fn next_off(&self) -> Option<Uptime> {
        self.relays.iter().filter_map(|relay| relay.off_at).min()
    }

    /// What it is asked next when nothing is urgent: its readings, its inputs in between, its relays once a second.
    pub(super) fn next_query(&mut self, now: Uptime) -> Query {
        self.step = self.step.wrapping_add(1);
        let coils = (!self.relays.is_empty() && self.coils_at <= now).then(|| self.coils());
        let card = self.map.card.map(|card| {
            let (first, count) = card.span(self.map.keys);
            Query::Registers {
                table: card.table,
                first,
                count,
            }
        });
        let inputs = self.map.inputs.map(|inputs| Query::Inputs {
            first: inputs.first,
            count: u16::from(inputs.count),
        });
        if let Some(coils) = coils {
            self.coils_at = now + COILS_EVERY;
            return coils;
        }
        count(&mut self.stats.polls);
        self.rate.count(now);
        match (card, inputs) {
            (Some(card), None) => card,
            (None, Some(inputs)) => inputs,
            (Some(card), Some(inputs)) => {
                if self.step.is_multiple_of(2) {
                    inputs
                } else {
                    card
                }
            }
            (None, None) => self.coils(),
        }
    }

    pub(super) fn asked(&mut self, again: bool) {
        if again {
            count(&mut self.stats.retries);
        } else {
            count(&mut self.stats.questions);
        }
    }

    /// An answer came; says whether it brought a card to be decided.
    pub(super) fn hear(
        &mut self,
        query: Query,
        answer: Answer,
        began_after: Duration,
        now: Uptime,
    ) -> bool {
        self.presence.heard(began_after, now);
        self.presence.served(now);
        if !std::mem::replace(&mut self.in_service, true) {
            count(&mut self.stats.sessions);
            let reader = self.index;
            let secure = false;
            self.news.push(BusEvent::Online { reader, secure });
        }
        match (query, answer) {
            (Query::Registers { first, .. }, Answer::Registers(words)) => {
                return self.registers(first, &words, now);
            }
            (Query::Inputs { .. }, Answer::Levels(levels)) => self.levels(Levels::new(levels)),
            (Query::Coils { first, .. }, Answer::Levels(levels)) => {
                self.relays_are(first, &levels, now);
            }
            (Query::Switch { coil, on: false }, Answer::Done) => self.is_off(coil),
            (_, Answer::Exception(_)) => count(&mut self.stats.bad_frames),
            (_, _) => {}
        }
        false
    }

    /// No answer came in time.
    pub(super) fn unanswered(&mut self, now: Uptime) {
        count(&mut self.stats.lost_replies);
        self.presence.missed(now);
        if self.presence.is_lost(now) {
            self.go_offline();
            self.presence.wait_until(now + PROBE_EVERY);
        } else {
            self.presence.wait_until(now);
        }
    }

    pub(super) fn bad_frame(&mut self) {
        count(&mut self.stats.bad_frames);
    }

    /// The line is gone; when it is back every relay is switched off before anything else.
    pub(super) fn line_down(&mut self) {
        self.go_offline();
        for relay in &mut self.relays {
            relay.off_at = Some(Uptime::START);
        }
        self.presence.wait_until(Uptime::START);
    }

    pub(super) fn stats(&self) -> ReaderStats {
        ReaderStats {
            state: if self.in_service {
                ReaderState::Online
            } else {
                ReaderState::Offline
            },
            heard_at: self.presence.heard_at(),
            longest_reply: self.presence.longest_reply(),
            polls_per_10s: self.rate.per_10s(),
            ..self.stats
        }
    }

    fn coils(&self) -> Query {
        let numbers = || self.relays.iter().map(|relay| u16::from(relay.coil.number));
        let first = numbers().min().unwrap_or_default();
        let last = numbers().max().unwrap_or_default();
        Query::Coils {
            first,
            count: last - first + 1,
        }
    }

    fn registers(&mut self, first: u16, words: &[u16], now: Uptime) -> bool {
        let Some(card) = self.map.card else {
            return false;
        };
        let register = |at: u16| words.get(usize::from(at.checked_sub(first)?)).copied();
        let Some(sequence) = register(card.sequence) else {
            return false;
        };
        let key = self.map.keys;
        let key_sequence = key.and_then(|keys| register(keys.sequence));
        let before = self.sequences.replace((sequence, key_sequence));
        // What was read before it was first asked is nobody's business: nothing tells how old it is.
        let (before, key_before) = before.unwrap_or((sequence, key_sequence));
        let is_card = sequence != before;
        let is_key = key_sequence != key_before;
        let live = self.presence.polled(!is_card && !is_key, now);
        let reader = self.index;
        if is_key && let Some(key) = key.and_then(|keys| keys.key(register(keys.key)?)) {
            let keys = Keys::one(key);
            self.news.push(BusEvent::Keys { reader, keys, live });
        }
        let Some((octets, bit_count)) = card.bits(&register).filter(|_| is_card) else {
            return false;
        };
        let bits = Bits::new(&octets);
        self.news.push(BusEvent::Card {
            reader,
            bits,
            bit_count,
            live,
        });
        live
    }

    fn levels(&mut self, levels: Levels) {
        if self.inputs.replace(levels) != Some(levels) {
            let reader = self.index;
            self.news.push(BusEvent::Inputs { reader, levels });
        }
    }

    /// A relay that is on and should not be is switched off, whatever the reason.
    fn relays_are(&mut self, first: u16, levels: &[bool], now: Uptime) {
        for relay in &mut self.relays {
            let place = u16::from(relay.coil.number).checked_sub(first);
            let is_on = place.and_then(|place| levels.get(usize::from(place)));
            if is_on == Some(&true) && relay.idle_from <= now {
                relay.off_at = Some(now);
            }
        }
    }

    /// A relay is told to be off; whether it is shows when the relays are read next.
    fn is_off(&mut self, coil: u16) {
        for relay in &mut self.relays {
            if u16::from(relay.coil.number) == coil {
                relay.off_at = None;
                self.coils_at = Uptime::START;
            }
        }
    }

    fn go_offline(&mut self) {
        if std::mem::take(&mut self.in_service) {
            self.news.push(BusEvent::Offline { reader: self.index });
        }
        self.presence.forget();
        self.rate.forget();
        self.inputs = None;
    }
}

/// A unit that is not there is asked for so often.
const PROBE_EVERY: Duration = Duration::from_secs(1);
/// The relays are read so often.
const COILS_EVERY: Duration = Duration::from_secs(1);
/// So long after its time a relay may still be found on.
const RELAY_LAG: Duration = Duration::from_millis(500);
