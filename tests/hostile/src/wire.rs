//! Bodies of fuzz targets for what comes over a line: frames of OSDP, pushed lines, Modbus.

use std::time::Duration;

use building_sim::ModbusUnits;
use firmware_protocol::pd::{Pd, PdConfig, PdEvent, REPLY_LEN_MAX};
use firmware_protocol::reply::{Capability, Function, PdId};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, MARK, Scanner};
use reader_bus::{
    AsciiConfig, AsciiLine, Bus, BusEvent, CardMap, Coil, Entropy, Justified, LineConfig, Meaning,
    ModbusLine, Pattern, ReaderConfig, ReaderIndex, ReaderState, Registers, Security, UnitMap,
    Unlock, Uptime,
};

const KEY: [u8; 16] = [7, 1, 9, 4, 200, 13, 77, 2, 91, 5, 66, 31, 8, 250, 3, 99];
const CARD: [u8; 4] = [0x80, 0x80, 0x00, 0x80];

/// Frames are the same wherever the octets are split, and every octet is either in a frame or counted.
pub fn scanner(octets: &[u8]) {
    let frames = |pieces: &mut dyn Iterator<Item = &[u8]>| {
        let mut scanner = Scanner::new();
        let mut frames = Vec::new();
        for piece in pieces {
            let mut rest = piece;
            while !rest.is_empty() {
                let taken = scanner.feed(rest);
                while let Some(frame) = scanner.next_frame() {
                    frames.push((frame.address.get(), frame.code, frame.data.to_vec()));
                }
                rest = &rest[taken..];
            }
        }
        (frames, scanner.counts())
    };
    let whole = frames(&mut std::iter::once(octets));
    let single = frames(&mut octets.chunks(1));
    assert_eq!(whole, single);
}

/// A reader's machine answers within its room, and takes no key and no order from whoever does not know its key.
pub fn reader(octets: &[u8]) {
    let mut pd = keyed_reader();
    let mut scanner = Scanner::new();
    let mut rest = octets;
    while !rest.is_empty() {
        let taken = scanner.feed(rest);
        rest = &rest[taken..];
        while let Some(frame) = scanner.next_frame() {
            let mut reply = [0; REPLY_LEN_MAX];
            let len = pd.handle_frame(&frame, [1; 8], &mut reply).unwrap_or(0);
            assert!(len <= REPLY_LEN_MAX);
        }
        while let Some(event) = pd.poll_event() {
            assert!(
                !matches!(
                    event,
                    PdEvent::Output(_) | PdEvent::KeySet(_) | PdEvent::SessionUp
                ),
                "{event:?}"
            );
        }
    }
}

/// A line with a hostile reader tells no card that nobody showed, grows nowhere, and serves a sound reader afterwards.
pub fn controller(script: &[u8]) {
    let mut wire = Wire::new();
    for step in script.chunks(3) {
        let [how, at, with] = [0, 1, 2].map(|place| step.get(place).copied().unwrap_or(0));
        wire.step(how, at, with);
        wire.drain(false);
    }
    wire.sound();
}

/// A pushed line means the same at any split, and reads the next card after a silence.
pub fn ascii_line(octets: &[u8]) {
    let (choice, octets) = octets.split_first().unwrap_or((&0, &[]));
    let own = Pattern::new("'ID=' any:1 dec:1-8 <0x3B>", Meaning::Bits(24)).expect("a pattern");
    let patterns = match choice % 4 {
        0 => AsciiConfig::default().patterns,
        1 => vec![Pattern::stx_etx()],
        2 => vec![Pattern::stx_cr(), Pattern::hex_cr()],
        _ => vec![own],
    };
    let read = |pieces: &mut dyn Iterator<Item = &[u8]>| {
        let config = AsciiConfig {
            patterns: patterns.clone(),
            ..AsciiConfig::default()
        };
        let mut line = AsciiLine::new(config).expect("a line");
        line.line_up(Uptime::START);
        pieces.for_each(|piece| line.handle_bytes(piece, Uptime::from_micros(1)));
        let told: Vec<BusEvent> = std::iter::from_fn(|| line.poll_event()).collect();
        (told, line)
    };
    let (whole, mut line) = read(&mut std::iter::once(octets));
    assert!(whole == read(&mut octets.chunks(1)).0);
    line.handle_timeout(Uptime::from_micros(1_000_000));
    assert!(line.poll_timeout().is_none());
    let good: &[u8] = match choice % 4 {
        0 => b"013039\r",
        1 => b"\x0262E3086CED08\x03",
        2 => b"\x02ABCD\r",
        _ => b"ID=x7;",
    };
    while line.poll_event().is_some() {}
    line.handle_bytes(good, Uptime::from_micros(20_000_000));
    assert!(matches!(line.poll_event(), Some(BusEvent::Card { .. })));
}

