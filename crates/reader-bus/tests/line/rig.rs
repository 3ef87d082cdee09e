//! Rig: one bus, its readers, and the wire between them, with everything that can happen to a wire.

mod counter;

use std::collections::VecDeque;

use counter::Counter;
use firmware_protocol::command::OutputAction;
use firmware_protocol::pd::{Pd, PdConfig, PdEvent, REPLY_LEN_MAX};
use firmware_protocol::reply::{Capability, FileDetail, Function, PdId};
use firmware_protocol::{MARK, Scanner};
use reader_bus::{
    Address, Bus, BusEvent, LineConfig, ReaderConfig, ReaderIndex, Scbk, Security, Unlock, Uptime,
};

pub(crate) struct Rig {
    pub(crate) bus: Bus,
    pub(crate) events: Vec<(u64, BusEvent)>,
    /// Outputs that readers were told to switch: when, and which reader.
    pub(crate) outs: Vec<(u64, u8)>,
    /// Which outputs were told to do what.
    pub(crate) thrown: Vec<(u8, OutputAction)>,
    /// Every frame the bus sent, mark included, and when.
    pub(crate) sent: Vec<(u64, Vec<u8>)>,
    /// Every reply that reached the bus.
    pub(crate) replies: Vec<Vec<u8>>,
    pub(crate) up: u64,
    /// How long a reader thinks.
    pub(crate) turnaround: u64,
    /// What happens to the next replies; empty: nothing.
    pub(crate) fate: VecDeque<Fate>,
    /// Whether the adapter hears itself.
    pub(crate) echo: bool,
    /// How often the bus was woken for time alone.
    pub(crate) wakes: u64,
    /// What there is to send, and what a reader has stored of it.
    pub(crate) file: Vec<u8>,
    pub(crate) flash: Vec<u8>,
    seats: Vec<Seat>,
    scanner: Scanner,
    wire: VecDeque<(u64, Vec<u8>)>,
    rnd_b: u64,
}

#[derive(Clone, Debug)]
pub(crate) enum Fate {
    /// It arrives.
    Arrives,
    /// It is lost.
    Lost,
    /// One bit of this octet is turned.
    Flipped(usize),
    /// Something else arrives in its place.
    Replaced(Vec<u8>),
}

pub(crate) struct Seat {
    pub(crate) pd: Pd,
    pub(crate) plugged: bool,
}

pub(crate) fn key(reader: u8) -> Scbk {
    Scbk::new(std::array::from_fn(|at| {
        u8::try_from(at * at).unwrap() ^ reader ^ 0xA5
    }))
}

impl Rig {
    /// So many keyed readers at this baud rate, online.
    pub(crate) fn keyed(readers: u8, baud: u32) -> Self {
        let mut rig = Self::new(
            (0..readers)
                .map(|reader| Security::Keyed(key(reader)))
                .collect(),
            baud,
        );
        rig.run_ms(1_000 + u64::from(readers) * 300);
        rig
    }

    /// Readers secured like this on the bus's side; on their own they are keyed, unless it says clear.
    pub(crate) fn new(readers: Vec<Security>, baud: u32) -> Self {
        let on_its_side = |at: usize, security: &Security| {
            let at = u8::try_from(at).unwrap();
            (!matches!(security, Security::Clear)).then(|| key(at))
        };
        let keys = readers
            .iter()
            .enumerate()
            .map(|(at, security)| on_its_side(at, security))
            .collect();
        Self::with_keys(readers, keys, baud)
    }

    /// Readers secured like this on the bus's side, with these keys on their own.
    pub(crate) fn with_keys(readers: Vec<Security>, keys: Vec<Option<Scbk>>, baud: u32) -> Self {
        let seats = keys
            .into_iter()
            .enumerate()
            .map(|(at, key)| Seat {
                pd: pd(at, key),
                plugged: true,
            })
            .collect();
        let configs = readers.into_iter().enumerate();
        let configs = configs
            .map(|(at, security)| ReaderConfig {
                address: address(at),
                security,
            })
            .collect();
        let config = LineConfig {
            baud,
            ..LineConfig::default()
        };
        let mut bus = Bus::new(config, configs, Box::new(Counter(0))).unwrap();
        bus.line_up(Uptime::START);
        Self {
            bus,
            events: Vec::new(),
            outs: Vec::new(),
            thrown: Vec::new(),
            sent: Vec::new(),
            replies: Vec::new(),
            up: 0,
            turnaround: 3_000,
            fate: VecDeque::new(),
            echo: false,
            wakes: 0,
            file: Vec::new(),
            flash: Vec::new(),
            seats,
            scanner: Scanner::new(),
            wire: VecDeque::new(),
            rnd_b: 0,
        }
    }

