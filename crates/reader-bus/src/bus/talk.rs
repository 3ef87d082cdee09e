//! Talk: one question on the line, its answer or its silence, and the quiet between.

use std::collections::VecDeque;

use firmware_protocol::{Direction, Frame};

use super::index_of;
use super::turn::Turn;
use crate::pace::Pace;
use crate::reader::{Heard, Reader};
use crate::stats::count;
use crate::unlock::{IN_A_ROW, Throw, ThrowQueue};
use crate::{
    BusError, BusEvent, Entropy, LineConfig, Lock, Order, ReaderConfig, ReaderIndex, Scbk, Unlock,
    Uptime,
};

/// The conversation on one line.
pub(super) struct Talk {
    pub(super) readers: Vec<Reader>,
    pub(super) events: VecDeque<BusEvent>,
    pub(super) stray_frames: u64,
    config: LineConfig,
    pace: Pace,
    exchange: Option<Exchange>,
    /// Nobody speaks before then.
    quiet_until: Uptime,
    /// The line waits until then for an unlock that may follow this reader's card.
    hold: Option<(usize, Uptime)>,
    turn: Turn,
    unlocks: ThrowQueue,
    /// How many questions in a row were unlocks, or for the sake of one.
    in_a_row: u8,
    entropy: Box<dyn Entropy>,
}

/// A question on its way, or waiting for its answer.
#[derive(Clone, Copy)]
struct Exchange {
    reader: usize,
    /// When the question's last octet leaves.
    ends_at: Uptime,
    /// When the first octet came back.
    begun_at: Option<Uptime>,
    /// When an answer must have begun.
    begin_by: Uptime,
    /// When even a long answer must have ended: a reader that babbles is not waited for.
    end_by: Uptime,
}

impl Talk {
    pub(super) fn new(
        config: LineConfig,
        readers: Vec<ReaderConfig>,
        entropy: Box<dyn Entropy>,
    ) -> Self {
        let pace = Pace::new(config.baud);
        let round = pace.octets(EXCHANGE_OCTETS * readers.len());
        let readers = readers.into_iter().enumerate().map(|(at, reader)| {
            let mut reader = Reader::new(index_of(at), reader, round);
            reader.limit_frames(frame_len_most(config.baud));
            reader
        });
        Self {
            readers: readers.collect(),
            events: VecDeque::new(),
            stray_frames: 0,
            config,
            pace,
            exchange: None,
            quiet_until: Uptime::START,
            hold: None,
            turn: Turn::default(),
            unlocks: ThrowQueue::new(),
            in_a_row: 0,
            entropy,
        }
    }

    /// Octets have come; if a question waits they may be its answer.
    pub(super) fn octets_begin(&mut self, now: Uptime) {
        if let Some(exchange) = &mut self.exchange {
            exchange.begun_at.get_or_insert(now);
        }
    }

    /// Takes a sound frame. What is not the answer to the question at hand is counted and forgotten.
    pub(super) fn hear(&mut self, frame: &Frame<'_>, now: Uptime) {
        let asked = self
            .exchange
            .and_then(|exchange| Some((exchange, self.readers.get_mut(exchange.reader)?)));
        let Some((exchange, reader)) = asked else {
            return count(&mut self.stray_frames);
        };
        if frame.direction != Direction::Reply || frame.address != reader.address() {
            return count(&mut self.stray_frames);
        }
        let began_after = exchange
            .begun_at
            .unwrap_or(now)
            .saturating_since(exchange.ends_at);
        let heard = reader.hear(frame, began_after, now);
        self.events.extend(reader.take_news());
        if heard == Heard::Stray {
            return count(&mut self.stray_frames);
        }
        self.exchange = None;
        // Where the port does not take the time that octets take, the line does.
        let octets = frame.covered().len() + TAIL;
        let over_at = now.max(exchange.ends_at + self.pace.octets(octets));
        self.quiet_until = over_at + self.pace.octets(IDLE_OCTETS) + self.config.turnaround();
        if heard == Heard::Card {
            self.hold = Some((exchange.reader, self.quiet_until + self.config.grant_hold()));
        }
    }

