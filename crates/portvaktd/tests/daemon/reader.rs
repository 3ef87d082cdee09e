//! An OSDP reader at the far end of a pseudo-terminal, played by a thread.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use firmware_protocol::command::OutputAction;
use firmware_protocol::pd::{Extras, Pd, PdConfig, PdEvent, REPLY_LEN_MAX};
use firmware_protocol::reply::{Capability, FileDetail, Function, PdId};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, MARK, Scanner};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// What the reader's key is: not weak, nobody's.
pub(crate) const KEY: [u8; 16] = [7, 1, 9, 4, 200, 13, 77, 2, 91, 5, 66, 31, 8, 250, 3, 99];

/// A reader that answers by itself.
pub(crate) struct Reader {
    device: PathBuf,
    /// Kept open, or reads at the other end fail while the daemon is down.
    _daemon_end: File,
    cards: Sender<(Vec<u8>, u16)>,
    events: Receiver<PdEvent>,
    /// What it has stored of a file.
    pub(crate) flash: Arc<Mutex<Vec<u8>>>,
}

impl Reader {
    /// Address 0, in Secure Channel under [`KEY`].
    pub(crate) fn start() -> Self {
        let own_end =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&own_end).unwrap();
        unlockpt(&own_end).unwrap();
        let device = PathBuf::from(
            ptsname(&own_end, Vec::new())
                .unwrap()
                .into_string()
                .unwrap(),
        );
        let daemon_end = open(
            &device,
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
            Mode::empty(),
        )
        .unwrap();
        let mut termios = tcgetattr(&daemon_end).unwrap();
        termios.make_raw();
        tcsetattr(&daemon_end, OptionalActions::Now, &termios).unwrap();
        let (cards, shown) = channel();
        let (happened, events) = channel();
        let own_end = File::from(own_end);
        let flash = Arc::new(Mutex::new(Vec::new()));
        let stored = Arc::clone(&flash);
        thread::spawn(move || answer(own_end, &shown, &happened, &stored));
        Self {
            device,
            _daemon_end: File::from(daemon_end),
            cards,
            events,
            flash,
        }
    }

    /// The tty for the daemon.
    pub(crate) fn device(&self) -> &Path {
        &self.device
    }

    /// Shows a card.
    pub(crate) fn present(&self, bits: &[u8], bit_count: u16) {
        self.cards.send((bits.to_vec(), bit_count)).unwrap();
    }

    /// Whether an unlock comes within this time.
    pub(crate) fn is_unlocked_within(&self, wait: Duration) -> bool {
        while let Ok(event) = self.events.recv_timeout(wait) {
            if let PdEvent::Output(control) = event
                && control.action == OutputAction::TimedOn
            {
                return true;
            }
        }
        false
    }
}

/// Answers until the reader is dropped; then its end of the line is closed, as when an adapter is pulled out.
fn answer(
    mut line: File,
    shown: &Receiver<(Vec<u8>, u16)>,
    happened: &Sender<PdEvent>,
    flash: &Mutex<Vec<u8>>,
) {
    let mut pd = Pd::new(config());
    pd.set_extras(Extras {
        files: true,
        bauds: &[9_600],
        ..Extras::default()
    });
    let mut scanner = Scanner::new();
    let mut buffer = [0; 512];
    let mut draws = 0_u64;
    loop {
        match shown.try_recv() {
            Ok((bits, bit_count)) => pd.present_card(&bits, bit_count).unwrap(),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return,
        }
        let timeout = Timespec {
            tv_sec: 0,
            tv_nsec: 20_000_000,
        };
        if poll(&mut [PollFd::new(&line, PollFlags::IN)], Some(&timeout)).unwrap_or(0) == 0 {
            continue;
        }
        // While the daemon is away there is nothing to read.
        let count = line.read(&mut buffer).unwrap_or(0);
        let mut rest = &buffer[..count];
        while !rest.is_empty() {
            let taken = scanner.feed(rest);
            rest = &rest[taken..];
            while let Some(frame) = scanner.next_frame() {
                let mut reply = [0; REPLY_LEN_MAX];
                draws += 1;
                if let Some(len) = pd.handle_frame(&frame, draws.to_be_bytes(), &mut reply) {
                    line.write_all(&[&[MARK], &reply[..len]].concat()).unwrap();
                }
            }
        }
        while let Some(event) = pd.poll_event() {
            if let PdEvent::FilePiece { total, offset, .. } = event {
                let mut flash = flash.lock().unwrap();
                flash.truncate(usize::try_from(offset).unwrap());
                flash.extend_from_slice(pd.attached());
                if flash.len() == usize::try_from(total).unwrap() {
                    pd.report_file(FileDetail::Processed);
                }
            }
            happened.send(event).ok();
        }
    }
}

fn config() -> PdConfig {
    const CAPABILITIES: &[Capability] = &[
        Capability {
            function: Function::OUTPUTS,
            compliance: 4,
            count: 2,
        },
        Capability {
            function: Function::CARD_FORMAT,
            compliance: 1,
            count: 0,
        },
        Capability {
            function: Function::CRC,
            compliance: 1,
            count: 0,
        },
        Capability {
            function: Function::SECURITY,
            compliance: 1,
            count: 0,
        },
        // 1,024 octets, low octet first.
        Capability {
            function: Function::RECEIVE_SIZE,
            compliance: 0x00,
            count: 0x04,
        },
        Capability {
            function: Function::READERS,
            compliance: 1,
            count: 1,
        },
    ];
    PdConfig {
        address: Address::new(0).unwrap(),
        id: PdId {
            vendor: [2, 0, 1],
            model: 1,
            version: 1,
            serial: 1,
            firmware: [1, 0, 0],
        },
        capabilities: CAPABILITIES,
        key: Some(Scbk::new(KEY)),
        install_mode: false,
    }
}
