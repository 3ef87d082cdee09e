//! A wire with readers on it: every octet takes its time in both directions, no reader takes any.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
/// A silent reader is given up to 200 ms now and then, and a few in between.
const WHOLE_PROBE: Duration = Duration::from_millis(100);

/// The controller's view of the wire, and the people's.
pub(crate) struct Wire {
    folder: TempDir,
    device: PathBuf,
    readers: u8,
    doings: Sender<Doing>,
    outputs: Receiver<(Address, Instant)>,
    seen: Arc<Mutex<Seen>>,
    thread: Option<JoinHandle<()>>,
}

/// What people do at the readers.
enum Doing {
    /// Show the card.
    Show(Address),
    /// Pull the reader off the line.
    Unplug(Address),
}

/// What was seen on the wire.
#[derive(Default)]
struct Seen {
    /// What answers took beyond their octets, and how many there were.
    turnaround: Duration,
    answers: u32,
    /// Whole probes of a reader that does not answer: from its question to the next.
    probes: Vec<(Instant, Instant)>,
}

impl Wire {
    /// A wire of `baud`, or one that takes no time, with readers at the addresses 0 to `readers` - 1.
    pub(crate) fn lay(name: &str, baud: Option<u32>, readers: u8) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let line = Line::lay(folder.path(), name).expect("a pseudo-terminal");
        let device = line.device().to_path_buf();
        let (doings, doings_taken) = mpsc::channel();
        let (outputs_made, outputs) = mpsc::channel();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let keyed = (0..readers).map(|reader| (address(reader), Some(Scbk::new(key(reader)))));
        let mut post = Post {
            line,
            octet: baud.map_or(Duration::ZERO, |baud| Duration::from_secs(10) / baud),
            readers: Multidrop::new(keyed.collect(), Dice::new(u64::from(readers))),
            doings: doings_taken,
            outputs: outputs_made,
            seen: Arc::clone(&seen),
            unanswered: None,
        };
        let thread = thread::spawn(move || while post.serve() {});
        Self {
            folder,
            device,
            readers,
            doings,
            outputs,
            seen,
            thread: Some(thread),
        }
    }

    /// Shows the card at a reader and waits until that reader has received OUT.
    pub(crate) fn card_to_out(&self, reader: u8) -> Duration {
        while self.outputs.try_recv().is_ok() {}
        let shown = Instant::now();
        self.tell(Doing::Show(address(reader)));
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

    /// Pulls a reader off the line.
    pub(crate) fn unplug(&self, reader: u8) {
        self.tell(Doing::Unplug(address(reader)));
    }

    /// Whether a silent reader was given its whole time after `since`.
    pub(crate) fn was_probed_since(&self, since: Instant) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.probes.iter().any(|(_, ended)| *ended >= since)
    }

    /// Mean of what an exchange took beyond its octets.
    pub(crate) fn turnaround_ms(&self) -> f64 {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.turnaround.as_secs_f64() * 1_000.0 / f64::from(seen.answers.max(1))
    }

    /// The path a controller opens.
    pub(crate) fn device(&self) -> &Path {
        &self.device
    }

    /// A folder that goes with the wire.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn tell(&self, doing: Doing) {
        self.doings.send(doing).expect("the wire holds");
    }

    /// How many readers there are.
    pub(crate) fn readers(&self) -> u8 {
        self.readers
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // Nobody shows cards any more: the readers go.
        self.doings = mpsc::channel().0;
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
    doings: Receiver<Doing>,
    outputs: Sender<(Address, Instant)>,
    seen: Arc<Mutex<Seen>>,
    /// When a question ended that nobody has answered.
    unanswered: Option<Instant>,
}

impl Post {
    /// One question and its answer; false when it is time to go.
    fn serve(&mut self) -> bool {
        let mut buffer = [0; 2_048];
        let count = self.line.read(&mut buffer, WAIT).expect("the line holds");
        let begun = Instant::now();
        let arrived = begun + self.octets(count);
        sleep_until(arrived);
        if !self.take_doings() {
            return false;
        }
        if count > 0 {
            self.note_probe(begun, arrived);
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
            self.note_answer(gone);
        }
        true
    }

    fn take_doings(&mut self) -> bool {
        loop {
            match self.doings.try_recv() {
                Ok(Doing::Show(at)) => self.readers.present(at, &CARD, CARD_BITS).expect("room"),
                Ok(Doing::Unplug(at)) => self.readers.set_plugged(at, false),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    /// A question came; if the one before it was waited for long in vain, that was a whole probe.
    fn note_probe(&mut self, begun: Instant, arrived: Instant) {
        if let Some(asked) = self.unanswered.replace(arrived)
            && begun - asked >= WHOLE_PROBE
        {
            self.seen().probes.push((asked, begun));
        }
    }

    fn note_answer(&mut self, ideal: Instant) {
        self.unanswered = None;
        let mut seen = self.seen();
        seen.turnaround += ideal.elapsed();
        seen.answers += 1;
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
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
