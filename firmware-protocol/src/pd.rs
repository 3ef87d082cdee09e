//! The reader's side of OSDP as one machine: frames in, frames out, cards and keys queued between.

mod act;
mod answer;
mod attachment;
mod error;
mod event;
mod extras;
mod link;
mod prepared;
mod presentation;
mod reply_cache;
mod ring;
mod status;
mod trust;

pub use attachment::ATTACHED_LEN_MAX;
pub use error::PdError;
use event::Events;
pub use event::PdEvent;
pub use extras::Extras;
use link::Link;
use presentation::Presentation;
pub use presentation::{CARD_BITS_MAX, KEYS_MAX, MANUFACTURER_LEN_MAX};
use reply_cache::ReplyCache;
use ring::Ring;
use status::Status;
pub use status::{INPUTS_MAX, OUTPUTS_MAX};
pub use trust::Trust;

use crate::file::FileReceiver;
use crate::reply::{Capability, NakCode, PdId};
use crate::secure::Scbk;
use crate::{Address, ComSettings, Command, Direction, Frame, Sequence};

/// The longest frame a [`Pd`] answers with, octets; the output buffer must have at least these.
pub const REPLY_LEN_MAX: usize = 256;

/// Cards, key presses and maker's answers kept until the controller fetches them.
pub const QUEUE_LEN_MAX: usize = 8;

/// What a reader is before anybody talks to it.
pub struct PdConfig {
    /// Its address on the line.
    pub address: Address,
    /// Who it is.
    pub id: PdId,
    /// What it can do, at most 64 entries. How many outputs it has is taken from here.
    pub capabilities: &'static [Capability],
    /// Its Secure Channel key. With a key it says and obeys nothing outside a session but ID, CAP and the handshake.
    pub key: Option<Scbk>,
    /// It accepts a session under SCBK-D, and a key in it; ends with the first key. Without `key`, it waits for one: in
    /// clear it says no more than a keyed reader does.
    pub install_mode: bool,
}

/// A reader's protocol machine. It has no clock, no port and no random source: the firmware brings those.
///
/// Contract: give each frame a [`Scanner`](crate::Scanner) finds to [`handle_frame`](Self::handle_frame) and send what it
/// wrote, at once; then drain [`poll_event`](Self::poll_event) and do what it says. After [`SILENCE_S`] seconds without a
/// frame for this reader call [`handle_silence`](Self::handle_silence).
pub struct Pd {
    config: PdConfig,
    link: Link,
    last: Option<Sequence>,
    cache: ReplyCache,
    status: Status,
    queue: Ring<Presentation, QUEUE_LEN_MAX>,
    events: Events,
    extras: Extras,
    files: FileReceiver,
    moving: Option<ComSettings>,
    reply_len_max: usize,
}

/// Seconds without a frame after which a session is over (OSDP 2.2).
pub const SILENCE_S: u32 = 8;

impl Pd {
    /// A reader that has just been switched on.
    #[must_use]
    pub fn new(config: PdConfig) -> Self {
        let status = Status::new(config.capabilities);
        Self {
            config,
            link: Link::Clear,
            last: None,
            cache: ReplyCache::new(),
            status,
            queue: Ring::new(),
            events: Events::new(),
            extras: Extras::default(),
            files: FileReceiver::new(FILE_PIECE_LEN_MAX),
            moving: None,
            reply_len_max: REPLY_LEN_MAX,
        }
    }

    /// A frame has come: writes the answer, without the mark, and returns its length; `None` if there is nothing to answer.
    ///
    /// `rnd_b` is fresh random octets for each call; only a challenge uses them. `out` has at least [`REPLY_LEN_MAX`]
    /// octets, or nothing happens.
    #[must_use]
    pub fn handle_frame(
        &mut self,
        frame: &Frame<'_>,
        rnd_b: [u8; 8],
        out: &mut [u8],
    ) -> Option<usize> {
        let out = out.get_mut(..REPLY_LEN_MAX)?;
        if frame.direction != Direction::Command || !self.is_for_us(frame) {
            return None;
        }
        if frame.sequence != Sequence::RESET
            && self.last == Some(frame.sequence)
            && self.cache.answers(frame)
        {
            return self.cache.copy_to(out);
        }
        if !self.takes_sequence(frame.sequence) {
            self.end_session();
            return answer::refuse(frame, NakCode::BadSequence, out);
        }
        let len = self.answer(frame, rnd_b, out)?;
        self.cache.keep(frame, out.get(..len)?);
        self.finish_move();
        Some(len)
    }

