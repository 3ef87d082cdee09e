//! Records libosdp's controller talking to libosdp's reader, as vectors for `firmware-protocol`.
//!
//! `cargo run --bin record_sessions -- ../../firmware-protocol/vectors`

use std::io;
use std::path::PathBuf;

use peers::record::{Security, Sender, Sent, session};
use serde_json::{Value, json};

/// Not a key of anything: drawn once for these files.
const KEY: [u8; 16] = [
    0x5A, 0x21, 0x0C, 0x93, 0x44, 0xE7, 0x18, 0x6B, 0xD0, 0x3F, 0x72, 0xA9, 0x0E, 0xB5, 0xC8, 0x17,
];

const ADDRESS: u8 = 5;

fn main() -> io::Result<()> {
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(PathBuf::new, PathBuf::from);
    let sessions = [
        (
            "libosdp-keyed.json",
            "handshake with a key both ends know, polls, LED, buzzer, output, two cards, four keys",
            Security::Keyed(KEY),
        ),
        (
            "libosdp-install.json",
            "handshake refused with the key, made with the default key, KEYSET inside it, handshake \
             with the new key, then as in libosdp-keyed.json",
            Security::Installing(KEY),
        ),
    ];
    for (name, about, security) in sessions {
        let text = format!("{:#}\n", document(about, &session(ADDRESS, security)?));
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}

fn document(about: &str, frames: &[Sent]) -> Value {
    json!({
        "about": about,
        "source": "recorded by tests/peers with crate libosdp 0.2.2 (C core 3.2.7) at both ends",
        "fields": {
            "address": "the reader's OSDP address, decimal",
            "scbk": "Secure Channel base key, 16 octets, hex",
            "frames[].from": "acu: the controller; pd: the reader",
            "frames[].octets": "the frame as on the wire, mark octet FF first, hex",
            "frames[].code": "the command or reply code in it, hex, never encrypted",
            "said[]": "what was asked of either end, in order of sending; polls and set-up left out",
            "said[].data": "the data octets before encryption, hex, laid out by hand from the standard"
        },
        "address": ADDRESS,
        "scbk": hex(&KEY),
        "frames": frames.iter().map(frame).collect::<Vec<_>>(),
        "said": [
            said("acu", "69", "LED 0, temporary, 500 ms on, green, 3 s", "0000 02050002001e00 0000000000"),
            said("acu", "6a", "buzzer on, 100 ms on, 100 ms off, twice", "00 02 01 01 02"),
            said("acu", "68", "output 0 on for 5 s", "00 05 3200"),
            said("pd", "50", "26-bit card, H10301 facility 1 number 12345", "00 01 1a00 80981cc0"),
            said("pd", "50", "56-bit serial number", "00 01 3800 04a1b2c3d4e580"),
            said("pd", "53", "keys 1 2 3 4", "00 04 31323334"),
        ],
    })
}

fn frame(sent: &Sent) -> Value {
    let from = match sent.sender {
        Sender::Acu => "acu",
        Sender::Pd => "pd",
    };
    json!({ "from": from, "code": hex(&[code(&sent.octets)]), "octets": hex(&sent.octets) })
}

fn said(from: &str, code: &str, what: &str, data: &str) -> Value {
    json!({ "from": from, "code": code, "what": what, "data": data.replace(' ', "") })
}

/// The code stands after the security block, whose first octet is its length.
fn code(octets: &[u8]) -> u8 {
    const CONTROL: usize = 5;
    let has_security_block = octets[CONTROL] & 0x08 != 0;
    let block = if has_security_block {
        usize::from(octets[CONTROL + 1])
    } else {
        0
    };
    octets[CONTROL + 1 + block]
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
