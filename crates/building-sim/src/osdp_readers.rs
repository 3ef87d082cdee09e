//! OSDP readers in real time: a thread answers for all of them on one line.

use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use firmware_protocol::Address;
use firmware_protocol::pd::SILENCE_S;

use crate::line::Line;
use crate::multidrop::{Happening, Multidrop};

/// The readers of one line, played by a thread of their own until this is dropped.
#[derive(Debug)]
pub struct OsdpReaders {
    orders: Sender<Order>,
    happenings: Receiver<Happening>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl OsdpReaders {
    /// Lets `readers` answer on `line`.
    #[must_use]
    pub fn start(line: Line, readers: Multidrop) -> Self {
        let (orders, orders_taken) = mpsc::channel();
        let (happened, happenings) = mpsc::channel();
        let mut post = Post {
            line,
            readers,
            orders: orders_taken,
            happened,
            silent_for: Duration::ZERO,
        };
        Self {
            orders,
            happenings,
            thread: Some(thread::spawn(move || post.serve())),
        }
    }

    /// A card is shown at a reader: `bit_count` bits, left-justified. A reader whose queue is full
    /// loses it, as in life.
    ///
    /// # Errors
    /// The line has failed.
    pub fn present(&self, at: Address, bits: &[u8], bit_count: u16) -> io::Result<()> {
        self.order(Order::Present {
            at,
            bits: bits.to_vec(),
            bit_count,
        })
    }

    /// The levels of a reader's inputs, number 0 first; true is active.
    ///
    /// # Errors
    /// The line has failed.
    pub fn set_inputs(&self, at: Address, levels: &[bool]) -> io::Result<()> {
        self.order(Order::Inputs {
            at,
            levels: levels.to_vec(),
        })
    }

    /// What a reader was told next; nothing if nothing comes `within`.
    ///
    /// # Errors
    /// The line has failed.
    pub fn next(&self, within: Duration) -> io::Result<Option<Happening>> {
        match self.happenings.recv_timeout(within) {
            Ok(happening) => Ok(Some(happening)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(line_failed()),
        }
    }

    fn order(&self, order: Order) -> io::Result<()> {
        self.orders.send(order).map_err(|_| line_failed())
    }
}

impl Drop for OsdpReaders {
    fn drop(&mut self) {
        // A thread that has ended already takes no orders; that is what is wanted.
        self.orders.send(Order::GoHome).ok();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// What the readers' thread is asked to do.
enum Order {
    Present {
        at: Address,
        bits: Vec<u8>,
        bit_count: u16,
    },
    Inputs {
        at: Address,
        levels: Vec<bool>,
    },
    GoHome,
}

/// The thread's own.
struct Post {
    line: Line,
    readers: Multidrop,
    orders: Receiver<Order>,
    happened: Sender<Happening>,
    silent_for: Duration,
}

impl Post {
    fn serve(&mut self) -> io::Result<()> {
        let mut buffer = [0; 2_048];
        while self.obey() {
            let count = self.line.read(&mut buffer, WAIT)?;
            let bytes = buffer.get(..count).unwrap_or_default();
            self.note_silence(bytes.is_empty());
            let answer = self.readers.handle_bytes(bytes);
            if !answer.is_empty() {
                self.line.write(&answer)?;
            }
            while let Some(happening) = self.readers.poll_event() {
                // Nobody may be listening; the readers answer all the same.
                self.happened.send(happening).ok();
            }
        }
        Ok(())
    }

    /// Carries out all orders; false when it is time to go.
    fn obey(&mut self) -> bool {
        loop {
            match self.orders.try_recv() {
                Ok(Order::Present {
                    at,
                    bits,
                    bit_count,
                }) => {
                    // A full queue loses the card, as in life.
                    self.readers.present(at, &bits, bit_count).ok();
                }
                Ok(Order::Inputs { at, levels }) => {
                    // More inputs than a reader has are as good as none.
                    self.readers.set_inputs(at, &levels).ok();
                }
                Ok(Order::GoHome) | Err(TryRecvError::Disconnected) => return false,
                Err(TryRecvError::Empty) => return true,
            }
        }
    }

    /// Counts waits instead of reading a clock: exact enough for eight seconds.
    fn note_silence(&mut self, silent: bool) {
        if !silent {
            self.silent_for = Duration::ZERO;
            return;
        }
        self.silent_for = self.silent_for.saturating_add(WAIT);
        if self.silent_for == GAP {
            self.readers.handle_gap();
        }
        if self.silent_for >= Duration::from_secs(u64::from(SILENCE_S)) {
            self.silent_for = GAP;
            self.readers.handle_silence();
        }
    }
}

fn line_failed() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the readers' line has failed")
}

/// How long the thread waits for octets before it looks at its orders.
const WAIT: Duration = Duration::from_millis(2);
/// Silence inside a frame after which the rest will not come (OSDP 2.2, 5.7: 20 ms).
const GAP: Duration = Duration::from_millis(20);
