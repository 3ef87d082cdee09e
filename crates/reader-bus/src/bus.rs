//! One OSDP line: many readers, one question at a time.

mod talk;
mod turn;

use firmware_protocol::Scanner;
use talk::Talk;

use crate::stats::count;
use crate::{
    BusError, BusEvent, Entropy, Identity, Light, LineConfig, LineStats, Lock, Order, READERS_MAX,
    ReaderConfig, ReaderIndex, ReaderStats, Scbk, Signal, Unlock, Uptime,
};

/// One OSDP line and its readers.
///
/// Contract: the line starts down; call [`line_up`](Self::line_up) when the port is open. After any `handle_*`, any order
/// and `line_up` or `line_down`: take [`poll_transmit`](Self::poll_transmit) until `None` and write each frame at once, take
/// [`poll_event`](Self::poll_event) until `None`, then sleep until bytes come or [`poll_timeout`](Self::poll_timeout) is
/// reached; then [`handle_bytes`](Self::handle_bytes) first if there are any, or [`handle_timeout`](Self::handle_timeout).
pub struct Bus {
    config: LineConfig,
    scanner: Scanner,
    octet_at: Option<Uptime>,
    talk: Talk,
    stats: LineStats,
}

impl Bus {
    /// A line with its readers, down until [`line_up`](Self::line_up).
    ///
    /// # Errors
    /// [`BusError`] for a timing out of range, too many readers, an address used twice, a weak key.
    pub fn new(
        config: LineConfig,
        readers: Vec<ReaderConfig>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Self, BusError> {
        config.check()?;
        if readers.len() > READERS_MAX {
            return Err(BusError::TooManyReaders {
                actual: readers.len(),
            });
        }
        for (at, reader) in readers.iter().enumerate() {
            let twice = readers
                .iter()
                .take(at)
                .any(|other| other.address == reader.address);
            if twice || reader.address == crate::Address::BROADCAST {
                return Err(BusError::Address {
                    actual: reader.address.get(),
                });
            }
            reader.security.check(index_of(at))?;
        }
        Ok(Self {
            config,
            scanner: Scanner::new(),
            octet_at: None,
            talk: Talk::new(config, readers, entropy),
            stats: LineStats::default(),
        })
    }

    /// Takes what the port delivered, split anywhere.
    pub fn handle_bytes(&mut self, mut bytes: &[u8], now: Uptime) {
        if !self.stats.up || bytes.is_empty() {
            return;
        }
        self.break_off(now);
        self.stats.octets_received = self
            .stats
            .octets_received
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.talk.octets_begin(now);
        self.octet_at = Some(now);
        while !bytes.is_empty() {
            let taken = self.scanner.feed(bytes);
            self.hear(now);
            bytes = bytes.get(taken.max(1)..).unwrap_or_default();
        }
    }

    /// Lets time pass; to be called when [`poll_timeout`](Self::poll_timeout) is reached, harmless at any time.
    pub fn handle_timeout(&mut self, now: Uptime) {
        if self.stats.up {
            self.break_off(now);
            self.talk.handle_timeout(self.scanner.is_partial(), now);
        }
    }

    /// The next frame to write, mark included, if the line may speak now.
    pub fn poll_transmit(&mut self, now: Uptime) -> Option<&[u8]> {
        if !self.stats.up {
            return None;
        }
        let frame = self.talk.speak(now)?;
        // What came before the question is no part of its answer.
        self.scanner.reset();
        count(&mut self.stats.frames_sent);
        self.stats.octets_sent = self
            .stats
            .octets_sent
            .saturating_add(u64::try_from(frame.len()).unwrap_or(u64::MAX));
        Some(frame)
    }

    /// When to call [`handle_timeout`](Self::handle_timeout); `None` while the line is down.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Uptime> {
        if !self.stats.up {
            return None;
        }
        let partial = self.scanner.is_partial();
        let break_off = self
            .octet_at
            .filter(|_| partial)
            .map(|at| at + self.config.inter_character());
        break_off.into_iter().chain(self.talk.due(partial)).min()
    }

    /// The next thing that happened.
    pub fn poll_event(&mut self) -> Option<BusEvent> {
        self.talk.events.pop_front()
    }

    /// Opens a strike: the very next frame on the line, if the reader is in service; behind two others in a row, the next but one. What
    /// becomes of it is told by exactly one of [`BusEvent::UnlockAcked`], [`UnlockDropped`](BusEvent::UnlockDropped), [`UnlockFailed`](BusEvent::UnlockFailed).
    ///
    /// # Errors
    /// [`BusError::NoSuchReader`], [`NotInService`](BusError::NotInService), [`LineDown`](BusError::LineDown),
    /// [`TooManyUnlocks`](BusError::TooManyUnlocks), [`NoTime`](BusError::NoTime); then no event follows.
    pub fn unlock(&mut self, reader: ReaderIndex, unlock: Unlock) -> Result<(), BusError> {
        if !self.stats.up {
            return Err(BusError::LineDown);
        }
        self.talk.unlock(reader, unlock)
    }

    /// Takes back the unlocks that wait for a strike; of each [`BusEvent::UnlockDropped`] tells.
    pub fn recall(&mut self, reader: ReaderIndex, output: u8) {
        self.talk.recall(reader, output);
    }

