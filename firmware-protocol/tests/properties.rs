//! What holds for any octets, any split, any message and any traffic.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use firmware_protocol::pd::{Pd, PdConfig, REPLY_LEN_MAX};
use firmware_protocol::reply::PdId;
use firmware_protocol::secure::{AcuHandshake, Header, PdHandshake, Scbk, Session};
use firmware_protocol::{
    Address, Check, Command, Direction, FRAME_LEN_MAX, Frame, Reply, Scanner, SecurityBlock,
    Sequence,
};
use proptest::prelude::*;

/// Feeds the pieces and returns every frame found, encoded or, where it has a MAC, as code and data.
fn scan<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<(Header, u8, Vec<u8>)> {
    let mut scanner = Scanner::new();
    let mut found = Vec::new();
    for mut piece in pieces {
        while !piece.is_empty() {
            piece = &piece[scanner.feed(piece)..];
            while let Some(frame) = scanner.next_frame() {
                found.push((frame.header(), frame.code, frame.data.to_vec()));
            }
        }
    }
    found
}

fn pair(key: [u8; 16]) -> (Session, Session) {
    let scbk = Scbk::new(key);
    let acu = AcuHandshake::new(&scbk, [1; 8]);
    let (cryptogram, pd) = PdHandshake::challenged(&scbk, acu.challenge(), [2; 8], [3; 8]);
    let acu = acu.client_cryptogram(&cryptogram).unwrap();
    let (r_mac_i, pd) = pd.server_cryptogram(&acu.server_cryptogram()).unwrap();
    (acu.r_mac_i(&r_mac_i).unwrap(), pd)
}

prop_compose! {
    fn header(direction: Direction)(address in 0u8..127, sequence in 0u8..4, crc: bool) -> Header {
        let check = if crc { Check::Crc } else { Check::Checksum };
        let (address, sequence) = (Address::new(address).unwrap(), Sequence::new(sequence).unwrap());
        Header { direction, address, sequence, check }
    }
}

prop_compose! {
    /// A sound frame as octets, in clear or with a handshake's block.
    fn frame()(
        header in prop_oneof![header(Direction::Command), header(Direction::Reply)],
        code: u8,
        data in prop::collection::vec(any::<u8>(), 0..40),
        block in prop::option::of((0x11u8..0x15, prop::collection::vec(any::<u8>(), 0..3))),
    ) -> Vec<u8> {
        let frame = match &block {
            None => Frame::plain(header, code, &data),
            Some((kind, octets)) => {
                Frame::handshake(header, SecurityBlock { kind: *kind, data: octets }, code, &data)
            }
        };
        let mut out = [0; FRAME_LEN_MAX];
        let len = frame.encode(&mut out).unwrap();
        out[..len].to_vec()
    }
}