/// As [`controller`], for a Modbus line.
pub fn modbus_line(script: &[u8]) {
    let mut line = modbus();
    let mut units = ModbusUnits::new(&[1]);
    let mut up = 0;
    line.line_up(Uptime::START);
    type Meddle<'a> = &'a mut dyn FnMut(Vec<u8>) -> Vec<u8>;
    let mut turn = |line: &mut ModbusLine, units: &mut ModbusUnits, meddle: Meddle<'_>| {
        let due = line.poll_timeout().map_or(up + 1_000, Uptime::micros);
        up = due.max(up + 500);
        let now = Uptime::from_micros(up);
        line.handle_timeout(now);
        if let Some(frame) = line.poll_transmit(now) {
            let frame = frame.to_vec();
            let answer = meddle(units.handle_bytes(&frame));
            line.handle_bytes(&answer, now);
        }
        let told: Vec<BusEvent> = std::iter::from_fn(|| line.poll_event()).collect();
        (told, up)
    };
    let is_card = |event: &BusEvent| matches!(event, BusEvent::Card { live: true, .. });
    for step in script.chunks(3) {
        let [how, at, with] = [0, 1, 2].map(|place| step.get(place).copied().unwrap_or(0));
        let (told, now) = turn(&mut line, &mut units, &mut |answer| {
            meddled(answer, how, at, with)
        });
        // Sixteen bits of CRC are all that Modbus has: a reading made up with the right one is believed.
        assert!(how % 8 == 7 || !told.iter().any(is_card), "{told:?}");
        let unlock = Unlock {
            ticket: 1,
            output: 0,
            inverted: false,
            time_100ms: 5,
            expires: Uptime::from_micros(now + 100),
        };
        line.unlock(ReaderIndex::new(0), unlock).ok();
    }
    let online = Some(ReaderState::Online);
    let state = |line: &ModbusLine| line.stats(ReaderIndex::new(0)).map(|stats| stats.state);
    for _ in 0..2_000 {
        if state(&line) == online {
            break;
        }
        turn(&mut line, &mut units, &mut |answer| answer);
    }
    assert_eq!(state(&line), online, "never served");
    // What was made up may still be told as the first reading; the card behind it is told for certain.
    for _ in 0..20 {
        turn(&mut line, &mut units, &mut |answer| answer);
    }
    units.present(1, &CARD, 26);
    let told = (0..200).any(|_| {
        let (told, _) = turn(&mut line, &mut units, &mut |answer| answer);
        told.iter().any(is_card)
    });
    assert!(told, "the card was never told");
}

/// An answer as a hostile wire delivers it.
fn meddled(mut answer: Vec<u8>, how: u8, at: u8, with: u8) -> Vec<u8> {
    let at = usize::from(at);
    match how % 8 {
        0 => return Vec::new(),
        1 => answer.truncate(at),
        2 | 3 => {
            if let Some(octet) = answer.get_mut(at) {
                *octet ^= with;
            }
        }
        4 => answer.insert(at.min(answer.len()), with),
        5 => answer.extend_from_within(..),
        6 => answer
            .splice(..0, std::iter::repeat_n(with, at))
            .for_each(drop),
        _ => {}
    }
    answer
}

/// One bus, one sound reader, and whoever sits between them.
struct Wire {
    bus: Bus,
    pd: Pd,
    scanner: Scanner,
    up: u64,
    draws: u64,
    shown: usize,
    told: usize,
}

impl Wire {
    fn new() -> Self {
        let readers = vec![ReaderConfig {
            address: address(),
            security: Security::Keyed(Scbk::new(KEY)),
        }];
        let config = LineConfig {
            baud: 115_200,
            ..LineConfig::default()
        };
        let mut bus = Bus::new(config, readers, Box::new(Counter(0))).expect("a line");
        bus.line_up(Uptime::START);
        Self {
            bus,
            pd: keyed_reader(),
            scanner: Scanner::new(),
            up: 0,
            draws: 0,
            shown: 0,
            told: 0,
        }
    }

