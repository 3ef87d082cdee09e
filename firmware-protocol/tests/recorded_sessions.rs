//! Sessions between a controller and a reader that others wrote, played again by both our ends.
//!
//! `vectors/libosdp-*.json` holds every frame. From the key and the two random numbers in it, our
//! handshake must arrive at the same cryptograms, and our sessions must open each frame and seal
//! its content to the same octets again: nothing in Secure Channel is free to differ.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::path::Path;

use firmware_protocol::command::{KeySet, RndA};
use firmware_protocol::reply::ClientCryptogram;
use firmware_protocol::secure::{
    AcuHandshake, AwaitRMac, HandshakeError, PdHandshake, Scbk, Session,
};
use firmware_protocol::{Command, Direction, FRAME_LEN_MAX, Frame, MARK, Reply, Scanner};
use serde_json::Value;

#[test]
fn the_keyed_session_is_understood_and_sealed_to_the_same_octets() {
    let recording = Recording::read("libosdp-keyed.json");
    let replay = recording.replay();
    assert_eq!(replay.said, recording.said);
    assert_eq!((replay.handshakes, replay.refusals), (1, 0));
}

#[test]
fn the_installed_session_is_understood_from_the_refusal_to_the_new_key() {
    let recording = Recording::read("libosdp-install.json");
    let replay = recording.replay();
    let (key_set, rest) = replay.said.split_first().unwrap();
    assert_eq!(rest, recording.said);
    let Ok(Command::KeySet(KeySet { key })) = Command::decode(key_set.code, &key_set.data) else {
        panic!("the first thing said is KEYSET, not {:02x}", key_set.code);
    };
    assert!(
        key == recording.scbk,
        "the key handed over is the one used afterwards"
    );
    assert_eq!((replay.handshakes, replay.refusals), (2, 1));
}

#[test]
fn a_scanner_finds_every_frame_however_the_line_delivers_them() {
    for name in ["libosdp-keyed.json", "libosdp-install.json"] {
        let recording = Recording::read(name);
        let wire: Vec<u8> = recording.frames.concat();
        for chunk_len in [1, 7, wire.len()] {
            let mut scanner = Scanner::new();
            let mut found = 0;
            for mut chunk in wire.chunks(chunk_len) {
                while !chunk.is_empty() {
                    chunk = &chunk[scanner.feed(chunk)..];
                    while let Some(frame) = scanner.next_frame() {
                        assert_eq!(encoded(&frame), recording.frames[found][1..]);
                        found += 1;
                    }
                }
            }
            assert_eq!(
                (found, scanner.counts().noise_octets),
                (recording.frames.len(), 0)
            );
        }
    }
}

/// One file of `vectors/`.
struct Recording {
    scbk: Scbk,
    frames: Vec<Vec<u8>>,
    said: Vec<Said>,
}

/// Something one end told the other, in clear.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    from: Direction,
    code: u8,
    data: Vec<u8>,
}

impl Recording {
    fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(VECTORS)
            .join(name);
        let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let listed = |key: &str| file[key].as_array().unwrap().clone();
        Self {
            scbk: Scbk::new(octets(&file["scbk"]).try_into().unwrap()),
            frames: listed("frames")
                .iter()
                .map(|frame| octets(&frame["octets"]))
                .collect(),
            said: listed("said").iter().map(Said::read).collect(),
        }
    }

    fn replay(&self) -> Replay {
        let mut replay = Replay::default();
        for octets in &self.frames {
            let (mark, octets) = octets.split_first().unwrap();
            assert_eq!(*mark, MARK);
            let frame = Frame::decode(octets).unwrap();
            match frame.security.map(|block| (block.kind, block.data)) {
                None => replay.plain(&frame),
                Some((0x11, [kind])) => replay.challenge(&frame, self.key(*kind)),
                Some((0x12, _)) => replay.client_cryptogram(&frame),
                Some((0x13, _)) => replay.server_cryptogram(&frame),
                Some((0x14, _)) => replay.initial_mac(&frame),
                Some((0x15..=0x18, [])) => replay.sealed(&frame, octets),
                Some((kind, _)) => panic!("security block {kind:02x}"),
            }
        }
        replay
    }

    /// The key a challenge names in its security block: 0 is SCBK-D, 1 is the reader's own.
    fn key(&self, kind: u8) -> Scbk {
        if kind == 0 {
            Scbk::DEFAULT
        } else {
            self.scbk.clone()
        }
    }
}

impl Said {
    fn read(value: &Value) -> Self {
        Self {
            from: match value["from"].as_str() {
                Some("acu") => Direction::Command,
                Some("pd") => Direction::Reply,
                other => panic!("from {other:?}"),
            },
            code: octets(&value["code"])[0],
            data: octets(&value["data"]),
        }
    }
}

