//! libosdp as controller: answers every card with OUT, as soon as it is told of it.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use libosdp::{
    Channel, ChannelError, ControlPanel, ControlPanelBuilder, OsdpCommand, OsdpCommandOutput,
    OsdpEvent, OsdpFlag, PdInfoBuilder,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};

use crate::wire::{Wire, key};

/// On for a time, then back.
const TIMED_ON: u8 = 5;
const PATIENCE: Duration = Duration::from_secs(60);

/// The controller's thread.
pub(crate) struct Panel {
    secure: Receiver<()>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Panel {
    /// Starts a controller for all readers on `wire`.
    pub(crate) fn start(wire: &Wire, baud: u32) -> Self {
        let device = wire.device().to_path_buf();
        let readers = wire.readers();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let (say_secure, secure) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut desk = Desk::open(&device, readers, baud);
            let mut all = Some(say_secure);
            while !stopped.load(Ordering::Relaxed) {
                desk.step();
                if (0..readers).all(|reader| desk.panel.is_sc_active(i32::from(reader))) {
                    all.take().map(|all: Sender<()>| all.send(()).ok());
                }
            }
        });
        Self {
            secure,
            stop,
            thread: Some(thread),
        }
    }

    /// Returns when all readers are in Secure Channel.
    pub(crate) fn wait_until_secure(&self) {
        self.secure.recv_timeout(PATIENCE).expect("Secure Channel");
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// What the thread works with.
struct Desk {
    panel: ControlPanel,
    cards: Receiver<i32>,
    waiter: File,
}

impl Desk {
    fn open(device: &Path, readers: u8, baud: u32) -> Self {
        let port = Port::open(device);
        let waiter = port.0.try_clone().expect("a descriptor");
        let infos = (0..readers).map(|reader| {
            PdInfoBuilder::new()
                .address(i32::from(reader))
                .and_then(|info| info.baud_rate(i32::try_from(baud).expect("a rate")))
                .expect("a reader")
                .secure_channel_key(key(reader))
                .flag(OsdpFlag::EnforceSecure)
        });
        let mut panel = ControlPanelBuilder::new()
            .add_channel(Box::new(port), infos.collect())
            .build()
            .expect("a controller");
        let (shown, cards) = mpsc::channel();
        panel.set_event_callback(move |reader, event| {
            if let OsdpEvent::CardRead(_) = event {
                shown.send(reader).ok();
            }
            0
        });
        Self {
            panel,
            cards,
            waiter,
        }
    }

    /// Waits for octets, for a millisecond at most, lets libosdp work, and opens where a card was shown.
    fn step(&mut self) {
        let timeout = Timespec {
            tv_sec: 0,
            tv_nsec: 1_000_000,
        };
        // Interrupted is as good as nothing there.
        poll(
            &mut [PollFd::new(&self.waiter, PollFlags::IN)],
            Some(&timeout),
        )
        .ok();
        self.panel.refresh();
        while let Ok(reader) = self.cards.try_recv() {
            let unlock = OsdpCommandOutput {
                output_no: 0,
                control_code: TIMED_ON,
                timer_count: 10,
            };
            self.panel
                .send_command(reader, OsdpCommand::Output(unlock))
                .expect("room for a command");
            self.panel.refresh();
        }
    }
}

/// The controller's end of the wire.
struct Port(File);

impl Port {
    fn open(device: &Path) -> Self {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK;
        Self(File::from(
            open(device, flags, Mode::empty()).expect("the wire"),
        ))
    }
}

impl Channel for Port {
    fn get_id(&self) -> i32 {
        1
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ChannelError> {
        self.0.read(buf).map_err(silent)
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, ChannelError> {
        self.0.write(buf).map_err(silent)
    }

    fn flush(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }
}

fn silent(error: std::io::Error) -> ChannelError {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => ChannelError::WouldBlock,
        _ => ChannelError::TransportError,
    }
}
