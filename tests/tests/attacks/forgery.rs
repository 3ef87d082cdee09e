//! Frames an attacker makes: replies in clear, and sealed ones changed on their way with the check put right.

use firmware_protocol::reply::ClientCryptogram;
use firmware_protocol::{Address, Direction, Frame, Header, MARK, SecurityBlock, Sequence};

use crate::hostile_line::Heard;

/// A reply in clear to this command.
pub fn clear(to: &Heard, code: u8, data: &[u8]) -> Vec<u8> {
    encoded(&Frame::plain(header(to), code, data))
}

/// A reader's proof of its key, in answer to this challenge.
pub fn proof(to: &Heard, cryptogram: &ClientCryptogram, key: u8) -> Vec<u8> {
    let mut data = [0; 64];
    let len = cryptogram.encode(&mut data).unwrap();
    let block = SecurityBlock {
        kind: SecurityBlock::SCS_12,
        data: &[key],
    };
    encoded(&Frame::handshake(header(to), block, CCRYPT, &data[..len]))
}

/// A frame, its octets changed by `change` (mark at 0), its CRC made right again.
pub fn changed(frame: &[u8], change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut octets = frame.to_vec();
    change(&mut octets);
    let end = octets.len() - 2;
    let crc = crc16(&octets[1..end]).to_le_bytes();
    octets[end..].copy_from_slice(&crc);
    octets
}

/// Whether this is a reply that brings a card; the code is never encrypted.
pub fn is_card(reply: &[u8]) -> bool {
    reply
        .get(1..)
        .and_then(|frame| Frame::decode(frame).ok())
        .is_some_and(|frame| frame.code == RAW)
}

/// The data of a RAW reply for a card.
pub fn raw(card: &([u8; 4], u16)) -> Vec<u8> {
    let [low, high] = card.1.to_le_bytes();
    [&[0, 1, low, high], &card.0[..]].concat()
}

fn header(to: &Heard) -> Header {
    Header {
        direction: Direction::Reply,
        address: Address::new(to.address).unwrap(),
        sequence: Sequence::new(to.sequence).unwrap(),
        check: to.check,
    }
}

fn encoded(frame: &Frame<'_>) -> Vec<u8> {
    let mut out = [0; 128];
    let len = frame.encode(&mut out).unwrap();
    [&[MARK], &out[..len]].concat()
}

/// CRC-16 of the standard, bit by bit: polynomial 1021, initial value 1D0F.
fn crc16(octets: &[u8]) -> u16 {
    octets.iter().fold(0x1D0F, |crc, octet| {
        (0..8).fold(crc ^ u16::from(*octet) << 8, |crc, _| {
            if crc & 0x8000 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x1021
            }
        })
    })
}

pub const POLL: u8 = 0x60;
pub const ID: u8 = 0x61;
pub const CAP: u8 = 0x62;
pub const OUT: u8 = 0x68;
pub const KEYSET: u8 = 0x75;
pub const CHLNG: u8 = 0x76;
pub const SCRYPT: u8 = 0x77;
pub const NAK: u8 = 0x41;
pub const PDID: u8 = 0x45;
pub const PDCAP: u8 = 0x46;
pub const RAW: u8 = 0x50;
pub const KEYPAD: u8 = 0x53;
pub const CCRYPT: u8 = 0x76;
pub const BUSY: u8 = 0x79;
