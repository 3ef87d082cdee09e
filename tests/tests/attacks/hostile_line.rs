//! A line with a man in the middle: a sound reader at its far end, and somebody who decides what the daemon hears of it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use building_sim::Line;
use firmware_protocol::pd::{Pd, PdConfig, REPLY_LEN_MAX};
use firmware_protocol::reply::{Capability, Function, PdId};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, Check, Frame, MARK, Scanner};

/// What the man in the middle makes of a reply (empty if the reader has none): the pieces the daemon hears, one read each.
pub type Meddling = Box<dyn FnMut(&Heard, Vec<u8>) -> Vec<Vec<u8>> + Send>;

/// A command the daemon put on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub address: u8,
    pub sequence: u8,
    /// CRC, or the checksum; a reader answers with the same.
    pub check: Check,
    /// The kind of its security block.
    pub secured: Option<u8>,
    /// In a step of the handshake: 0 under SCBK-D, 1 under a key of the reader's own.
    pub key_kind: Option<u8>,
    pub code: u8,
    /// Encrypted under SCS_17.
    pub data: Vec<u8>,
    /// All that its MAC and its check cover.
    pub covered: Vec<u8>,
    mac: Option<[u8; 4]>,
}

/// The line while somebody holds it.
pub struct HostileLine {
    folder: PathBuf,
    name: &'static str,
    wire: Arc<Mutex<Wire>>,
    thread: Option<JoinHandle<()>>,
}

struct Wire {
    pd: Pd,
    meddling: Meddling,
    heard: Vec<Heard>,
    replies: Vec<(Heard, Vec<u8>)>,
    noise: Vec<u8>,
    echoes: bool,
    cut: bool,
    ended: bool,
    draws: u64,
}

impl HostileLine {
    /// A line with one reader at address 0; nobody meddles yet.
    pub fn lay(folder: &Path, name: &'static str, key: Option<[u8; 16]>) -> Self {
        let wire = Wire {
            pd: Pd::new(reader(key, 1)),
            meddling: Box::new(honest),
            heard: Vec::new(),
            replies: Vec::new(),
            noise: Vec::new(),
            echoes: false,
            cut: false,
            ended: false,
            draws: 0,
        };
        let mut line = Self {
            folder: folder.to_path_buf(),
            name,
            wire: Arc::new(Mutex::new(wire)),
            thread: None,
        };
        line.plug();
        line
    }

    /// The path the daemon opens.
    pub fn device(&self) -> PathBuf {
        self.folder.join(self.name)
    }

    /// Plugs an adapter in, under the same path as ever.
    pub fn plug(&mut self) {
        let line = Line::lay(&self.folder, self.name).unwrap();
        self.wire().ended = false;
        let wire = Arc::clone(&self.wire);
        self.thread = Some(thread::spawn(move || serve(line, &wire)));
    }

    /// Pulls the adapter out: its path goes, and whoever has it open is hung up on.
    pub fn unplug(&mut self) {
        self.wire().ended = true;
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// From now on the daemon hears what `meddling` says.
    pub fn meddle(&self, meddling: impl FnMut(&Heard, Vec<u8>) -> Vec<Vec<u8>> + Send + 'static) {
        self.wire().meddling = Box::new(meddling);
    }

    /// The man in the middle goes home.
    pub fn leave(&self) {
        self.meddle(honest);
    }

    /// Cuts the wire, or repairs it.
    pub fn cut(&self, cut: bool) {
        self.wire().cut = cut;
    }

    /// Octets nobody asked for, again and again; none end it.
    pub fn babble(&self, noise: &[u8]) {
        self.wire().noise = noise.to_vec();
    }

    /// From now on the adapter hears itself: whatever the daemon says comes back to it.
    pub fn echo(&self) {
        self.wire().echoes = true;
    }

    /// Shows a card at the reader.
    pub fn present(&self, card: &([u8; 4], u16)) {
        self.wire().pd.present_card(&card.0, card.1).unwrap();
    }

    /// Puts another reader in its place: this key or install mode, this serial number (the first one has 1).
    pub fn swap(&self, key: Option<[u8; 16]>, serial: u32) {
        self.wire().pd = Pd::new(reader(key, serial));
    }

    /// Whether the reader has a card that nobody fetched.
    pub fn has_card_waiting(&self) -> bool {
        self.wire().pd.queued() > 0
    }

    /// Every command so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.wire().heard.clone()
    }