/// A stream of sound frames, noise, and noise that looks like the head of a frame.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let noise = prop::collection::vec(prop_oneof![any::<u8>(), Just(0x53), Just(0xFF)], 0..30);
    let head = (any::<u8>(), 0u8..60, any::<u8>())
        .prop_map(|(at, len, control)| vec![0x53, at, len, 0, control]);
    let cut = (frame(), any::<prop::sample::Index>()).prop_map(|(mut frame, at)| {
        frame.truncate(at.index(frame.len()));
        frame
    });
    prop::collection::vec(
        prop_oneof![4 => frame(), 2 => noise, 1 => head, 1 => cut],
        0..12,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_frames_found_do_not_depend_on_the_split(
        stream in stream(),
        sizes in prop::collection::vec(1usize..50, 1..20),
    ) {
        let whole = scan(std::iter::once(stream.as_slice()));
        let octets = scan(stream.chunks(1));
        let (mut rest, mut split) = (stream.as_slice(), Vec::new());
        for size in sizes.iter().cycle().take(stream.len()) {
            let (piece, behind) = rest.split_at((*size).min(rest.len()));
            split.push(piece);
            rest = behind;
        }
        prop_assert_eq!(&whole, &octets);
        prop_assert_eq!(&whole, &scan(split.into_iter()));
    }

    #[test]
    fn after_silence_a_sound_frame_is_always_found(stream in stream(), frame in frame()) {
        let mut scanner = Scanner::new();
        let mut rest = stream.as_slice();
        while !rest.is_empty() {
            rest = &rest[scanner.feed(rest)..];
            while scanner.next_frame().is_some() {}
        }
        scanner.reset();
        while scanner.next_frame().is_some() {}
        prop_assert!(!scanner.is_partial());
        prop_assert_eq!(scanner.feed(&frame), frame.len());
        let expected = Frame::decode(&frame).unwrap();
        prop_assert_eq!(scanner.next_frame(), Some(expected));
    }

    #[test]
    fn any_octets_as_a_frame_or_message_never_panic(octets in prop::collection::vec(any::<u8>(), 0..1500)) {
        let (code, data) = octets.split_first().unwrap_or((&0, &[]));
        let mut out = [0; FRAME_LEN_MAX];
        if let Ok(command) = Command::decode(*code, data) {
            let _written = command.encode(&mut out[..data.len().min(FRAME_LEN_MAX)]);
        }
        if let Ok(reply) = Reply::decode(*code, data) {
            let _written = reply.encode(&mut out[..data.len().min(FRAME_LEN_MAX)]);
        }
        let _frame = Frame::decode(&octets);
    }

    #[test]
    fn every_message_that_can_be_read_is_written_the_same(
        code in prop_oneof![0x40u8..0x80, any::<u8>()],
        data in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut out = [0; 64];
        if let Ok(command) = Command::decode(code, &data) {
            prop_assert_eq!(command.code(), code);
            let len = command.encode(&mut out).unwrap();
            prop_assert_eq!(Command::decode(code, &out[..len]), Ok(command));
        }
        if let Ok(reply) = Reply::decode(code, &data) {
            prop_assert_eq!(reply.code(), code);
            let len = reply.encode(&mut out).unwrap();
            prop_assert_eq!(Reply::decode(code, &out[..len]), Ok(reply));
        }
    }

    #[test]
    fn both_ends_of_a_session_follow_any_traffic(
        key: [u8; 16],
        talk in prop::collection::vec(
            (any::<u8>(), prop::collection::vec(any::<u8>(), 0..80), header(Direction::Command)), 1..20),
    ) {
        let (mut acu, mut pd) = pair(key);
        let (mut wire, mut plain) = ([0; FRAME_LEN_MAX], [0; FRAME_LEN_MAX]);
        for (turn, (code, data, header)) in talk.into_iter().enumerate() {
            let (sender, receiver) = if turn % 2 == 0 { (&mut acu, &mut pd) } else { (&mut pd, &mut acu) };
            let direction = if turn % 2 == 0 { Direction::Command } else { Direction::Reply };
            let header = Header { direction, ..header };
            let len = sender.seal(header, code, &data, &mut wire).unwrap();
            let frame = Frame::decode(&wire[..len]).unwrap();
            let mut again = [0; FRAME_LEN_MAX];
            prop_assert_eq!(frame.encode(&mut again), Ok(len));
            prop_assert_eq!(&again[..len], &wire[..len]);
            let opened = receiver.open(&frame, &mut plain).unwrap();
            prop_assert_eq!((opened.code, opened.data), (code, data.as_slice()));
            prop_assert_eq!(opened.encrypted, !data.is_empty());
        }
    }

    #[test]
    fn a_reader_answers_any_frames_without_panic(
        frames in prop::collection::vec((frame(), 0u8..4), 0..40),
        keyed: bool,
        install_mode: bool,
    ) {
        let key = keyed.then(|| Scbk::new(*b"sixteen octets !"));
        let id = PdId { vendor: [1, 2, 3], model: 4, version: 5, serial: 6, firmware: [7, 8, 9] };
        let address = Address::new(0).unwrap();
        let mut pd = Pd::new(PdConfig { address, id, capabilities: &[], key, install_mode });
        let mut out = [0; REPLY_LEN_MAX];
        for (octets, sequence) in &frames {
            let mut frame = Frame::decode(octets).unwrap();
            frame.direction = Direction::Command;
            frame.address = address;
            frame.sequence = Sequence::new(*sequence).unwrap();
            let len = pd.handle_frame(&frame, [9; 8], &mut out).unwrap();
            let reply = Frame::decode(&out[..len]).unwrap();
            prop_assert_eq!((reply.direction, reply.sequence), (Direction::Reply, frame.sequence));
            prop_assert_eq!((reply.address, reply.check), (address, frame.check));
            while pd.poll_event().is_some() {}
        }
    }
}
