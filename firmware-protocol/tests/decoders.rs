//! Any octets as the data of any message: no panic, and what can be read is written the same again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use firmware_protocol::multipart::{Assembled, Assembler, Part, parts};
use firmware_protocol::{Command, FRAME_LEN_MAX, Reply};
use proptest::prelude::*;

/// Commands whose every octet has a meaning: reading and writing gives the same octets.
const COMMANDS: [u8; 17] = [
    0x60, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6E, 0x75, 0x76, 0x77, 0x7B, 0x80, 0xA2,
    0xA7,
];
/// Replies of the same sort.
const REPLIES: [u8; 18] = [
    0x40, 0x45, 0x46, 0x49, 0x4A, 0x4B, 0x50, 0x51, 0x53, 0x54, 0x59, 0x76, 0x78, 0x79, 0x83, 0x84,
    0x90, 0xB1,
];
const FILETRANSFER: u8 = 0x7C;
const FTSTAT: u8 = 0x7A;

/// Octets that are likely to be a message: counts and lengths are small and often right.
fn data() -> impl Strategy<Value = Vec<u8>> {
    let octet = prop_oneof![any::<u8>(), 0u8..20];
    let exact = prop::sample::select(vec![0usize, 1, 2, 5, 7, 8, 12, 16, 18, 32]);
    prop_oneof![
        prop::collection::vec(octet.clone(), 0..60),
        exact.prop_flat_map(move |len| prop::collection::vec(octet.clone(), len)),
        prop::collection::vec(any::<u8>(), 0..FRAME_LEN_MAX),
    ]
}

/// The data of TEXT or FILETRANSFER with a right length, in a file of a length and at an offset that may be wrong.
fn counted() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let text = (
        any::<[u8; 5]>(),
        prop::collection::vec(any::<u8>(), 0..=255),
    )
        .prop_map(|(head, text)| {
            let len = u8::try_from(text.len()).unwrap();
            (0x6B, [&head[..], &[len], &text].concat())
        });
    let piece = (
        any::<u8>(),
        any::<u32>(),
        any::<u32>(),
        prop::collection::vec(any::<u8>(), 0..300),
    );
    let piece = piece.prop_map(|(kind, total, offset, octets)| {
        let len = u16::try_from(octets.len()).unwrap().to_le_bytes();
        let (total, offset) = (total.to_le_bytes(), offset.to_le_bytes());
        (
            FILETRANSFER,
            [&[kind], &total[..], &offset, &len, &octets].concat(),
        )
    });
    prop_oneof![text, piece]
}

proptest! {
    #[test]
    fn a_command_is_written_as_it_was_read(code in prop::sample::select(&COMMANDS[..]), data in data()) {
        let mut out = [0; FRAME_LEN_MAX];
        if let Ok(command) = Command::decode(code, &data) {
            let len = command.encode(&mut out).unwrap();
            prop_assert_eq!((command.code(), &out[..len]), (code, &data[..]));
            prop_assert!(len == 0 || command.encode(&mut out[..len - 1]).is_err());
        }
    }

    #[test]
    fn a_reply_is_written_as_it_was_read(code in prop::sample::select(&REPLIES[..]), data in data()) {
        let mut out = [0; FRAME_LEN_MAX];
        if let Ok(reply) = Reply::decode(code, &data) {
            let len = reply.encode(&mut out).unwrap();
            prop_assert_eq!((reply.code(), &out[..len]), (code, &data[..]));
            prop_assert!(len == 0 || reply.encode(&mut out[..len - 1]).is_err());
        }
    }

    #[test]
    fn a_text_or_piece_is_written_as_it_was_read((code, data) in counted()) {
        let mut out = [0; FRAME_LEN_MAX];
        match Command::decode(code, &data) {
            Ok(command) => {
                let len = command.encode(&mut out).unwrap();
                prop_assert_eq!((command.code(), &out[..len]), (code, &data[..]));
            }
            Err(_) => prop_assert_eq!(code, FILETRANSFER), // past the file's end
        }
    }

    #[test]
    fn a_file_status_keeps_all_but_reserved_flags(data: [u8; 7]) {
        let mut out = [0; 7];
        let reply = Reply::decode(FTSTAT, &data).unwrap();
        prop_assert_eq!(reply.encode(&mut out), Ok(7));
        prop_assert_eq!((out[0], &out[1..]), (data[0] & 7, &data[1..]));
    }

    #[test]
    fn any_data_under_any_code_is_read_or_refused(code: u8, data in data()) {
        if let Ok(command) = Command::decode(code, &data) {
            prop_assert_eq!(command.code(), code);
        }
        if let Ok(reply) = Reply::decode(code, &data) {
            prop_assert_eq!(reply.code(), code);
        }
        if let Ok(part) = Part::decode(&data) {
            let mut out = [0; FRAME_LEN_MAX];
            let len = part.encode(&mut out).unwrap();
            prop_assert_eq!(&out[..len], &data[..]);
        }
    }

    #[test]
    fn a_message_in_parts_is_whole_again(
        message in prop::collection::vec(any::<u8>(), 1..3_000),
        part_len_max in 1u16..500,
    ) {
        let mut buffer = vec![0; message.len()];
        let mut assembler = Assembler::new(&mut buffer);
        let mut whole = None;
        for part in parts(&message, part_len_max).unwrap() {
            let mut octets = vec![0; 6 + part.octets().len()];
            part.encode(&mut octets).unwrap();
            let part = Part::decode(&octets).unwrap();
            if let Assembled::Whole(octets) = assembler.handle_part(&part).unwrap() {
                whole = Some(octets.to_vec());
            }
        }
        prop_assert_eq!(whole, Some(message));
    }

    #[test]
    fn an_assembler_is_whole_only_after_every_octet(
        parts in prop::collection::vec((0u16..6, 0u16..7, 0usize..4), 0..60),
    ) {
        let message = [10, 11, 12, 13, 14, 15];
        let mut buffer = [0; 5];
        let mut assembler = Assembler::new(&mut buffer);
        for (total, offset, len) in parts {
            let octets = message.get(usize::from(offset)..).and_then(|rest| rest.get(..len));
            let Ok(part) = Part::new(total, offset, octets.unwrap_or(&[])) else { continue };
            if let Ok(Assembled::Whole(whole)) = assembler.handle_part(&part) {
                prop_assert_eq!(whole, &message[..usize::from(total)]);
            }
        }
    }
}