    fn now(&self) -> Uptime {
        Uptime::from_micros(self.up)
    }

    /// One turn: time passes, a question may leave, and what the wire makes of the answer comes back.
    fn step(&mut self, how: u8, at: u8, with: u8) {
        let due = self.bus.poll_timeout().map_or(self.up, Uptime::micros);
        self.up = due.max(self.up + 200);
        let now = self.now();
        self.bus.handle_timeout(now);
        let mut answer = Vec::new();
        while let Some(frame) = self.bus.poll_transmit(now) {
            let frame = frame.to_vec();
            answer.extend(self.answer(&frame));
        }
        let heard = meddled(answer, how, at, with);
        self.up += 100;
        let now = self.now();
        self.bus.handle_bytes(&heard, now);
        if how & 0x80 != 0 {
            let unlock = Unlock {
                ticket: self.up,
                output: 0,
                inverted: false,
                time_100ms: 5,
                expires: now + Duration::from_millis(50),
            };
            // A reader that is not in service takes none.
            self.bus.unlock(ReaderIndex::new(0), unlock).ok();
        }
    }

    fn answer(&mut self, mut bytes: &[u8]) -> Vec<u8> {
        let mut answers = Vec::new();
        while !bytes.is_empty() {
            let taken = self.scanner.feed(bytes);
            bytes = &bytes[taken..];
            while let Some(frame) = self.scanner.next_frame() {
                self.draws += 1;
                let mut reply = [0; REPLY_LEN_MAX];
                let rnd_b = self.draws.to_be_bytes();
                if let Some(len) = self.pd.handle_frame(&frame, rnd_b, &mut reply) {
                    answers.push(MARK);
                    answers.extend_from_slice(&reply[..len]);
                }
            }
        }
        while self.pd.poll_event().is_some() {}
        answers
    }

    fn drain(&mut self, sound: bool) {
        let mut events = 0;
        while let Some(event) = self.bus.poll_event() {
            events += 1;
            if matches!(event, BusEvent::Card { .. } | BusEvent::Keys { .. }) {
                self.told += 1;
                assert!(sound && self.told <= self.shown, "a card nobody showed");
            }
        }
        assert!(events <= 300, "{events} events in one turn");
    }

    /// From now on nobody meddles: the reader comes into service, and a card is told.
    fn sound(&mut self) {
        let is_served = (0..10_000).any(|_| {
            self.turn();
            let stats = self.bus.stats(ReaderIndex::new(0));
            stats.is_some_and(|stats| stats.state == ReaderState::Online && stats.polls > 0)
        });
        assert!(is_served, "never served");
        self.shown += 1;
        self.pd.present_card(&CARD, 26).expect("room");
        let is_told = (0..10_000).any(|_| {
            self.turn();
            self.told > 0
        });
        assert!(is_told, "the card was never told");
    }

    /// A turn in which nobody meddles.
    fn turn(&mut self) {
        self.step(7, 0, 0);
        self.drain(true);
    }
}

fn modbus() -> ModbusLine {
    let unit = UnitMap {
        address: 1,
        card: Some(CardMap {
            table: Registers::Input,
            sequence: 0,
            bit_count: 1,
            data: 2,
            words: 4,
            justified: Justified::Left,
            low_word_first: false,
        }),
        keys: None,
        inputs: None,
        coils: vec![Coil {
            number: 0,
            timed: false,
        }],
    };
    ModbusLine::new(LineConfig::default(), vec![unit]).expect("a line")
}

fn keyed_reader() -> Pd {
    let capabilities: &'static [Capability] = &[
        Capability {
            function: Function::OUTPUTS,
            compliance: 4,
            count: 2,
        },
        Capability {
            function: Function::SECURITY,
            compliance: 1,
            count: 0,
        },
    ];
    Pd::new(PdConfig {
        address: address(),
        id: PdId {
            vendor: [2, 0, 1],
            model: 1,
            version: 1,
            serial: 1,
            firmware: [1, 0, 0],
        },
        capabilities,
        key: Some(Scbk::new(KEY)),
        install_mode: false,
    })
}

fn address() -> Address {
    Address::new(0).expect("an address")
}

struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, octets: &mut [u8]) {
        for octet in octets {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *octet = self.0.to_be_bytes()[0];
        }
    }
}
