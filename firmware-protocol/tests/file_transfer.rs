//! The two ends of a file transfer, against each other and against ends that others might write.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use firmware_protocol::FRAME_LEN_MAX;
use firmware_protocol::command::{FileKind, FileTransfer};
use firmware_protocol::file::{
    ASKS_MAX, FileEnd, FileError, FileReceiver, FileSender, FileStep, REFUSALS_MAX,
    UNFINISHED_PAUSE_MS,
};
use firmware_protocol::reply::{FileDetail, FileStatus};
use proptest::prelude::*;

fn sender(total: u32, frame_len_max: u16) -> FileSender {
    FileSender::new(FileKind::Opaque, total, frame_len_max).unwrap()
}

fn status(detail: FileDetail) -> FileStatus {
    FileStatus {
        detail,
        ..FileStatus::PROCEED
    }
}

/// The length of the piece the sender wants next; none if it asks or is done.
fn len_wanted(sender: &FileSender) -> u16 {
    match sender.next_step() {
        FileStep::Piece { len, .. } => len,
        FileStep::Ask | FileStep::Done(_) => 0,
    }
}

/// Sends the next piece, of zeros, and hears the answer.
fn step(sender: &mut FileSender, answer: &FileStatus) -> Result<(), FileError> {
    let zeros = [0; FRAME_LEN_MAX];
    let len = usize::from(len_wanted(sender));
    sender.message(&zeros[..len])?;
    sender.handle_status(answer)
}

#[test]
fn the_readers_pace_is_kept() {
    let mut sender = sender(1_000, 128);
    let asked_for = FileStatus {
        interleave: false,
        poll_answer_waits: true,
        delay_ms: 750,
        ..FileStatus::PROCEED
    };
    step(&mut sender, &asked_for).unwrap();
    assert_eq!((sender.wait_ms(), sender.is_exclusive()), (750, true));
    assert!(sender.poll_answer_waits());
    step(&mut sender, &FileStatus::PROCEED).unwrap();
    assert_eq!((sender.wait_ms(), sender.is_exclusive()), (0, false));
    assert_eq!((sender.acknowledged(), sender.total()), (200, 1_000));
}

#[test]
fn a_piece_with_everything_around_it_fits_the_frame() {
    assert_eq!(len_wanted(&sender(5_000, 128)), 100); // 14 + 7 × 16 octets of 11 + 100 + padding
    assert_eq!(len_wanted(&sender(5_000, 30)), 4);
    assert_eq!(len_wanted(&sender(5_000, 1_440)), 1_412);
    assert_eq!(len_wanted(&sender(5_000, u16::MAX)), 1_412);
    let narrow = FileSender::new(FileKind::Opaque, 5_000, 29);
    assert_eq!(
        narrow.err(),
        Some(FileError::FrameLen {
            actual: 29,
            needed: 30
        })
    );
}

#[test]
fn a_reader_may_ask_for_shorter_pieces_and_never_gets_longer_ones() {
    let mut sender = sender(100_000, 1_440);
    let shorter = |message_len_max| FileStatus {
        message_len_max,
        ..FileStatus::PROCEED
    };
    for (max, len) in [
        (2_000, 1_412),
        (256, 228),
        (512, 228),
        (128, 100),
        (20, 4),
        (3, 3),
    ] {
        step(&mut sender, &shorter(max)).unwrap();
        assert_eq!(len_wanted(&sender), len);
    }
}

#[test]
fn a_reader_that_wants_shorter_pieces_before_it_takes_any_gets_them() {
    let mut sender = sender(5_000, 1_440);
    let refusal = FileStatus {
        message_len_max: 256,
        ..status(FileDetail::Abort)
    };
    step(&mut sender, &refusal).unwrap();
    assert_eq!((sender.acknowledged(), len_wanted(&sender)), (0, 228));
    assert!(step(&mut sender, &refusal).is_err());
}

#[test]
fn a_reader_that_does_not_know_the_rest_gets_the_whole() {
    let mut sender = sender(5_000, 128).resume(4_000).unwrap();
    step(&mut sender, &status(FileDetail::Abort)).unwrap();
    assert_eq!(
        sender.next_step(),
        FileStep::Piece {
            offset: 0,
            len: 100
        }
    );
    assert!(step(&mut sender, &status(FileDetail::Abort)).is_err());
    let behind = FileSender::new(FileKind::Opaque, 9, 128)
        .unwrap()
        .resume(10);
    assert_eq!(
        behind.err(),
        Some(FileError::Offset {
            actual: 10,
            total: 9
        })
    );
}

#[test]
fn the_longest_file_ends() {
    let mut sender = sender(u32::MAX, 128).resume(u32::MAX - 101).unwrap();
    step(&mut sender, &FileStatus::PROCEED).unwrap();
    assert_eq!(
        sender.next_step(),
        FileStep::Piece {
            offset: u32::MAX - 1,
            len: 1
        }
    );
    step(&mut sender, &status(FileDetail::Finishing)).unwrap();
    assert_eq!(sender.wait_ms(), UNFINISHED_PAUSE_MS);
    assert_eq!(sender.next_step(), FileStep::Ask);
    step(&mut sender, &status(FileDetail::Rebooting)).unwrap();
    assert_eq!(sender.next_step(), FileStep::Done(FileEnd::Rebooting));
}

