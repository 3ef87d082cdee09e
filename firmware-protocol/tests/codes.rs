//! Every code that a controller must know, should know or must tolerate is one of ours, at both ends.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::collections::BTreeSet;

use firmware_protocol::{Command, Reply};
use serde_json::Value;

const COMMANDS: &[u8] = &[
    0x60, 0x61, 0x62, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6E, 0x75, 0x76, 0x77, 0x7B,
    0x7C, 0x80, 0xA2, 0xA7,
];
const REPLIES: &[u8] = &[
    0x40, 0x41, 0x45, 0x46, 0x48, 0x49, 0x4A, 0x4B, 0x50, 0x53, 0x54, 0x76, 0x78, 0x79, 0x7A, 0x90,
];
const TOLERATED: &[u8] = &[0x51, 0x59];

/// The codes that have annotated octets in the vectors.
fn annotated(side: &str) -> BTreeSet<u8> {
    let text = include_str!("../vectors/messages.json");
    let vectors: Value = serde_json::from_str(text).unwrap();
    let mut codes = BTreeSet::new();
    for vector in vectors["messages"].as_array().unwrap() {
        if vector["from"] == side {
            let code = vector["code"].as_str().unwrap();
            codes.insert(u8::from_str_radix(code, 16).unwrap());
            let fields = vector["data"].as_array().unwrap();
            let is_told = |field: &Value| field["is"].as_str().is_some_and(|said| !said.is_empty());
            assert!(fields.iter().all(is_told), "{vector}");
        }
    }
    codes
}

#[test]
fn every_code_has_its_octets_and_every_field_its_comment() {
    let (commands, replies) = (annotated("acu"), annotated("pd"));
    for code in COMMANDS {
        assert!(commands.contains(code), "command {code:02X}");
    }
    for code in REPLIES {
        assert!(replies.contains(code), "reply {code:02X}");
    }
}

#[test]
fn every_code_we_know_is_decoded_as_itself() {
    let data = [1; 32];
    for code in COMMANDS {
        let unknown = matches!(Command::decode(*code, &data), Ok(Command::Unknown { .. }));
        assert!(!unknown, "command {code:02X}");
    }
    for code in REPLIES {
        let unknown = matches!(Reply::decode(*code, &data), Ok(Reply::Unknown { .. }));
        assert!(!unknown, "reply {code:02X}");
    }
}

#[test]
fn what_is_tolerated_is_a_value_and_no_error() {
    for code in TOLERATED {
        let reply = Reply::decode(*code, &[1, 2, 3]).unwrap();
        assert_eq!(reply.code(), *code);
    }
}