    /// Locks a strike at once: before every unlock, and those that wait for the same strike are taken back. What becomes of it is
    /// told as of an unlock.
    ///
    /// # Errors
    /// [`BusError::NoSuchReader`], [`NotInService`](BusError::NotInService), [`LineDown`](BusError::LineDown); then no event
    /// follows.
    pub fn lock(&mut self, reader: ReaderIndex, lock: Lock) -> Result<(), BusError> {
        if !self.stats.up {
            return Err(BusError::LineDown);
        }
        self.talk.lock(reader, lock)
    }

    /// Shows a pattern at a reader that is in service; replaces one that still waits. Never delays an unlock.
    pub fn signal(&mut self, reader: ReaderIndex, signal: &Signal) {
        if let Some(reader) = self.talk.readers.get_mut(reader.at()) {
            reader.signal(signal);
        }
    }

    /// What a reader's light shows from now on when nothing else is to be shown, also after the reader was away; `None` is dark.
    pub fn stand(&mut self, reader: ReaderIndex, light: Option<Light>) {
        if let Some(known) = self.talk.readers.get_mut(reader.at()) {
            known.stand(light);
        }
    }

    /// No unlock will follow the card just told: the line need not wait for it.
    pub fn release(&mut self, reader: ReaderIndex) {
        self.talk.release(reader);
    }

    /// Gives a reader its key; a standing session ends and a new one begins.
    ///
    /// # Errors
    /// [`BusError::NoSuchReader`], [`WeakKey`](BusError::WeakKey).
    pub fn set_key(&mut self, reader: ReaderIndex, key: Scbk) -> Result<(), BusError> {
        if let Some(weakness) = key.weakness() {
            return Err(BusError::WeakKey { reader, weakness });
        }
        self.talk.set_key(reader, key)
    }

    /// Who a keyed reader must be, asked in each of its sessions; another one with its key is out of service, as
    /// [`BusEvent::Swapped`] tells. Without this the first that stands in a session is who it must be.
    pub fn pin(&mut self, reader: ReaderIndex, identity: Identity) {
        if let Some(reader) = self.talk.readers.get_mut(reader.at()) {
            reader.pin(identity);
        }
    }

    /// Has a reader that is in service carry something out, as its next free questions in its session. What becomes of it is
    /// told by exactly one [`BusEvent::OrderEnded`]. Never delays an unlock by more than one question. [`Order::Pair`] alone is
    /// for readers out of service, and takes the others out.
    ///
    /// # Errors
    /// [`BusError::NoSuchReader`], [`NotInService`](BusError::NotInService), [`LineDown`](BusError::LineDown),
    /// [`OrderUnderWay`](BusError::OrderUnderWay); [`WeakKey`](BusError::WeakKey) for a guessable key,
    /// [`Unsupported`](BusError::Unsupported) for a key to a reader in clear, [`HasKey`](BusError::HasKey). Then no event follows.
    pub fn order(
        &mut self,
        reader: ReaderIndex,
        ticket: u64,
        order: Order,
    ) -> Result<(), BusError> {
        if !self.stats.up {
            return Err(BusError::LineDown);
        }
        self.talk.order(reader, ticket, order)
    }

    /// Serves what [`BusEvent::FileWanted`] asked for. Anything else is let pass.
    pub fn serve_file(&mut self, reader: ReaderIndex, ticket: u64, piece: (u32, &[u8])) {
        self.talk.serve_file(reader, ticket, piece);
    }

    /// Takes an order back, if it is not over. That is its end too, told as any other.
    pub fn withdraw(&mut self, reader: ReaderIndex, ticket: u64) {
        self.talk.withdraw(reader, ticket);
    }

    /// The port is gone: sessions are lost, readers offline, waiting unlocks dropped.
    pub fn line_down(&mut self, _now: Uptime) {
        self.stats.up = false;
        self.scanner.reset();
        self.octet_at = None;
        self.talk.line_down();
    }

    /// The port is open.
    pub fn line_up(&mut self, _now: Uptime) {
        self.stats.up = true;
    }

    /// How well a reader is heard; `None` if the line has no such reader.
    #[must_use]
    pub fn stats(&self, reader: ReaderIndex) -> Option<ReaderStats> {
        self.talk
            .readers
            .get(reader.at())
            .map(crate::reader::Reader::stats)
    }

    /// How well the line works.
    #[must_use]
    pub fn line_stats(&self) -> LineStats {
        LineStats {
            stray_frames: self.talk.stray_frames,
            scan: self.scanner.counts(),
            ..self.stats
        }
    }

    /// A frame that stopped in the middle will not go on; what stood behind its false start is still read.
    fn break_off(&mut self, now: Uptime) {
        let silent = self
            .octet_at
            .is_some_and(|at| at + self.config.inter_character() <= now);
        if silent && self.scanner.is_partial() {
            self.scanner.reset();
            self.hear(now);
        }
    }

    fn hear(&mut self, now: Uptime) {
        while let Some(frame) = self.scanner.next_frame() {
            self.talk.hear(&frame, now);
        }
    }
}

/// A place in the list as an index; there are no more than [`READERS_MAX`].
fn index_of(at: usize) -> ReaderIndex {
    ReaderIndex::new(u8::try_from(at).unwrap_or(u8::MAX))
}
