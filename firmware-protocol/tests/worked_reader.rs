//! `examples/reader.rs` on a pseudo-terminal, with a controller at the other end.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};

use firmware_protocol::command::{OutputAction, OutputControl, RndA};
use firmware_protocol::reply::ClientCryptogram;
use firmware_protocol::secure::{AcuHandshake, Scbk, Session};
use firmware_protocol::{
    Address, Check, Command, Direction, FRAME_LEN_MAX, Frame, Header, MARK, Records, Scanner,
    SecurityBlock, Sequence,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

#[test]
fn the_worked_reader_shows_a_card_and_obeys() {
    let mut acu = Acu::with_line();
    let mut reader = Reader(acu.start_reader());
    acu.begin_session();
    assert_eq!(acu.ask(&Command::Poll), (0x40, vec![]));

    let mut said = BufReader::new(reader.0.stdout.take().unwrap()).lines();
    assert_eq!(said.next().unwrap().unwrap(), "SessionUp");
    reader.0.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert_eq!(said.next().unwrap().unwrap(), "card shown: Ok(())");
    let card = [0, 0, 26, 0, 0x80, 0x98, 0x1C, 0xC0];
    assert_eq!(acu.ask(&Command::Poll), (0x50, card.to_vec()));

    let unlock = [OutputControl {
        output: 0,
        action: OutputAction::TimedOn,
        time_100ms: 30,
    }];
    let out = Command::Out(Records::new(&unlock).unwrap());
    assert_eq!(acu.ask(&out), (0x40, vec![]));
    assert!(said.next().unwrap().unwrap().starts_with("Output("));
}

/// The reader's process, ended with the test.
struct Reader(Child);

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// The controller's end of the line.
struct Acu {
    line: File,
    scanner: Scanner,
    sequence: Sequence,
    session: Option<Session>,
}

impl Acu {
    fn with_line() -> Self {
        let line = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&line).unwrap();
        unlockpt(&line).unwrap();
        Self {
            line: File::from(line),
            scanner: Scanner::new(),
            sequence: Sequence::RESET,
            session: None,
        }
    }

    /// Builds the example and waits until it has opened the line: it speaks of nothing, but it answers.
    fn start_reader(&mut self) -> Child {
        let path = ptsname(&self.line, Vec::new()).unwrap();
        let cargo = |verb: &str| {
            let mut cargo = std::process::Command::new(env!("CARGO"));
            cargo
                .args([verb, "-q", "--example", "reader", "--manifest-path"])
                .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
            cargo
        };
        assert!(cargo("build").status().unwrap().success());
        let reader = cargo("run")
            .args(["--", path.to_str().unwrap(), KEY_HEX])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let asked = (0..ATTEMPTS_MAX).any(|_| {
            self.sequence = Sequence::RESET;
            self.try_exchange(SecurityBlock::SCS_15, &Command::Id)
                .is_some()
        });
        assert!(asked, "the reader does not answer");
        reader
    }

    fn begin_session(&mut self) {
        let acu = AcuHandshake::new(&Scbk::new(*KEY), [0xA0; 8]);
        let challenge = Command::Challenge(RndA(acu.challenge()));
        let (_, data) = self
            .try_exchange(SecurityBlock::SCS_11, &challenge)
            .unwrap();
        let acu = acu
            .client_cryptogram(&ClientCryptogram::decode(&data).unwrap())
            .unwrap();
        let cryptogram = Command::ServerCryptogram(acu.server_cryptogram());
        let (_, data) = self
            .try_exchange(SecurityBlock::SCS_13, &cryptogram)
            .unwrap();
        self.session = Some(acu.r_mac_i(&data.try_into().unwrap()).unwrap());
    }

    fn ask(&mut self, command: &Command<'_>) -> (u8, Vec<u8>) {
        self.try_exchange(SecurityBlock::SCS_15, command).unwrap()
    }

    /// One command and its answer, sealed, in clear or in the handshake; `None` if none comes in time.
    fn try_exchange(&mut self, kind: u8, command: &Command<'_>) -> Option<(u8, Vec<u8>)> {
        let (mut data, mut out) = ([0; 64], [0; 128]);
        let len = command.encode(&mut data).unwrap();
        let data = &data[..len];
        let header = Header {
            direction: Direction::Command,
            address: Address::new(0).unwrap(),
            sequence: self.sequence,
            check: Check::Crc,
        };
        let block = SecurityBlock { kind, data: &[1] };
        let len = match &mut self.session {
            Some(session) => session
                .seal(header, command.code(), data, &mut out)
                .unwrap(),
            None if kind == SecurityBlock::SCS_15 => Frame::plain(header, command.code(), data)
                .encode(&mut out)
                .unwrap(),
            None => Frame::handshake(header, block, command.code(), data)
                .encode(&mut out)
                .unwrap(),
        };
        self.sequence = self.sequence.next();
        self.line.write_all(&[MARK]).unwrap();
        self.line.write_all(&out[..len]).unwrap();
        self.hear()
    }

    fn hear(&mut self) -> Option<(u8, Vec<u8>)> {
        let (mut buffer, mut plain) = ([0; 256], [0; FRAME_LEN_MAX]);
        for _ in 0..READS_MAX {
            let patience = Timespec {
                tv_sec: 1,
                tv_nsec: 0,
            };
            let mut waiting = [PollFd::new(&self.line, PollFlags::IN)];
            if poll(&mut waiting, Some(&patience)).unwrap() == 0 {
                return None;
            }
            let len = self.line.read(&mut buffer).unwrap_or(0); // an error until the reader has opened its end
            self.scanner.feed(&buffer[..len]);
            let Some(frame) = self.scanner.next_frame() else {
                continue;
            };
            if frame.direction == Direction::Command {
                continue; // the terminal echoes until the reader has made it raw
            }
            return Some(match &mut self.session {
                Some(session) => {
                    let opened = session.open(&frame, &mut plain).unwrap();
                    (opened.code, opened.data.to_vec())
                }
                None => (frame.code, frame.data.to_vec()),
            });
        }
        None
    }
}

const KEY: &[u8; 16] = b"sixteen octets !";
const KEY_HEX: &str = "7369787465656e206f63746574732021";
/// Reads a reply may come in; a reader that has ended makes them empty.
const READS_MAX: usize = 1_000;
/// Seconds the example may take to start.
const ATTEMPTS_MAX: usize = 20;