/// Both our ends, led along a recording.
#[derive(Default)]
struct Replay {
    challenged: Option<(Scbk, AcuHandshake)>,
    answered: Option<(AwaitRMac, PdHandshake)>,
    awaiting: Option<(AwaitRMac, [u8; 16], Session)>,
    acu: Option<Session>,
    pd: Option<Session>,
    said: Vec<Said>,
    handshakes: usize,
    refusals: usize,
}

impl Replay {
    fn plain(&mut self, frame: &Frame<'_>) {
        match frame.direction {
            Direction::Command => drop(Command::decode(frame.code, frame.data).unwrap()),
            Direction::Reply => drop(Reply::decode(frame.code, frame.data).unwrap()),
        }
        assert!(
            self.acu.is_none(),
            "nothing goes in clear once a session stands"
        );
    }

    fn challenge(&mut self, frame: &Frame<'_>, key: Scbk) {
        let Ok(Command::Challenge(RndA(rnd_a))) = Command::decode(frame.code, frame.data) else {
            panic!("SCS_11 carries CHLNG");
        };
        let handshake = AcuHandshake::new(&key, rnd_a);
        assert_eq!(handshake.challenge(), rnd_a);
        self.challenged = Some((key, handshake));
        (self.acu, self.pd) = (None, None);
    }

    fn client_cryptogram(&mut self, frame: &Frame<'_>) {
        let Ok(Reply::ClientCryptogram(recorded)) = Reply::decode(frame.code, frame.data) else {
            panic!("SCS_12 carries CCRYPT");
        };
        let (key, acu) = self.challenged.take().unwrap();
        let ClientCryptogram {
            client_id, rnd_b, ..
        } = recorded;
        let (ours, pd) = PdHandshake::challenged(&key, acu.challenge(), rnd_b, client_id);
        match acu.client_cryptogram(&recorded) {
            Ok(awaiting) => {
                assert_eq!(ours, recorded);
                self.answered = Some((awaiting, pd));
            }
            Err(error) => {
                // The reader answered with another key than it was asked for.
                assert_eq!(error, HandshakeError::ClientCryptogram);
                assert_ne!(ours, recorded);
                self.refusals += 1;
            }
        }
    }

    fn server_cryptogram(&mut self, frame: &Frame<'_>) {
        let Ok(Command::ServerCryptogram(recorded)) = Command::decode(frame.code, frame.data)
        else {
            panic!("SCS_13 carries SCRYPT");
        };
        let (acu, pd) = self.answered.take().unwrap();
        assert_eq!(acu.server_cryptogram(), recorded);
        let (r_mac_i, session) = pd.server_cryptogram(&recorded).unwrap();
        self.awaiting = Some((acu, r_mac_i, session));
    }

    fn initial_mac(&mut self, frame: &Frame<'_>) {
        let Ok(Reply::RMacI(recorded)) = Reply::decode(frame.code, frame.data) else {
            panic!("SCS_14 carries RMAC_I");
        };
        let (acu, r_mac_i, pd) = self.awaiting.take().unwrap();
        assert_eq!(r_mac_i, recorded);
        (self.acu, self.pd) = (Some(acu.r_mac_i(&recorded).unwrap()), Some(pd));
        self.handshakes += 1;
    }

    /// One end opens the frame, the other seals what was in it.
    fn sealed(&mut self, frame: &Frame<'_>, recorded: &[u8]) {
        let (acu, pd) = (self.acu.as_mut().unwrap(), self.pd.as_mut().unwrap());
        let (sender, receiver) = match frame.direction {
            Direction::Command => (acu, pd),
            Direction::Reply => (pd, acu),
        };
        let mut plain = [0; FRAME_LEN_MAX];
        let opened = receiver.open(frame, &mut plain).unwrap();
        let mut sealed = [0; FRAME_LEN_MAX];
        let len = sender
            .seal(frame.header(), opened.code, opened.data, &mut sealed)
            .unwrap();
        assert_eq!(sealed[..len], *recorded);
        if ![POLL, ACK].contains(&opened.code) {
            self.said.push(Said {
                from: frame.direction,
                code: opened.code,
                data: opened.data.to_vec(),
            });
        }
    }
}

fn encoded(frame: &Frame<'_>) -> Vec<u8> {
    let mut out = [0; FRAME_LEN_MAX];
    let len = frame.encode(&mut out).unwrap();
    out[..len].to_vec()
}

fn octets(value: &Value) -> Vec<u8> {
    let hex = value.as_str().unwrap();
    assert!(hex.is_ascii() && hex.len().is_multiple_of(2));
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

const VECTORS: &str = "vectors";
const POLL: u8 = 0x60;
const ACK: u8 = 0x40;
