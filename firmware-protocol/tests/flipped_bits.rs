//! No flipped bit goes unnoticed: one or two in any frame, one in a sealed frame even by somebody who mends the check.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use firmware_protocol::secure::{AcuHandshake, Header, PdHandshake, Scbk, SecureError, Session};
use firmware_protocol::{Address, Check, Direction, Frame, Scanner, Sequence};

/// Frames of all shapes, each with its CRC.
const GOLDEN: [&[u8]; 6] = [
    // POLL, reader 0.
    &[0x53, 0x00, 0x08, 0x00, 0x05, 0x60, 0xDA, 0x99],
    // ID, reader 0, of annex E.
    &[0x53, 0x00, 0x09, 0x00, 0x04, 0x61, 0x00, 0xC0, 0x66],
    // COMSET to the configuration address, of annex E.
    &[
        0x53, 0x7F, 0x0D, 0x00, 0x04, 0x6E, 0x00, 0x80, 0x25, 0x00, 0x00, 0x6E, 0x38,
    ],
    // RAW from reader 0: 26 bits.
    &[
        0x53, 0x80, 0x10, 0x00, 0x05, 0x50, 0x00, 0x01, 0x1A, 0x00, 0x80, 0x98, 0x1C, 0xC0, 0x53,
        0xF1,
    ],
    // OUT to reader 6: output 0 on for 3.0 s.
    &[
        0x53, 0x06, 0x0C, 0x00, 0x06, 0x68, 0x00, 0x05, 0x1E, 0x00, 0x19, 0xC5,
    ],
    // BUSY from reader 0.
    &[0x53, 0x80, 0x08, 0x00, 0x04, 0x79, 0x23, 0x0B],
];

fn flip(octets: &mut [u8], bit: usize) {
    octets[bit / 8] ^= 1 << (bit % 8);
}

/// A frame that decodes although a bit is flipped must differ in the kind of check, which whoever asked compares.
#[track_caller]
fn must_be_noticed(golden: &Frame<'_>, flipped: &[u8]) {
    if let Ok(frame) = Frame::decode(flipped) {
        assert_ne!(frame.check, golden.check, "{flipped:02x?}");
    }
}

#[test]
fn one_or_two_flipped_bits_are_noticed_in_every_golden_frame() {
    for octets in GOLDEN {
        let golden = Frame::decode(octets).unwrap();
        let mut flipped = octets.to_vec();
        for first in 0..octets.len() * 8 {
            flip(&mut flipped, first);
            assert!(Frame::decode(&flipped).is_err(), "bit {first}");
            for second in first + 1..octets.len() * 8 {
                flip(&mut flipped, second);
                must_be_noticed(&golden, &flipped);
                flip(&mut flipped, second);
            }
            flip(&mut flipped, first);
        }
    }
}

#[test]
fn after_a_flipped_frame_the_next_one_is_found() {
    for octets in GOLDEN {
        for bit in 0..octets.len() * 8 {
            let mut flipped = octets.to_vec();
            flip(&mut flipped, bit);
            let mut scanner = Scanner::new();
            scanner.feed(&flipped);
            assert!(scanner.next_frame().is_none());
            scanner.reset();
            assert!(scanner.next_frame().is_none());
            scanner.feed(octets);
            assert_eq!(scanner.next_frame(), Frame::decode(octets).ok());
        }
    }
}

fn pair() -> (Session, Session) {
    let scbk = Scbk::new(*b"sixteen octets !");
    let acu = AcuHandshake::new(&scbk, [1; 8]);
    let (cryptogram, pd) = PdHandshake::challenged(&scbk, acu.challenge(), [2; 8], [3; 8]);
    let acu = acu.client_cryptogram(&cryptogram).unwrap();
    let (r_mac_i, pd) = pd.server_cryptogram(&acu.server_cryptogram()).unwrap();
    (acu.r_mac_i(&r_mac_i).unwrap(), pd)
}

#[test]
fn a_flipped_bit_in_a_sealed_frame_never_opens() {
    let header = Header {
        direction: Direction::Command,
        address: Address::new(6).unwrap(),
        sequence: Sequence::new(1).unwrap(),
        check: Check::Checksum,
    };
    for data in [&[][..], &[0x00, 0x05, 0x1E, 0x00]] {
        let mut sealed = [0; 64];
        let len = pair().0.seal(header, 0x68, data, &mut sealed).unwrap();
        let body = len - 1;
        for bit in 0..body * 8 {
            let mut flipped = sealed;
            flip(&mut flipped, bit);
            let sum = flipped[..body]
                .iter()
                .fold(0u8, |sum, octet| sum.wrapping_add(*octet));
            flipped[body] = sum.wrapping_neg();
            let Ok(frame) = Frame::decode(&flipped[..len]) else {
                continue;
            };
            let (mut pd, mut plain) = (pair().1, [0xEE; 64]);
            let refused = pd.open(&frame, &mut plain).unwrap_err();
            assert_eq!(plain, [0xEE; 64]);
            let harmless = [SecureError::Direction, SecureError::OutOfTurn].contains(&refused);
            assert!(pd.is_dead() || harmless, "bit {bit}: {refused}");
        }
    }
}
