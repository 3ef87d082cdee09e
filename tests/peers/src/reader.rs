//! A reader: libosdp's C core as a peripheral device, on a thread of its own.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use libosdp::{
    OsdpCommand, OsdpError, OsdpEvent, OsdpEventCardRead, OsdpFlag, PdCapEntity, PdCapability,
    PdId, PdInfoBuilder, PeripheralDevice,
};

use crate::line::{PtyLine, Waiter};

/// One OUT command as the reader received it, after Secure Channel was taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    /// Which of the reader's outputs, from 0.
    pub output: u8,
    /// The control code of the standard; 5 is "on for a time, then back".
    pub control: u8,
    /// How long, in tenths of a second.
    pub time_100ms: u16,
    /// When the reader acted on it.
    pub at: Instant,
}

/// A libosdp reader on a pseudo-terminal, in Secure Channel and nothing else.
#[derive(Debug)]
pub struct LibosdpReader {
    device: PathBuf,
    orders: Sender<Order>,
    outputs: Receiver<Output>,
    thread: Option<JoinHandle<()>>,
}

impl LibosdpReader {
    /// Starts a reader that answers at `address` and holds `key`.
    ///
    /// # Errors
    /// What the kernel says about the pseudo-terminal, or libosdp about the reader.
    pub fn start(address: u8, key: [u8; 16]) -> io::Result<Self> {
        let info = description(address).map_err(io::Error::other)?;
        Self::begin(info.flag(OsdpFlag::EnforceSecure).secure_channel_key(key))
    }

    /// Starts a reader as it leaves its maker: in install mode, under SCBK-D until it is told a key.
    ///
    /// # Errors
    /// As [`LibosdpReader::start`].
    pub fn start_in_install_mode(address: u8) -> io::Result<Self> {
        let info = description(address).map_err(io::Error::other)?;
        Self::begin(info.flag(OsdpFlag::InstallMode))
    }

    fn begin(info: PdInfoBuilder) -> io::Result<Self> {
        let line = PtyLine::open()?;
        let device = line.device().to_path_buf();
        let waiter = line.waiter()?;
        let (orders, orders_taken) = mpsc::channel();
        let (outputs_made, outputs) = mpsc::channel();
        let mut pd = PeripheralDevice::new(info, Box::new(line)).map_err(io::Error::other)?;
        pd.set_command_callback(move |command| {
            if let OsdpCommand::Output(out) = command {
                // The test may have stopped listening; the reader does not mind.
                outputs_made.send(Output::now(*out)).ok();
            }
            0
        });
        let thread = std::thread::spawn(move || serve(pd, &waiter, &orders_taken));
        Ok(Self {
            device,
            orders,
            outputs,
            thread: Some(thread),
        })
    }

    /// The path the daemon opens.
    #[must_use]
    pub fn device(&self) -> &Path {
        &self.device
    }

    /// Shows a card: `bits` left-justified, most significant first.
    ///
    /// # Panics
    /// When the reader's thread has died.
    pub fn present(&self, bits: &[u8], bit_count: usize) {
        let card = OsdpEventCardRead::new_wiegand(bit_count, bits.to_vec()).expect("enough octets");
        self.orders
            .send(Order::Present(card))
            .expect("the reader runs");
    }

    /// Whether a Secure Channel session stands.
    ///
    /// # Panics
    /// When the reader's thread has died.
    #[must_use]
    pub fn in_secure_channel(&self) -> bool {
        let (answer, answered) = mpsc::channel();
        self.orders
            .send(Order::IsSecure(answer))
            .expect("the reader runs");
        answered.recv().expect("the reader runs")
    }

    /// The next OUT command, or nothing when none came in time.
    ///
    /// # Panics
    /// When the reader's thread has died.
    #[must_use]
    pub fn next_output(&self, within: Duration) -> Option<Output> {
        match self.outputs.recv_timeout(within) {
            Ok(output) => Some(output),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the reader's thread died"),
        }
    }
}

impl Drop for LibosdpReader {
    fn drop(&mut self) {
        self.orders.send(Order::Stop).ok();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Output {
    pub(crate) fn now(command: libosdp::OsdpCommandOutput) -> Self {
        Self {
            output: command.output_no,
            control: command.control_code,
            time_100ms: command.timer_count,
            at: Instant::now(),
        }
    }
}

/// What the test asks of the reader's thread.
enum Order {
    Present(OsdpEventCardRead),
    IsSecure(Sender<bool>),
    Stop,
}

/// What every libosdp reader here says of itself: one reader head, one output, one LED, a buzzer.
///
/// # Errors
/// An address outside 0–126.
pub(crate) fn description(address: u8) -> Result<PdInfoBuilder, OsdpError> {
    Ok(PdInfoBuilder::new()
        .name("peer")?
        .address(i32::from(address))?
        .baud_rate(115_200)?
        .id(&PdId::from_number(1))
        .capability(PdCapability::CommunicationSecurity(PdCapEntity::new(1, 1)))
        .capability(PdCapability::CheckCharacterSupport(PdCapEntity::new(1, 0)))
        .capability(PdCapability::CardDataFormat(PdCapEntity::new(1, 0)))
        .capability(PdCapability::Readers(PdCapEntity::new(1, 1)))
        .capability(PdCapability::OutputControl(PdCapEntity::new(4, 1)))
        .capability(PdCapability::LedControl(PdCapEntity::new(4, 1)))
        .capability(PdCapability::AudibleOutput(PdCapEntity::new(2, 1))))
}

fn serve(mut pd: PeripheralDevice, waiter: &Waiter, orders: &Receiver<Order>) {
    loop {
        match orders.try_recv() {
            Ok(Order::Present(card)) => {
                pd.notify_event(OsdpEvent::CardRead(card))
                    .expect("room for a card");
            }
            Ok(Order::IsSecure(answer)) => {
                answer.send(pd.is_sc_active()).ok();
            }
            Ok(Order::Stop) | Err(TryRecvError::Disconnected) => return,
            Err(TryRecvError::Empty) => {}
        }
        waiter.wait_1ms().expect("the pseudo-terminal");
        pd.refresh();
    }
}
