//! A wire with readers on it: every octet takes its time in both directions, no reader takes any.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use building_sim::{Dice, Happening, Line, Multidrop};
use firmware_protocol::Address;
use firmware_protocol::pd::PdEvent;
use firmware_protocol::secure::Scbk;
use tempfile::TempDir;

/// H10301, facility 1, number 12345.
const CARD: [u8; 4] = [0x80, 0x98, 0x1C, 0xC0];
const CARD_BITS: u16 = 26;
/// How long one card may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(30);
const WAIT: Duration = Duration::from_millis(2);

/// The controller's view of the wire, and the people's.
pub(crate) struct Wire {
    folder: TempDir,
    device: PathBuf,
    readers: u8,
    cards: Sender<Address>,
    outputs: Receiver<(Address, Instant)>,
    turnaround: Arc<Mutex<Turnaround>>,
    thread: Option<JoinHandle<()>>,
}

/// What exchanges took beyond their octets.
#[derive(Default)]
struct Turnaround {
    total: Duration,
    count: u32,
}

impl Wire {
    /// A wire of `baud`, or one that takes no time, with readers at the addresses 0 to `readers` - 1.
    pub(crate) fn lay(name: &str, baud: Option<u32>, readers: u8) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let line = Line::lay(folder.path(), name).expect("a pseudo-terminal");
        let device = line.device().to_path_buf();
        let (cards, cards_taken) = mpsc::channel();
        let (outputs_made, outputs) = mpsc::channel();
        let turnaround = Arc::new(Mutex::new(Turnaround::default()));
        let keyed = (0..readers).map(|reader| (address(reader), Some(Scbk::new(key(reader)))));
        let mut post = Post {
            line,
            octet: baud.map_or(Duration::ZERO, |baud| Duration::from_secs(10) / baud),
            readers: Multidrop::new(keyed.collect(), Dice::new(u64::from(readers))),
            cards: cards_taken,
            outputs: outputs_made,
            turnaround: Arc::clone(&turnaround),
        };
        let thread = thread::spawn(move || while post.serve() {});
        Self {
            folder,
            device,
            readers,
            cards,
            outputs,
            turnaround,
            thread: Some(thread),
        }
    }

    /// Shows the card at a reader and waits until that reader has received OUT.
    pub(crate) fn card_to_out(&self, reader: u8) -> Duration {
        while self.outputs.try_recv().is_ok() {}
        let shown = Instant::now();
        self.cards.send(address(reader)).expect("the wire holds");
        loop {
            let output = self.outputs.recv_timeout(PATIENCE);
            let Ok((at, when)) = output else {
                panic!("no OUT on {} at reader {reader}", self.device.display());
            };
            if at == address(reader) {
                return when - shown;
            }
        }
    }

    /// Mean of what an exchange took beyond its octets.
    pub(crate) fn turnaround_ms(&self) -> f64 {
        let turnaround = self
            .turnaround
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        turnaround.total.as_secs_f64() * 1_000.0 / f64::from(turnaround.count.max(1))
    }

    /// The path a controller opens.
    pub(crate) fn device(&self) -> &Path {
        &self.device
    }

    /// A folder that goes with the wire.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How many readers there are.
    pub(crate) fn readers(&self) -> u8 {
        self.readers
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // Nobody shows cards any more: the readers go.
        self.cards = mpsc::channel().0;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Every reader has a key of its own.
pub(crate) fn key(reader: u8) -> [u8; 16] {
    let mut key = *b"\x31\x85\x02\xE9\x77\x1C\xD4\x60\x0B\xA8\x5F\x93\x2E\xC6\x14\x7D";
    key[15] ^= reader;
    key
}

fn address(reader: u8) -> Address {
    Address::new(reader).expect("an address")
}

/// The readers' thread.
struct Post {
    line: Line,
    octet: Duration,
    readers: Multidrop,
    cards: Receiver<Address>,
    outputs: Sender<(Address, Instant)>,
    turnaround: Arc<Mutex<Turnaround>>,
}

impl Post {
    /// One question and its answer; false when it is time to go.
    fn serve(&mut self) -> bool {
        let mut buffer = [0; 2_048];
        let count = self.line.read(&mut buffer, WAIT).expect("the line holds");
        let begun = Instant::now();
        let arrived = begun + self.octets(count);
        sleep_until(arrived);
        if !self.take_cards() {
            return false;
        }
        let answer = self.readers.handle_bytes(&buffer[..count]);
        while let Some(Happening { address, event }) = self.readers.poll_event() {
            if let PdEvent::Output(_) = event {
                // The bench may be over; the readers do not mind.
                self.outputs.send((address, Instant::now())).ok();
            }
        }
        if !answer.is_empty() {
            let gone = arrived + self.octets(answer.len());
            sleep_until(gone);
            self.line.write(&answer).expect("the line holds");
            self.note_turnaround(gone);
        }
        true
    }

    fn take_cards(&mut self) -> bool {
        loop {
            match self.cards.try_recv() {
                Ok(at) => self.readers.present(at, &CARD, CARD_BITS).expect("room"),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn note_turnaround(&self, ideal: Instant) {
        let mut turnaround = self
            .turnaround
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        turnaround.total += ideal.elapsed();
        turnaround.count += 1;
    }

    fn octets(&self, count: usize) -> Duration {
        self.octet * u32::try_from(count).expect("a frame")
    }
}

fn sleep_until(when: Instant) {
    let left = when.saturating_duration_since(Instant::now());
    if !left.is_zero() {
        thread::sleep(left);
    }
}
