//! What somebody answers who sits in a reader's place and does not know its key.

use firmware_protocol::{Direction, Frame, MARK};

use crate::dice::Dice;

/// An answer that was made to do harm; `honest` is what the reader would have said, `overheard` what was said on the line before.
pub(super) fn answer(
    asked: &Frame<'_>,
    honest: &[u8],
    overheard: &[Vec<u8>],
    dice: &mut Dice,
) -> Vec<u8> {
    match dice.below(8) {
        0 => noise(dice),
        1 => dice.pick(overheard).cloned().unwrap_or_default(),
        2 => in_clear(asked, RAW, &CARD),
        3 => in_clear(asked, NAK, &[u8::try_from(dice.below(10)).unwrap_or(0)]),
        4 => in_clear(asked, ACK, &[]),
        5 => [&[MARK], honest, &[MARK], honest].concat(),
        6 => meddled(honest, dice),
        _ => [in_clear(asked, RAW, &CARD), noise(dice)].concat(),
    }
}

/// A sound frame outside Secure Channel, from the address that was asked.
fn in_clear(asked: &Frame<'_>, code: u8, data: &[u8]) -> Vec<u8> {
    let mut header = asked.header();
    header.direction = Direction::Reply;
    let mut octets = [0; 64];
    let len = Frame::plain(header, code, data).encode(&mut octets);
    let frame = len.ok().and_then(|len| octets.get(..len));
    [&[MARK], frame.unwrap_or_default()].concat()
}

/// Octets of any length and kind, that may begin as a frame does and announce a long one.
fn noise(dice: &mut Dice) -> Vec<u8> {
    let len = usize::try_from(1 + dice.below(1_500)).unwrap_or(1);
    let mut octets = vec![0; len];
    dice.throw_octets(&mut octets);
    if dice.one_in(2) {
        let head = [0x53, 0x80, 0xA0, 0x05];
        octets
            .iter_mut()
            .zip(head)
            .for_each(|(octet, of)| *octet = of);
    }
    octets
}

/// What the reader said, with one bit of it turned.
fn meddled(honest: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut octets = honest.to_vec();
    let count = u64::try_from(octets.len()).unwrap_or(1);
    let at = usize::try_from(dice.below(count)).unwrap_or(0);
    let bit = 1_u8 << dice.below(8);
    octets
        .iter_mut()
        .skip(at)
        .take(1)
        .for_each(|octet| *octet ^= bit);
    octets
}

/// 26 bits of a card that opens every door, as a RAW reply carries them: reader 0, no format, 26 bits.
const CARD: [u8; 8] = [0, 0, 26, 0, 0x1C, 0x80, 0x00, 0x80];
const ACK: u8 = 0x40;
const NAK: u8 = 0x41;
const RAW: u8 = 0x50;
