//! Seat: one reader at its place on a line, and whoever hangs there in its stead.

use std::collections::VecDeque;
use std::time::Duration;

use access::{CardBits, ReaderId};
use firmware_protocol::command::OutputControl;
use firmware_protocol::pd::{Pd, PdEvent, QUEUE_LEN_MAX, SILENCE_S};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, Frame};
use reader_bus::Uptime;

use crate::dice::Dice;
use crate::multidrop::config;

/// A strike, or another output, was switched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Out {
    pub(super) reader: ReaderId,
    pub(super) control: OutputControl,
}

/// One reader, the leaf and the button beside it.
pub(super) struct Seat {
    pub(super) reader: ReaderId,
    pub(super) address: Address,
    pub(super) key: [u8; 16],
    /// Somebody else answers.
    pub(super) is_hostile: bool,
    /// When it was last asked anything.
    pub(super) asked_at: Option<Uptime>,
    /// Since when the leaf stands open.
    pub(super) opened_at: Option<Uptime>,
    /// When the leaf or the button moved last.
    pub(super) moved_at: Option<Uptime>,
    pd: Pd,
    /// Another reader with another key, in its place.
    impostor: Option<Pd>,
    is_plugged: bool,
    /// The numbers of the cards it has not handed over yet.
    kept: VecDeque<u16>,
    /// Whether the leaf stands open, and whether the button is pressed.
    levels: [bool; 2],
}

impl Seat {
    pub(super) fn new(reader: ReaderId, address: Address, dice: &mut Dice) -> Self {
        let mut key = [0; 16];
        dice.throw_octets(&mut key);
        Self {
            reader,
            address,
            key,
            is_hostile: false,
            asked_at: None,
            opened_at: None,
            moved_at: None,
            pd: Pd::new(config(address, Some(Scbk::new(key)))),
            impostor: None,
            is_plugged: true,
            kept: VecDeque::new(),
            levels: [false; 2],
        }
    }

    /// A frame for this place; how long the answer is.
    pub(super) fn hear(
        &mut self,
        frame: &Frame<'_>,
        at: Uptime,
        dice: &mut Dice,
        reply: &mut [u8],
    ) -> Option<usize> {
        let silent = self
            .asked_at
            .replace(at)
            .map(|last| at.saturating_since(last));
        let is_late = silent.is_some_and(|silent| silent >= SILENCE);
        if !self.is_plugged {
            return None;
        }
        let pd = self.impostor.as_mut().unwrap_or(&mut self.pd);
        if is_late {
            pd.handle_silence();
        }
        let mut rnd_b = [0; 8];
        dice.throw_octets(&mut rnd_b);
        pd.handle_frame(frame, rnd_b, reply)
    }

    /// What it is told to do, or the one in its place.
    pub(super) fn poll_event(&mut self) -> Option<PdEvent> {
        let of_impostor = self.impostor.as_mut().and_then(Pd::poll_event);
        of_impostor.or_else(|| self.pd.poll_event())
    }

    /// A card is shown here; a reader whose queue is full loses it, as in life.
    pub(super) fn show(&mut self, number: u16, bits: &CardBits) {
        let shown = self.pd.present_card(bits.bits(), bits.count());
        if shown.is_ok() && self.kept.len() < QUEUE_LEN_MAX {
            self.kept.push_back(number);
        }
    }

    /// Keys are pressed here; a reader whose queue is full loses them.
    pub(super) fn press(&mut self, keys: &[u8]) {
        self.pd.press_keys(keys).ok();
    }

    /// A reply of this code has left: the card that it carries.
    pub(super) fn handed_over(&mut self, code: Option<u8>) -> Option<u16> {
        if self.impostor.is_some() || code != Some(RAW) {
            return None;
        }
        self.kept.pop_front()
    }

    /// The leaf is open or shut, the button is pressed or not. Levels that the reader does not take change nothing.
    pub(super) fn set_leaf(&mut self, open: bool, up: Uptime) {
        self.moved_at = Some(up);
        self.opened_at = open.then(|| self.opened_at.unwrap_or(up));
        self.levels = [open, self.levels[1]];
        self.pd.set_inputs(&self.levels).ok();
    }

    pub(super) fn set_button(&mut self, pressed: bool, up: Uptime) {
        self.moved_at = Some(up);
        self.levels = [self.levels[0], pressed];
        self.pd.set_inputs(&self.levels).ok();
    }

    /// It tells its levels even before one has changed.
    pub(super) fn tell_levels(&mut self) {
        self.pd.set_inputs(&self.levels).ok();
    }

    pub(super) fn unplug(&mut self) {
        self.is_plugged = false;
    }

    /// It loses its power for an instant.
    pub(super) fn restart(&mut self) {
        self.pd = Pd::new(config(self.address, Some(Scbk::new(self.key))));
        self.kept.clear();
        self.pd.set_inputs(&self.levels).ok();
    }

    /// Another reader with another key takes its place.
    pub(super) fn replace(&mut self, dice: &mut Dice) {
        let mut key = [0; 16];
        dice.throw_octets(&mut key);
        self.impostor = Some(Pd::new(config(self.address, Some(Scbk::new(key)))));
    }

    /// It is there again, alone and in its right mind.
    pub(super) fn mend(&mut self) {
        if !self.is_plugged || self.impostor.is_some() {
            self.pd.handle_silence();
        }
        (self.is_plugged, self.is_hostile, self.impostor) = (true, false, None);
    }
}

/// The code of a reply with a card.
const RAW: u8 = 0x50;
/// A session ends after so long without a frame.
const SILENCE: Duration = Duration::from_secs(SILENCE_S as u64);