    /// Notes silence, and unlocks whose time has run out.
    pub(super) fn handle_timeout(&mut self, partial: bool, now: Uptime) {
        self.unlocks.expire(now, &mut self.events);
        for reader in &mut self.readers {
            reader.close_window(now);
            self.events.extend(reader.take_news());
        }
        let Some(exchange) = self.exchange else {
            return;
        };
        let waits = if partial {
            exchange.end_by
        } else {
            exchange.begin_by
        };
        if waits > now {
            return;
        }
        self.exchange = None;
        self.quiet_until = now + self.pace.octets(IDLE_OCTETS);
        if let Some(reader) = self.readers.get_mut(exchange.reader) {
            reader.unanswered(now);
            self.events.extend(reader.take_news());
            if !reader.in_service() {
                self.unlocks
                    .forget(index_of(exchange.reader), &mut self.events);
            }
        }
    }

    /// The octets of the next question, if the line is quiet and somebody is to be asked.
    pub(super) fn speak(&mut self, now: Uptime) -> Option<&[u8]> {
        let undrained = self.events.len() >= EVENTS_MAX;
        if self.exchange.is_some() || now < self.quiet_until || undrained {
            return None;
        }
        self.unlocks.expire(now, &mut self.events);
        let (at, unlock) = self.next(now)?;
        let others = self.readers.iter().filter_map(Reader::usual_reply).max();
        let reader = self.readers.get_mut(at)?;
        let patience = reader.patience(self.config.reply_timeout(), others, now);
        reader.ask(unlock, now, self.entropy.as_mut());
        self.events.extend(reader.take_news());
        if !reader.in_service() {
            self.unlocks.forget(index_of(at), &mut self.events);
        }
        let octets = reader.octets()?;
        let ends_at = now + self.pace.octets(octets.len());
        let begin_by = ends_at + patience;
        let end_by = begin_by + self.pace.octets(firmware_protocol::FRAME_LEN_MAX);
        self.exchange = Some(Exchange {
            reader: at,
            ends_at,
            begun_at: None,
            begin_by,
            end_by,
        });
        Some(octets)
    }

    /// When something is due; `partial` says whether an answer has begun and not ended.
    pub(super) fn due(&self, partial: bool) -> Option<Uptime> {
        let closes = self
            .readers
            .iter()
            .filter_map(Reader::window_closes_at)
            .min();
        let next = match self.exchange {
            Some(exchange) if partial => Some(exchange.end_by),
            Some(exchange) => Some(exchange.begin_by),
            None => self.speaks_at(),
        };
        next.into_iter()
            .chain(self.unlocks.next_expiry())
            .chain(closes)
            .min()
    }

    pub(super) fn unlock(&mut self, reader: ReaderIndex, unlock: Unlock) -> Result<(), BusError> {
        let known = self
            .readers
            .get(reader.at())
            .ok_or(BusError::NoSuchReader { reader })?;
        if !known.in_service() {
            return Err(BusError::NotInService { reader });
        }
        self.unlocks.push(reader, unlock.into())
    }

    pub(super) fn lock(&mut self, reader: ReaderIndex, lock: Lock) -> Result<(), BusError> {
        let known = self
            .readers
            .get(reader.at())
            .ok_or(BusError::NoSuchReader { reader })?;
        if !known.in_service() {
            return Err(BusError::NotInService { reader });
        }
        self.unlocks
            .push_lock(reader, lock.into(), &mut self.events);
        Ok(())
    }

    pub(super) fn recall(&mut self, reader: ReaderIndex, output: u8) {
        self.unlocks.recall(reader, output, &mut self.events);
    }

    pub(super) fn release(&mut self, reader: ReaderIndex) {
        self.hold = self.hold.filter(|(at, _)| *at != reader.at());
    }

    pub(super) fn set_key(&mut self, reader: ReaderIndex, key: Scbk) -> Result<(), BusError> {
        let known = self
            .readers
            .get_mut(reader.at())
            .ok_or(BusError::NoSuchReader { reader })?;
        known.set_key(key);
        self.events.extend(known.take_news());
        Ok(())
    }

    pub(super) fn order(
        &mut self,
        reader: ReaderIndex,
        ticket: u64,
        order: Order,
    ) -> Result<(), BusError> {
        self.readers
            .get_mut(reader.at())
            .ok_or(BusError::NoSuchReader { reader })?
            .order(ticket, order)?;
        self.collect(reader);
        Ok(())
    }

