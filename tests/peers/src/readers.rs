//! Many readers on one line: libosdp's C core once for each address, on one pseudo-terminal.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use libosdp::{
    Channel, ChannelError, OsdpCommand, OsdpEvent, OsdpEventCardRead, OsdpFlag, PeripheralDevice,
};

use crate::line::{PtyLine, Waiter};
use crate::reader::{Output, description};

/// libosdp readers that share one line: each hears what the controller says and what the others
/// answer, as on RS-485.
#[derive(Debug)]
pub struct LibosdpReaders {
    device: PathBuf,
    orders: Sender<Order>,
    outputs: Receiver<(u8, Output)>,
    thread: Option<JoinHandle<()>>,
}

impl LibosdpReaders {
    /// Starts a reader for each address and key, in Secure Channel and nothing else.
    ///
    /// # Errors
    /// What the kernel says about the pseudo-terminal, or libosdp about a reader.
    pub fn start(keys: &[(u8, [u8; 16])]) -> io::Result<Self> {
        let line = PtyLine::open()?;
        let device = line.device().to_path_buf();
        let waiter = line.waiter()?;
        let (orders, orders_taken) = mpsc::channel();
        let (outputs_made, outputs) = mpsc::channel();
        let mut seats = Vec::new();
        for (address, key) in keys {
            seats.push(Seat::take(*address, *key, outputs_made.clone())?);
        }
        let mut shared = Shared { line, seats };
        let thread = std::thread::spawn(move || shared.serve(&waiter, &orders_taken));
        Ok(Self {
            device,
            orders,
            outputs,
            thread: Some(thread),
        })
    }

    /// The path a controller opens.
    #[must_use]
    pub fn device(&self) -> &Path {
        &self.device
    }

    /// Shows a card at a reader: `bits` left-justified, most significant first.
    ///
    /// # Panics
    /// When the readers' thread has died.
    pub fn present(&self, address: u8, bits: &[u8], bit_count: usize) {
        let card = OsdpEventCardRead::new_wiegand(bit_count, bits.to_vec()).expect("enough octets");
        self.tell(Order::Present(address, card));
    }

    /// Takes a reader off the line: it hears and says nothing any more.
    ///
    /// # Panics
    /// When the readers' thread has died.
    pub fn take_off(&self, address: u8) {
        self.tell(Order::TakeOff(address));
    }

    /// The addresses of the readers whose Secure Channel session stands.
    ///
    /// # Panics
    /// When the readers' thread has died.
    #[must_use]
    pub fn in_secure_channel(&self) -> Vec<u8> {
        let (answer, answered) = mpsc::channel();
        self.tell(Order::AreSecure(answer));
        answered.recv().expect("the readers run")
    }

    /// The next OUT command and the address it went to, or nothing when none came in time.
    ///
    /// # Panics
    /// When the readers' thread has died.
    #[must_use]
    pub fn next_output(&self, within: Duration) -> Option<(u8, Output)> {
        match self.outputs.recv_timeout(within) {
            Ok(output) => Some(output),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the readers' thread died"),
        }
    }

    fn tell(&self, order: Order) {
        self.orders.send(order).expect("the readers run");
    }
}

impl Drop for LibosdpReaders {
    fn drop(&mut self) {
        self.orders.send(Order::Stop).ok();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// What the test asks of the readers' thread.
enum Order {
    Present(u8, OsdpEventCardRead),
    TakeOff(u8),
    AreSecure(Sender<Vec<u8>>),
    Stop,
}

/// The line and everybody on it.
struct Shared {
    line: PtyLine,
    seats: Vec<Seat>,
}

impl Shared {
    fn serve(&mut self, waiter: &Waiter, orders: &Receiver<Order>) {
        loop {
            match orders.try_recv() {
                Ok(Order::Present(address, card)) => {
                    let seat = self.seats.iter_mut().find(|seat| seat.address == address);
                    let pd = &mut seat.expect("a reader at this address").pd;
                    pd.notify_event(OsdpEvent::CardRead(card))
                        .expect("room for a card");
                }
                Ok(Order::TakeOff(address)) => self.seats.retain(|seat| seat.address != address),
                Ok(Order::AreSecure(answer)) => {
                    let secure = self.seats.iter().filter(|seat| seat.pd.is_sc_active());
                    answer.send(secure.map(|seat| seat.address).collect()).ok();
                }
                Ok(Order::Stop) | Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {}
            }
            waiter.wait_1ms().expect("the pseudo-terminal");
            self.relay();
        }
    }

    /// What the controller said goes to all, what one answers goes to the controller and the others.
    fn relay(&mut self) {
        let mut buffer = [0; 2_048];
        let count = self.line.read(&mut buffer).unwrap_or(0);
        for seat in &self.seats {
            seat.port.ends().heard.extend(&buffer[..count]);
        }
        for speaker in 0..self.seats.len() {
            self.seats[speaker].pd.refresh();
            let said: Vec<u8> = self.seats[speaker].port.ends().said.drain(..).collect();
            if said.is_empty() {
                continue;
            }
            assert_eq!(
                self.line.write(&said).expect("the line holds"),
                said.len(),
                "the controller reads"
            );
            for (listener, seat) in self.seats.iter().enumerate() {
                if listener != speaker {
                    seat.port.ends().heard.extend(&said);
                }
            }
        }
    }
}

/// One reader and its place on the line.
struct Seat {
    address: u8,
    pd: PeripheralDevice,
    port: Port,
}

impl Seat {
    fn take(address: u8, key: [u8; 16], outputs: Sender<(u8, Output)>) -> io::Result<Self> {
        let info = description(address).map_err(io::Error::other)?;
        let info = info.flag(OsdpFlag::EnforceSecure).secure_channel_key(key);
        let port = Port {
            address,
            ends: Arc::default(),
        };
        let mut pd =
            PeripheralDevice::new(info, Box::new(port.clone())).map_err(io::Error::other)?;
        pd.set_command_callback(move |command| {
            if let OsdpCommand::Output(out) = command {
                // The test may have stopped listening; the reader does not mind.
                outputs.send((address, Output::now(*out))).ok();
            }
            0
        });
        Ok(Self { address, pd, port })
    }
}

/// A reader's tap on the line.
#[derive(Clone)]
struct Port {
    address: u8,
    ends: Arc<Mutex<Ends>>,
}

/// What a reader has still to hear, and what it said.
#[derive(Default)]
struct Ends {
    heard: VecDeque<u8>,
    said: Vec<u8>,
}

impl Port {
    fn ends(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Channel for Port {
    fn get_id(&self) -> i32 {
        i32::from(self.address)
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ChannelError> {
        let heard = &mut self.ends().heard;
        if heard.is_empty() {
            return Err(ChannelError::WouldBlock);
        }
        let count = heard.len().min(buf.len());
        for (place, octet) in buf.iter_mut().zip(heard.drain(..count)) {
            *place = octet;
        }
        Ok(count)
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, ChannelError> {
        self.ends().said.extend(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<(), ChannelError> {
        self.ends().heard.clear();
        Ok(())
    }

    fn close(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }
}