    /// What the sound reader answered to which command, so far.
    pub fn replies(&self) -> Vec<(Heard, Vec<u8>)> {
        self.wire().replies.clone()
    }

    /// Challenges so far under this kind of key: 0 SCBK-D, 1 one of the reader's own.
    pub fn challenges(&self, key_kind: u8) -> usize {
        let wire = self.wire();
        let challenges = wire.heard.iter().filter(|heard| heard.code == CHLNG);
        challenges
            .filter(|heard| heard.key_kind == Some(key_kind))
            .count()
    }

    /// Commands so far with this code.
    pub fn count(&self, code: u8) -> usize {
        let wire = self.wire();
        wire.heard.iter().filter(|heard| heard.code == code).count()
    }

    /// Forgets commands and replies so far.
    pub fn forget(&self) {
        let mut wire = self.wire();
        wire.heard.clear();
        wire.replies.clear();
    }

    fn wire(&self) -> MutexGuard<'_, Wire> {
        self.wire.lock().unwrap()
    }
}

impl Drop for HostileLine {
    fn drop(&mut self) {
        if let Ok(mut wire) = self.wire.lock() {
            wire.ended = true;
        }
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Wire {
    /// What the daemon hears after one command.
    fn answer(&mut self, frame: &Frame<'_>) -> Vec<Vec<u8>> {
        let heard = Heard {
            address: frame.address.get(),
            sequence: frame.sequence.get(),
            check: frame.check,
            secured: frame.security.map(|block| block.kind),
            key_kind: frame.security.and_then(|block| block.data.first().copied()),
            covered: frame.covered().to_vec(),
            code: frame.code,
            data: frame.data.to_vec(),
            mac: frame.mac(),
        };
        self.draws += 1;
        let mut reply = [0; REPLY_LEN_MAX];
        let rnd_b = self.draws.to_be_bytes();
        let reply = match self.pd.handle_frame(frame, rnd_b, &mut reply) {
            Some(len) => [&[MARK], &reply[..len]].concat(),
            None => Vec::new(),
        };
        while self.pd.poll_event().is_some() {}
        self.heard.push(heard.clone());
        self.replies.push((heard.clone(), reply.clone()));
        (self.meddling)(&heard, reply)
    }
}

/// Carries octets until the line is ended.
fn serve(mut line: Line, wire: &Mutex<Wire>) {
    let mut scanner = Scanner::new();
    let mut buffer = [0; 2_048];
    loop {
        let count = line.read(&mut buffer, WAIT).unwrap_or(0);
        let mut pieces = Vec::new();
        {
            let mut wire = wire.lock().unwrap();
            if wire.ended {
                return;
            }
            if wire.cut {
                continue;
            }
            pieces.push(wire.noise.clone());
            if wire.echoes {
                pieces.push(buffer[..count].to_vec());
            }
            let mut rest = &buffer[..count];
            while !rest.is_empty() {
                let taken = scanner.feed(rest);
                rest = &rest[taken..];
                while let Some(frame) = scanner.next_frame() {
                    pieces.extend(wire.answer(&frame));
                }
            }
        }
        for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            // A daemon that does not read hears nothing, as in life.
            line.write(piece).ok();
            if pieces.len() > 2 {
                thread::sleep(BETWEEN_PIECES);
            }
        }
    }
}

fn honest(_: &Heard, reply: Vec<u8>) -> Vec<Vec<u8>> {
    vec![reply]
}

fn reader(key: Option<[u8; 16]>, serial: u32) -> PdConfig {
    let can = |function, compliance, count| Capability {
        function,
        compliance,
        count,
    };
    PdConfig {
        address: Address::new(0).unwrap(),
        id: PdId {
            vendor: [2, 0, 1],
            model: 1,
            version: 1,
            serial,
            firmware: [1, 0, 0],
        },
        capabilities: Box::leak(Box::new([
            can(Function::OUTPUTS, 4, 2),
            can(Function::CARD_FORMAT, 1, 0),
            can(Function::CRC, 1, 0),
            can(Function::SECURITY, 1, 0),
            can(Function::READERS, 1, 1),
        ])),
        install_mode: key.is_none(),
        key: key.map(Scbk::new),
    }
}

/// How long the line waits for octets before it looks at what it is told.
const WAIT: Duration = Duration::from_millis(5);
/// Long enough for a read of its own, short enough not to break a frame off.
const BETWEEN_PIECES: Duration = Duration::from_millis(3);
const CHLNG: u8 = 0x76;