    pub(super) fn serve_file(
        &mut self,
        reader: ReaderIndex,
        ticket: u64,
        (offset, octets): (u32, &[u8]),
    ) {
        if let Some(known) = self.readers.get_mut(reader.at()) {
            known.serve_file(ticket, offset, octets);
        }
    }

    pub(super) fn withdraw(&mut self, reader: ReaderIndex, ticket: u64) {
        if let Some(known) = self.readers.get_mut(reader.at()) {
            known.withdraw(ticket);
        }
        self.collect(reader);
    }

    /// Takes what a reader has to tell; one that left service on its own account loses its unlocks.
    fn collect(&mut self, reader: ReaderIndex) {
        let Some(known) = self.readers.get_mut(reader.at()) else {
            return;
        };
        self.events.extend(known.take_news());
        if !known.in_service() {
            self.unlocks.forget(reader, &mut self.events);
        }
    }

    pub(super) fn line_down(&mut self) {
        self.exchange = None;
        self.hold = None;
        self.unlocks.clear(&mut self.events);
        for reader in &mut self.readers {
            reader.line_down();
            self.events.extend(reader.take_news());
        }
    }

    /// Who is asked next: whoever it takes for an unlock; but between unlocks without end the others are asked too, so that cards at
    /// one door leave no other reader of the line unheard. A lock waits for nobody.
    fn next(&mut self, now: Uptime) -> Option<(usize, Option<Throw>)> {
        let others_wait = self.in_a_row >= IN_A_ROW && !self.unlocks.begins_with_lock();
        if others_wait && let Some(other) = self.turn.round(&self.readers, now) {
            self.in_a_row = 0;
            return Some((other, None));
        }
        if let Some(urgent) = self.urgent(now) {
            self.hold = None;
            self.in_a_row = self.in_a_row.saturating_add(1);
            return Some(urgent);
        }
        self.in_a_row = 0;
        if self.hold.is_some_and(|(_, until)| now < until) {
            return None;
        }
        self.hold = None;
        Some((self.turn.next(&self.readers, now)?, None))
    }

    /// An unlock, or what stands between it and its reader, a lost answer or a lost session.
    fn urgent(&mut self, now: Uptime) -> Option<(usize, Option<Throw>)> {
        if let Some(reader) = self.to_unlock(Reader::takes_unlock) {
            return Some((reader.at(), self.unlocks.take(reader)));
        }
        let reader = self.to_unlock(|reader| reader.ask_at() <= now)?;
        Some((reader.at(), None))
    }

    /// The reader of the oldest unlock that waits, among those that are `ready`.
    fn to_unlock(&self, ready: impl Fn(&Reader) -> bool) -> Option<ReaderIndex> {
        self.unlocks
            .readers()
            .find(|reader| self.readers.get(reader.at()).is_some_and(&ready))
    }

    /// When the line may and somebody should speak.
    fn speaks_at(&self) -> Option<Uptime> {
        let asks = self.readers.iter().map(Reader::ask_at).min()?;
        let held = self.hold.map_or(Uptime::START, |(_, until)| until);
        Some(asks.max(held).max(self.quiet_until))
    }
}

/// What one frame of a file may have, so that the line is not taken for longer than [`FILE_FRAME_MS_MAX`].
fn frame_len_most(baud: u32) -> u16 {
    let octets = u64::from(baud) * FILE_FRAME_MS_MAX / 10_000;
    u16::try_from(octets)
        .unwrap_or(u16::MAX)
        .min(u16::try_from(firmware_protocol::FRAME_LEN_MAX).unwrap_or(u16::MAX))
}

/// A piece of a file lets a card wait no longer.
const FILE_FRAME_MS_MAX: u64 = 60;
/// Silence before speaking, in octets (OSDP 2.2, 5.7).
const IDLE_OCTETS: usize = 2;
/// Octets of a POLL and its ACK in a session, silence included.
const EXCHANGE_OCTETS: usize = 34;
/// With so many events not fetched nobody is asked: nothing is lost and nothing grows.
const EVENTS_MAX: usize = 256;
/// A mark before, MAC and check behind what a frame says is covered, at most.
const TAIL: usize = 7;
