//! `vectors/messages.json`, which makers of readers check theirs with: every message of ours is in it, and every field of
//! it is ours, both ways.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

#[path = "messages/commands.rs"]
mod commands;
#[path = "messages/replies.rs"]
mod replies;

use std::collections::BTreeMap;

use firmware_protocol::multipart::Part;
use firmware_protocol::{Command, Direction, FRAME_LEN_MAX, Frame, Reply};
use serde_json::Value;

#[test]
fn every_command_is_read_and_written_as_the_vectors_say() {
    let mut vectors = vectors("acu");
    for (name, command) in commands::all() {
        let vector = vectors.remove(name).unwrap();
        let mut out = [0; 256];
        let len = command.encode(&mut out).unwrap();
        assert_eq!(
            (command.code(), &out[..len]),
            (vector.code, &vector.data[..]),
            "{name}"
        );
        assert_eq!(
            Command::decode(vector.code, &vector.data),
            Ok(command),
            "{name}"
        );
        vector.check_frame(Direction::Command);
    }
    assert!(vectors.is_empty(), "commands without a name: {vectors:?}");
}

#[test]
fn every_reply_is_read_and_written_as_the_vectors_say() {
    let mut vectors = vectors("pd");
    for (name, reply) in replies::all() {
        let vector = vectors.remove(name).unwrap();
        let mut out = [0; 256];
        let len = reply.encode(&mut out).unwrap();
        assert_eq!(
            (reply.code(), &out[..len]),
            (vector.code, &vector.data[..]),
            "{name}"
        );
        assert_eq!(
            Reply::decode(vector.code, &vector.data),
            Ok(reply),
            "{name}"
        );
        vector.check_frame(Direction::Reply);
    }
    assert!(vectors.is_empty(), "replies without a name: {vectors:?}");
}

#[test]
fn no_code_we_know_is_missing() {
    let listed = |from| {
        let mut codes: Vec<u8> = vectors(from).values().map(|vector| vector.code).collect();
        codes.sort_unstable();
        codes
    };
    let command = |code| !matches!(Command::decode(code, &[]), Ok(Command::Unknown { .. }));
    let reply = |code| !matches!(Reply::decode(code, &[]), Ok(Reply::Unknown { .. }));
    let known: Vec<u8> = (0..=u8::MAX).filter(|code| command(*code)).collect();
    assert_eq!(listed("acu"), known);
    let tolerated = |code: &u8| [0x51, 0x59].contains(code);
    let known: Vec<u8> = (0..=u8::MAX)
        .filter(|code| reply(*code) || tolerated(code))
        .collect();
    assert_eq!(listed("pd"), known);
}

#[test]
fn the_part_of_a_longer_message_is_a_part() {
    let vector = vectors("pd").remove("EXT_PDID").unwrap();
    let part = Part::decode(&vector.data).unwrap();
    assert_eq!(
        (part.total(), part.offset(), part.octets().len()),
        (300, 128, 2)
    );
}

/// One message of the file.
#[derive(Debug)]
struct Vector {
    code: u8,
    data: Vec<u8>,
    frame: Option<Vec<u8>>,
}

impl Vector {
    fn read(value: &Value) -> Self {
        let fields = value["data"].as_array().unwrap();
        let commented = |field: &Value| !field["is"].as_str().unwrap().is_empty();
        assert!(fields.iter().all(commented), "{value}");
        Self {
            code: octets(&value["code"])[0],
            data: fields.iter().flat_map(|f| octets(&f["octets"])).collect(),
            frame: value.get("frame").map(octets),
        }
    }

    /// The frame carries the message, and is written the same again.
    fn check_frame(&self, direction: Direction) {
        let Some(octets) = &self.frame else { return };
        let frame = Frame::decode(octets).unwrap();
        assert_eq!((frame.direction, frame.address.get()), (direction, 5));
        assert_eq!((frame.code, frame.data), (self.code, &self.data[..]));
        let mut out = [0; FRAME_LEN_MAX];
        let len = frame.encode(&mut out).unwrap();
        assert_eq!(out[..len], **octets);
    }
}

/// The messages of one end by name.
fn vectors(from: &str) -> BTreeMap<String, Vector> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/messages.json");
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    file["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|message| message["from"] == from)
        .map(|message| {
            let name = message["message"].as_str().unwrap();
            (name.to_owned(), Vector::read(message))
        })
        .collect()
}

fn octets(value: &Value) -> Vec<u8> {
    let hex = value.as_str().unwrap();
    assert!(hex.is_ascii() && hex.len().is_multiple_of(2));
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}