    /// No frame for [`SILENCE_S`] seconds: the session is over.
    pub fn handle_silence(&mut self) {
        self.last = None;
        self.reply_len_max = REPLY_LEN_MAX;
        self.end_session();
    }

    /// A card was shown: `bit_count` bits, left-justified. Kept until the controller polls.
    ///
    /// # Errors
    /// [`PdError`] if the queue is full, or the bits are too many or not as many as `bit_count` says.
    pub fn present_card(&mut self, bits: &[u8], bit_count: u16) -> Result<(), PdError> {
        self.enqueue(Presentation::card(bits, bit_count)?)
    }

    /// Keys were pressed: ASCII digits, 7F for `*`, 0D for `#`. Kept until the controller polls.
    ///
    /// # Errors
    /// [`PdError`] if the queue is full or there are more than [`KEYS_MAX`] keys.
    pub fn press_keys(&mut self, keys: &[u8]) -> Result<(), PdError> {
        self.enqueue(Presentation::keys(keys)?)
    }

    /// The inputs' levels, number 0 first. A change is reported at the next poll.
    ///
    /// # Errors
    /// [`PdError::Number`] for more than [`INPUTS_MAX`].
    pub fn set_inputs(&mut self, levels: &[bool]) -> Result<(), PdError> {
        self.status.set_inputs(levels)
    }

    /// An output has changed; reported when the controller asks.
    ///
    /// # Errors
    /// [`PdError::Number`] if the reader has no such output.
    pub fn set_output(&mut self, output: u8, on: bool) -> Result<(), PdError> {
        self.status.set_output(output, on)
    }

    /// The tamper contact. A change is reported at the next poll.
    pub fn set_tamper(&mut self, on: bool) {
        self.status.set_tamper(on);
    }

    /// The power supply has failed, or is back. A change is reported at the next poll.
    pub fn set_power_failure(&mut self, on: bool) {
        self.status.set_power_failure(on);
    }

    /// The next thing the controller wants done, or that has happened to the session.
    pub fn poll_event(&mut self) -> Option<PdEvent> {
        self.events.next()
    }

    /// The octets that belong to the last [`PdEvent::Text`], [`PdEvent::FilePiece`] or [`PdEvent::Manufacturer`]; good until
    /// the next frame is handled.
    #[must_use]
    pub fn attached(&self) -> &[u8] {
        self.events.attached()
    }

    /// How far the other end is trusted just now.
    #[must_use]
    pub const fn trust(&self) -> Trust {
        match (&self.link, &self.config.key, self.config.install_mode) {
            (
                Link::Secure {
                    default_key: true, ..
                },
                _,
                _,
            ) => Trust::DefaultKey,
            (
                Link::Secure {
                    default_key: false, ..
                },
                _,
                _,
            ) => Trust::Keyed,
            (Link::Clear | Link::Challenged { .. }, None, false) => Trust::Clear,
            (Link::Clear | Link::Challenged { .. }, _, _) => Trust::Stranger,
        }
    }

    /// Cards and key presses that wait to be fetched.
    #[must_use]
    pub const fn queued(&self) -> usize {
        self.queue.len()
    }

    fn enqueue(&mut self, presentation: Presentation) -> Result<(), PdError> {
        self.queue
            .push(presentation)
            .map_err(|_| PdError::QueueFull {
                limit: QUEUE_LEN_MAX,
            })
    }

    /// Addressed to this reader, or to whichever reader is there: who are you, what can you do, be another.
    fn is_for_us(&self, frame: &Frame<'_>) -> bool {
        let for_all =
            |command| matches!(command, Ok(Command::Id | Command::Cap | Command::ComSet(_)));
        frame.address == self.config.address
            || frame.address == Address::BROADCAST
                && for_all(Command::decode(frame.code, frame.data))
    }

    /// Whether the sequence number is the next one; 0 always is, and starts over.
    fn takes_sequence(&mut self, sequence: Sequence) -> bool {
        if sequence == Sequence::RESET {
            self.end_session();
        } else if self.last.map(Sequence::next) != Some(sequence) {
            return false;
        }
        self.last = Some(sequence);
        true
    }

    fn end_session(&mut self) {
        if matches!(self.link, Link::Secure { .. }) {
            self.events.session(false);
        }
        self.link = Link::Clear;
    }
}

const FILE_PIECE_LEN_MAX: u16 = 256;
const _: () = assert!(FILE_PIECE_LEN_MAX as usize == ATTACHED_LEN_MAX);