#[test]
fn what_a_reader_must_not_say_ends_the_transfer() {
    let said = |detail| {
        let mut sender = sender(5_000, 128);
        step(&mut sender, &FileStatus::PROCEED).unwrap();
        step(&mut sender, &status(detail))
    };
    assert_eq!(said(FileDetail::Processed), Ok(())); // some say so of each piece
    assert_eq!(
        said(FileDetail::Rebooting),
        Err(FileError::Early { acknowledged: 200 })
    );
    for detail in [
        FileDetail::Abort,
        FileDetail::Malformed,
        FileDetail::Unknown(-9),
        FileDetail::Unknown(4),
    ] {
        let acknowledged = 100;
        assert_eq!(
            said(detail),
            Err(FileError::Refused {
                detail,
                acknowledged
            })
        );
    }
    assert_eq!(
        sender(1, 128).handle_status(&FileStatus::PROCEED),
        Err(FileError::Unasked)
    );
}

#[test]
fn patience_has_its_limits() {
    let mut refused = sender(5_000, 128);
    let naks = (1..REFUSALS_MAX).all(|_| refused.handle_refusal().is_ok());
    assert!(naks && refused.handle_refusal().is_err());
    let mut unfinished = sender(1, 128);
    for _ in 0..ASKS_MAX {
        step(&mut unfinished, &status(FileDetail::Finishing)).unwrap();
    }
    assert_eq!(
        step(&mut unfinished, &status(FileDetail::Finishing)),
        Err(FileError::Unfinished { limit: ASKS_MAX })
    );
    assert!(matches!(
        FileSender::new(FileKind::Opaque, 0, 128),
        Err(FileError::Empty)
    ));
    assert_eq!(
        sender(9, 128).message(&[0; 8]).err(),
        Some(FileError::Served {
            actual: 8,
            needed: 9
        })
    );
}

/// What may happen to a message and its answer.
#[derive(Clone, Debug)]
enum Luck {
    Arrives,
    MessageLost,
    AnswerLost,
    Nak,
}

fn luck() -> impl Strategy<Value = Luck> {
    prop_oneof![
        6 => Just(Luck::Arrives),
        1 => Just(Luck::MessageLost),
        1 => Just(Luck::AnswerLost),
        1 => Just(Luck::Nak),
    ]
}

proptest! {
    #[test]
    fn a_file_arrives_whole_whatever_the_line_does(
        file in prop::collection::vec(any::<u8>(), 1..4_000),
        frame_len_max in 30u16..1_500,
        piece_len_max in 1u16..600,
        luck in prop::collection::vec(luck(), 1..60),
    ) {
        prop_assume!(luck.iter().any(|luck| matches!(luck, Luck::Arrives)));
        let total = u32::try_from(file.len()).unwrap();
        let (mut sender, mut receiver) = (sender(total, frame_len_max), FileReceiver::new(piece_len_max));
        let (mut stored, mut luck) = (vec![0; file.len()], luck.iter().cycle());
        let mut naks = 0;
        while !matches!(sender.next_step(), FileStep::Done(_)) {
            let octets = match sender.next_step() {
                FileStep::Piece { offset, len } => &file[usize::try_from(offset).unwrap()..][..usize::from(len)],
                FileStep::Ask | FileStep::Done(_) => &[],
            };
            let message = sender.message(octets).unwrap();
            let luck = luck.next().unwrap();
            naks += u8::from(matches!(luck, Luck::Nak));
            match luck {
                Luck::MessageLost => continue,
                Luck::Nak if naks < REFUSALS_MAX => { sender.handle_refusal().unwrap(); continue }
                Luck::Nak | Luck::Arrives | Luck::AnswerLost => {}
            }
            if let Some(piece) = receiver.handle_message(&message) {
                let at = usize::try_from(piece.offset).unwrap();
                stored[at..][..piece.octets.len()].copy_from_slice(piece.octets);
            } else if message.is_empty() {
                receiver.report(FileDetail::Processed);
            }
            if !matches!(luck, Luck::AnswerLost) {
                sender.handle_status(&receiver.status()).unwrap();
                naks = 0;
            }
        }
        prop_assert_eq!(stored, file);
    }

    #[test]
    fn a_receiver_hands_out_each_octet_in_order_whatever_comes(
        messages in prop::collection::vec((0u32..3, 0u32..8, 0usize..5), 0..60),
    ) {
        let mut receiver = FileReceiver::new(4);
        let mut next = 0;
        for (kind, offset, len) in messages {
            let total = 6 + kind;
            let octets = [0; 5];
            let Ok(message) = FileTransfer::new(FileKind::Opaque, total, offset, &octets[..len]) else {
                continue;
            };
            if let Some(piece) = receiver.handle_message(&message) {
                prop_assert!(piece.offset == 0 || piece.offset == next);
                prop_assert!(piece.octets.len() <= 4 && !piece.octets.is_empty());
                next = piece.offset + u32::try_from(piece.octets.len()).unwrap();
                prop_assert!(next <= piece.total);
            }
            prop_assert!(receiver.received() == next || next == 0);
        }
    }

    #[test]
    fn a_sender_survives_any_answers(
        total in 1u32..,
        resume: u32,
        frame_len_max in 30u16..,
        answers in prop::collection::vec((any::<[u8; 7]>(), 0u8..4), 0..80),
    ) {
        let mut sender = sender(total, frame_len_max).resume(resume % total).unwrap();
        for (octets, kind) in answers {
            let mut answer = FileStatus::decode(&octets).unwrap();
            if kind > 0 {
                answer.detail = FileDetail::Proceed;
            }
            if matches!(sender.next_step(), FileStep::Done(_)) || step(&mut sender, &answer).is_err() {
                break;
            }
            prop_assert!(sender.acknowledged() <= total);
            let len = len_wanted(&sender);
            prop_assert!((len > 0) == (sender.acknowledged() < total));
        }
    }
}