    pub(crate) fn now(&self) -> Uptime {
        Uptime::from_micros(self.up)
    }

    pub(crate) fn run_ms(&mut self, ms: u64) {
        let end = self.up + ms * 1_000;
        loop {
            self.exchange();
            let due = self.wire.front().map(|(due, _)| *due);
            let due = due
                .into_iter()
                .chain(self.bus.poll_timeout().map(Uptime::micros))
                .min();
            let next = due.unwrap_or(end).max(self.up + 1);
            if next > end {
                break;
            }
            self.up = next;
            self.wakes += 1;
            self.bus.handle_timeout(self.now());
        }
        self.up = end;
    }

    /// Bytes on the wire, whoever sent them.
    pub(crate) fn inject(&mut self, bytes: &[u8]) {
        self.bus.handle_bytes(bytes, self.now());
        self.exchange();
    }

    pub(crate) fn seat(&mut self, reader: usize) -> &mut Seat {
        &mut self.seats[reader]
    }

    /// Another reader with this key is put in a reader's place.
    pub(crate) fn replace(&mut self, reader: usize, key: Option<Scbk>) {
        self.seats[reader].pd = pd(reader, key);
    }

    /// Another reader with this key and serial number is put in a reader's place.
    pub(crate) fn swap(&mut self, reader: usize, key: Scbk, serial: u32) {
        self.seats[reader].pd = pd_of(reader, Some(key), serial);
    }

    /// The same reader, started again with other firmware.
    pub(crate) fn update(&mut self, reader: usize, key: Scbk, firmware: [u8; 3]) {
        let serial = u32::try_from(reader).unwrap();
        self.seats[reader].pd = pd_with(reader, Some(key), (serial, firmware));
    }

    /// The address of the last frame sent.
    pub(crate) fn last_asked(&self) -> u8 {
        self.sent.last().unwrap().1[2]
    }

    /// Every key sent to a reader; the second half says whether its security block was that of an encrypted command.
    pub(crate) fn keysets(&self) -> Vec<bool> {
        let keyset =
            |(_, frame): &(u64, Vec<u8>)| (code_of(frame) == 0x75).then(|| frame[7] == 0x17);
        self.sent.iter().filter_map(keyset).collect()
    }

    /// Every frame to a reader with a key is ID, CAP, a step of the handshake, or sealed.
    pub(crate) fn assert_nothing_in_clear(&self) {
        for (at, frame) in &self.sent {
            let block = if frame[5] & 8 == 0 { 0 } else { frame[7] };
            let code = code_of(frame);
            let may = matches!(
                (block, code),
                (0, 0x61 | 0x62) | (0x11, 0x76) | (0x13, 0x77) | (0x15 | 0x17, _)
            );
            assert!(may, "{at}: {frame:02x?}");
        }
    }

    pub(crate) fn show(&mut self, reader: usize) {
        self.seats[reader].pd.present_card(&CARD, 26).unwrap();
    }

    pub(crate) fn unlock(&mut self, reader: u8, ticket: u64) -> Result<(), reader_bus::BusError> {
        let expires = self.now() + std::time::Duration::from_secs(1);
        let order = Unlock {
            ticket,
            output: 0,
            inverted: false,
            time_100ms: 50,
            expires,
        };
        let taken = self.bus.unlock(ReaderIndex::new(reader), order);
        self.exchange();
        taken
    }

    /// When cards were told, and whether they were live.
    pub(crate) fn cards(&self) -> Vec<(u64, bool)> {
        let card = |(at, event): &(u64, BusEvent)| {
            if let BusEvent::Card { live, .. } = event {
                Some((*at, *live))
            } else {
                None
            }
        };
        self.events.iter().filter_map(card).collect()
    }

    /// How often exactly this happened.
    pub(crate) fn count(&self, wanted: &BusEvent) -> usize {
        self.events
            .iter()
            .filter(|(_, event)| event == wanted)
            .count()
    }

