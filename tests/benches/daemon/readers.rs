//! The readers of one line, played in a thread, and what can happen to the wire between them and the daemon.

use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use building_sim::{Dice, Line, Multidrop};
use firmware_protocol::pd::PdEvent;
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, Check, Direction, FRAME_LEN_MAX, Frame, Header, MARK};

use crate::house::CARD;
use crate::process::{PATIENCE, now};

/// What happens to the next answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// It does not arrive.
    Lost,
    /// One bit of it is turned.
    Flipped,
    /// A NAK in clear arrives in its place.
    Nak,
}

/// What the readers saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A question, or a part of one.
    Asked,
    /// A session stands.
    SessionUp(u8),
    /// An output was switched.
    Output(u8),
    /// The fault has struck.
    Struck,
}

enum Doing {
    Show(u8),
    Fault(Fault),
    Cut(bool),
}

/// The line's far end. Dropped, it takes the pseudo-terminal along, as an adapter that is pulled out.
pub(crate) struct Readers {
    doings: Option<Sender<Doing>>,
    seen: Receiver<(Seen, Instant)>,
    thread: Option<JoinHandle<()>>,
}

impl Readers {
    /// Plays `count` readers on line number `line`.
    pub(crate) fn play(port: Line, line: u8, count: u8) -> Self {
        let (doings, taken) = mpsc::channel();
        let (told, seen) = mpsc::channel();
        let keyed = (0..count).map(|reader| (address(reader), Some(Scbk::new(key(line, reader)))));
        let mut wire = Wire {
            port,
            readers: Multidrop::new(keyed.collect(), Dice::new(u64::from(line) + 1)),
            doings: taken,
            told,
            fault: None,
            cut: false,
        };
        let thread = thread::spawn(move || while wire.serve() {});
        Self {
            doings: Some(doings),
            seen,
            thread: Some(thread),
        }
    }

    /// Shows the card at a reader.
    pub(crate) fn show(&self, reader: u8) {
        self.tell(Doing::Show(reader));
    }

    /// Lets something happen to the next answer, and returns when it has.
    pub(crate) fn strike(&self, fault: Fault) {
        self.forget();
        self.tell(Doing::Fault(fault));
        self.wait(|seen| seen == Seen::Struck);
    }

    /// Cuts the wire, or mends it.
    pub(crate) fn cut(&self, cut: bool) {
        self.tell(Doing::Cut(cut));
    }

    /// Forgets what was seen so far.
    pub(crate) fn forget(&self) {
        while self.seen.try_recv().is_ok() {}
    }

    /// When something wanted was seen.
    pub(crate) fn wait(&self, wanted: impl Fn(Seen) -> bool) -> Instant {
        self.wait_within(PATIENCE, wanted)
            .expect("something happens")
    }

    /// The same, for so long.
    pub(crate) fn wait_within(
        &self,
        within: Duration,
        wanted: impl Fn(Seen) -> bool,
    ) -> Option<Instant> {
        let until = now() + within;
        loop {
            let left = until.saturating_duration_since(now());
            let (seen, at) = self.seen.recv_timeout(left).ok()?;
            if wanted(seen) {
                return Some(at);
            }
        }
    }

    /// Whether an output was switched since.
    pub(crate) fn is_opened(&self) -> bool {
        let mut seen = self.seen.try_iter();
        seen.any(|(seen, _)| matches!(seen, Seen::Output(_)))
    }

    /// How many questions were seen and not forgotten.
    pub(crate) fn questions(&self) -> usize {
        self.seen
            .try_iter()
            .filter(|(seen, _)| *seen == Seen::Asked)
            .count()
    }

    fn tell(&self, doing: Doing) {
        let doings = self.doings.as_ref().expect("the readers play");
        doings.send(doing).expect("the wire holds");
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        // Nobody tells them anything any more: they go.
        self.doings = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Every reader has a key of its own.
pub(crate) fn key(line: u8, reader: u8) -> [u8; 16] {
    let mut key = *b"\x31\x85\x02\xE9\x77\x1C\xD4\x60\x0B\xA8\x5F\x93\x2E\xC6\x14\x7D";
    key[14] ^= line;
    key[15] ^= reader;
    key
}

struct Wire {
    port: Line,
    readers: Multidrop,
    doings: Receiver<Doing>,
    told: Sender<(Seen, Instant)>,
    fault: Option<Fault>,
    cut: bool,
}

impl Wire {
    /// One question and its answer; false when it is time to go.
    fn serve(&mut self) -> bool {
        let mut buffer = [0; 2_048];
        let count = self.port.read(&mut buffer, WAIT).expect("the line holds");
        if !self.take_doings() {
            return false;
        }
        if count == 0 || self.cut {
            return true;
        }
        self.tell(Seen::Asked);
        let question = &buffer[..count];
        let answer = self.readers.handle_bytes(question);
        while let Some(happening) = self.readers.poll_event() {
            let at = happening.address.get();
            match happening.event {
                PdEvent::Output(_) => self.tell(Seen::Output(at)),
                PdEvent::SessionUp => self.tell(Seen::SessionUp(at)),
                _ => {}
            }
        }
        if let Some(answer) = self.spoil(answer, question) {
            self.port.write(&answer).expect("the line holds");
        }
        true
    }

    fn take_doings(&mut self) -> bool {
        loop {
            match self.doings.try_recv() {
                Ok(Doing::Show(at)) => {
                    let (bits, count) = CARD;
                    self.readers
                        .present(address(at), &bits, count)
                        .expect("room");
                }
                Ok(Doing::Fault(fault)) => self.fault = Some(fault),
                Ok(Doing::Cut(cut)) => self.cut = cut,
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn spoil(&mut self, mut answer: Vec<u8>, question: &[u8]) -> Option<Vec<u8>> {
        if answer.is_empty() {
            return None;
        }
        let Some(fault) = self.fault.take() else {
            return Some(answer);
        };
        self.tell(Seen::Struck);
        match fault {
            Fault::Lost => None,
            Fault::Flipped => {
                let last = answer.len() - 1;
                answer[last] ^= 0x10;
                Some(answer)
            }
            Fault::Nak => Some(nak(question)),
        }
    }

    fn tell(&self, seen: Seen) {
        // Nobody may be listening any more.
        self.told.send((seen, now())).ok();
    }
}

/// NAK 6, security required, as the answer to `question`.
fn nak(question: &[u8]) -> Vec<u8> {
    let asked = Frame::decode(&question[1..]).expect("a whole question");
    let header = Header {
        direction: Direction::Reply,
        address: asked.address,
        sequence: asked.sequence,
        check: Check::Crc,
    };
    let mut out = [0; FRAME_LEN_MAX];
    let len = Frame::plain(header, 0x41, &[6])
        .encode(&mut out)
        .expect("a short frame");
    [&[MARK], &out[..len]].concat()
}

fn address(reader: u8) -> Address {
    Address::new(reader).expect("an address")
}

const WAIT: Duration = Duration::from_millis(5);
