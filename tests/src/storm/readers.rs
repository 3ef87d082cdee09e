//! The readers of one line, played by a thread that outlives every daemon, and what they were told.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use access::card::{CardBits, formats};
use building_sim::{Dice, Line, Multidrop};
use firmware_protocol::Address;
use firmware_protocol::command::{OutputAction, OutputControl};
use firmware_protocol::pd::{PdEvent, SILENCE_S};
use firmware_protocol::secure::Scbk;

use super::plan::DOORS;
use super::present::{instant, utc_micros};

/// An order to an output, as the reader took it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    /// Which reader's, and so which door's.
    pub(crate) reader: u8,
    /// When, in microseconds of UTC.
    pub(crate) at: i64,
    /// What the output is to do.
    pub(crate) control: OutputControl,
}

impl Out {
    /// In a few words, its time against another.
    pub(crate) fn describe(&self, since: i64) -> String {
        let door = DOORS[usize::from(self.reader)].name;
        let OutputControl {
            action, time_100ms, ..
        } = self.control;
        format!("{door} {:+} us {action:?} {time_100ms}", self.at - since)
    }

    /// Whether it releases the strike.
    pub(crate) fn releases(&self) -> bool {
        match self.control.action {
            OutputAction::TimedOn
            | OutputAction::PermanentOnAbort
            | OutputAction::PermanentOnAllow => true,
            OutputAction::Nop
            | OutputAction::PermanentOffAbort
            | OutputAction::PermanentOffAllow
            | OutputAction::TimedOff
            | OutputAction::Unknown(_) => false,
        }
    }
}

/// What they have seen since it was last asked.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Every order to an output.
    pub(crate) outs: Vec<Out>,
    /// When the first question came.
    pub(crate) asked: Option<Instant>,
    /// Who has a session that was begun since.
    pub(crate) online: BTreeSet<u8>,
}

/// The far end of a line. Dropped, it takes the pseudo-terminal along.
pub(crate) struct Readers {
    cards: Option<Sender<(u8, CardBits)>>,
    seen: Arc<Mutex<Seen>>,
    /// How often nothing came.
    silences: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Readers {
    /// Plays readers of these addresses.
    pub(crate) fn play(port: Line, addresses: &[u8], mut dice: Dice) -> Self {
        let (cards, shown) = mpsc::channel();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let silences = Arc::default();
        let keyed = addresses
            .iter()
            .map(|&it| (address(it), Some(Scbk::new(key(it)))));
        let mut wire = Wire {
            port,
            readers: Multidrop::new(keyed.collect(), dice.split()),
            shown,
            seen: Arc::clone(&seen),
            silences: Arc::clone(&silences),
            silent_since: None,
        };
        let thread = thread::spawn(move || while wire.serve() {});
        Self {
            cards: Some(cards),
            seen,
            silences,
            thread: Some(thread),
        }
    }

    /// Shows a card of H10301; a reader that has too many waiting loses it, as in life.
    pub(crate) fn show(&self, reader: u8, number: u16) {
        let bits = formats::H10301.write(FACILITY, u64::from(number));
        let bits = bits.expect("every number of 16 bits has a card");
        let cards = self.cards.as_ref().expect("the readers play");
        cards.send((reader, bits)).expect("the line holds");
    }

    /// Waits until the line is silent: what a dead daemon wrote may still lie in it.
    pub(crate) fn fall_silent(&self) {
        let silences = || self.silences.load(Ordering::Acquire);
        // The one that is under way may have begun before.
        let enough = silences() + 2;
        while silences() < enough {
            thread::sleep(WAIT);
        }
    }

    /// What was seen, taken away.
    pub(crate) fn take(&self) -> Seen {
        std::mem::take(&mut *self.look())
    }

    /// What was seen, left there.
    pub(crate) fn look(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        // Nobody tells them anything any more: they go.
        self.cards = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

struct Wire {
    port: Line,
    readers: Multidrop,
    shown: Receiver<(u8, CardBits)>,
    seen: Arc<Mutex<Seen>>,
    silences: Arc<AtomicU64>,
    silent_since: Option<Instant>,
}

impl Wire {
    /// One question and its answer; false when it is time to go.
    fn serve(&mut self) -> bool {
        loop {
            match self.shown.try_recv() {
                Ok((at, card)) => {
                    // Its queue is full: lost.
                    self.readers
                        .present(address(at), card.bits(), card.count())
                        .ok();
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
        let mut buffer = [0; 2_048];
        let count = self.port.read(&mut buffer, WAIT).expect("the line holds");
        self.note_silence(count == 0);
        if count == 0 {
            self.silences.fetch_add(1, Ordering::Release);
            return true;
        }
        let asked = instant();
        let answer = self.readers.handle_bytes(&buffer[..count]);
        self.note_events(asked);
        // Nobody reads while the daemon is dead; what does not fit is lost, as on a wire.
        self.port.write(&answer).ok();
        true
    }

    fn note_silence(&mut self, silent: bool) {
        if !silent {
            self.silent_since = None;
            return;
        }
        let since = *self.silent_since.get_or_insert_with(instant);
        if since.elapsed() >= GAP {
            self.readers.handle_gap();
        }
        if since.elapsed() >= Duration::from_secs(u64::from(SILENCE_S)) {
            self.silent_since = None;
            self.readers.handle_silence();
        }
    }

    fn note_events(&mut self, asked: Instant) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.asked.get_or_insert(asked);
        while let Some(happening) = self.readers.poll_event() {
            let reader = happening.address.get();
            match happening.event {
                PdEvent::Output(control) => seen.outs.push(Out {
                    reader,
                    at: utc_micros(),
                    control,
                }),
                PdEvent::SessionUp => {
                    seen.online.insert(reader);
                }
                PdEvent::SessionDown => {
                    seen.online.remove(&reader);
                }
                _ => {}
            }
        }
    }
}

fn address(reader: u8) -> Address {
    Address::new(reader).expect("an address of a reader")
}

/// Every reader has a key of its own.
pub(crate) fn key(reader: u8) -> [u8; 16] {
    let mut key = *b"\x58\x1B\xE4\x07\x9C\x33\xA1\x6D\xF2\x40\x85\xC9\x12\x7E\xB6\x2A";
    key[15] ^= reader;
    key
}

/// The facility of every card of the storm.
pub(crate) const FACILITY: u32 = 57;
const WAIT: Duration = Duration::from_millis(2);
/// OSDP 2.2, 5.7: the rest of a frame comes within 20 ms or not at all.
const GAP: Duration = Duration::from_millis(20);