    fn exchange(&mut self) {
        loop {
            let now = self.now();
            let mut moved = false;
            while let Some(frame) = self.bus.poll_transmit(now) {
                let frame = frame.to_vec();
                self.sent.push((self.up, frame.clone()));
                if self.echo {
                    self.wire.push_back((self.up, frame.clone()));
                }
                self.hear(&frame);
                moved = true;
            }
            while let Some((_, bytes)) = self.wire.pop_front_if(|(due, _)| *due <= self.up) {
                self.bus.handle_bytes(&bytes, now);
                moved = true;
            }
            while let Some(event) = self.bus.poll_event() {
                if let BusEvent::FileWanted {
                    reader,
                    ticket,
                    piece: (offset, len),
                } = event
                {
                    let from = usize::try_from(offset).unwrap();
                    let piece = &self.file[from..from + usize::from(len)];
                    self.bus.serve_file(reader, ticket, (offset, piece));
                    moved = true;
                }
                self.events.push((self.up, event));
            }
            if !moved {
                return;
            }
        }
    }

    fn hear(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let taken = self.scanner.feed(bytes);
            bytes = &bytes[taken..];
            while let Some(frame) = self.scanner.next_frame() {
                for seat in self.seats.iter_mut().filter(|seat| seat.plugged) {
                    self.rnd_b += 1;
                    let mut reply = [0; REPLY_LEN_MAX];
                    let Some(len) =
                        seat.pd
                            .handle_frame(&frame, self.rnd_b.to_be_bytes(), &mut reply)
                    else {
                        continue;
                    };
                    let reply = [&[MARK], &reply[..len]].concat();
                    let arrives = match self.fate.pop_front().unwrap_or(Fate::Arrives) {
                        Fate::Arrives => Some(reply),
                        Fate::Lost => None,
                        Fate::Flipped(at) => {
                            let mut reply = reply;
                            let at = at % reply.len();
                            reply[at] ^= 0x04;
                            Some(reply)
                        }
                        Fate::Replaced(other) => Some(other),
                    };
                    if let Some(reply) = arrives {
                        self.replies.push(reply.clone());
                        self.wire.push_back((self.up + self.turnaround, reply));
                    }
                }
            }
        }
        for (at, seat) in (0..).zip(&mut self.seats) {
            while let Some(event) = seat.pd.poll_event() {
                if let PdEvent::Output(control) = event {
                    self.outs.push((self.up, at));
                    self.thrown.push((control.output, control.action));
                }
                if let PdEvent::FilePiece { total, offset, .. } = event {
                    self.flash.truncate(usize::try_from(offset).unwrap());
                    self.flash.extend_from_slice(seat.pd.attached());
                    if self.flash.len() == usize::try_from(total).unwrap() {
                        seat.pd.report_file(FileDetail::Processed);
                    }
                }
            }
        }
    }
}

fn pd(at: usize, key: Option<Scbk>) -> Pd {
    pd_of(at, key, u32::try_from(at).unwrap())
}

fn pd_of(at: usize, key: Option<Scbk>, serial: u32) -> Pd {
    pd_with(at, key, (serial, [1, 0, 0]))
}

fn pd_with(at: usize, key: Option<Scbk>, (serial, firmware): (u32, [u8; 3])) -> Pd {
    let id = PdId {
        vendor: [2, 0, 0],
        model: 1,
        version: 1,
        serial,
        firmware,
    };
    let install_mode = key.as_ref().is_some_and(Scbk::is_default);
    let key = key.filter(|_| !install_mode);
    Pd::new(PdConfig {
        address: address(at),
        id,
        capabilities: CAPABILITIES,
        key,
        install_mode,
    })
}

fn address(at: usize) -> Address {
    Address::new(u8::try_from(at).unwrap()).unwrap()
}

/// The code of a frame the bus sent; it is never encrypted. A security block says its own length, the code stands behind it.
pub(crate) fn code_of(frame: &[u8]) -> u8 {
    let block_len = if frame[5] & 8 == 0 { 0 } else { frame[6] };
    frame[6 + usize::from(block_len)]
}

/// A card of 26 bits.
pub(crate) const CARD: [u8; 4] = [0x80, 0x80, 0x00, 0x80];

const CAPABILITIES: &[Capability] = &[
    can(Function::CONTACTS, 1, 2),
    can(Function::OUTPUTS, 4, 2),
    can(Function::CARD_FORMAT, 1, 0),
    can(Function::LEDS, 4, 1),
    can(Function::BUZZER, 2, 1),
    can(Function::CRC, 1, 0),
    can(Function::SECURITY, 1, 0),
];

const fn can(function: Function, compliance: u8, count: u8) -> Capability {
    Capability {
        function,
        compliance,
        count,
    }
}
