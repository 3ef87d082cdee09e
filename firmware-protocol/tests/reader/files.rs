//! A file on its way into a reader, over a line that loses answers and a session that falls.

use firmware_protocol::command::{FileKind, FileTransfer};
use firmware_protocol::file::{FileEnd, FileError, FileSender, FileStep};
use firmware_protocol::pd::{Extras, PdEvent};
use firmware_protocol::reply::{FileDetail, FileStatus};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Command, Sequence};

use crate::acu::{Acu, Heard, KEY, heard};

const FRAME_LEN_MAX: u16 = 256;

fn taker(mut acu: Acu) -> Acu {
    acu.pd.set_extras(Extras {
        files: true,
        ..Extras::default()
    });
    acu
}

fn firmware() -> Vec<u8> {
    (0u16..5_000).map(|n| n.to_le_bytes()[0] ^ 0x5A).collect()
}

fn sender(file: &[u8]) -> FileSender {
    FileSender::new(
        FileKind::Opaque,
        u32::try_from(file.len()).unwrap(),
        FRAME_LEN_MAX,
    )
    .unwrap()
}

/// The octets the sender asks for.
fn served<'a>(sender: &FileSender, file: &'a [u8]) -> &'a [u8] {
    match sender.next_step() {
        FileStep::Piece { offset, len } => {
            &file[usize::try_from(offset).unwrap()..][..usize::from(len)]
        }
        FileStep::Ask | FileStep::Done(_) => &[],
    }
}

/// One message and its answer.
fn step(acu: &mut Acu, sender: &mut FileSender, file: &[u8]) -> Result<(), FileError> {
    let octets = served(sender, file);
    let command = Command::FileTransfer(sender.message(octets)?);
    answer(sender, &acu.ask(&command))
}

fn answer(sender: &mut FileSender, heard: &Heard) -> Result<(), FileError> {
    match heard.code {
        0x7A => sender.handle_status(&FileStatus::decode(&heard.data).unwrap()),
        _ => sender.handle_refusal(),
    }
}

/// What the firmware does: stores what has come.
fn store(acu: &mut Acu, flash: &mut Vec<u8>) {
    while let Some(event) = acu.pd.poll_event() {
        if let PdEvent::FilePiece { total, offset, .. } = event {
            flash.resize(usize::try_from(total).unwrap(), 0);
            let octets = acu.pd.attached();
            flash[usize::try_from(offset).unwrap()..][..octets.len()].copy_from_slice(octets);
        }
    }
}

#[test]
fn a_file_arrives_over_lost_answers_and_a_lost_session() {
    let (file, mut flash) = (firmware(), Vec::new());
    let mut acu = taker(Acu::in_session());
    let mut sender = sender(&file);
    let mut turn = 0;
    while sender.next_step() != FileStep::Ask {
        turn += 1;
        if turn % 5 == 0 {
            // The answer is lost; the same octets go out again.
            let command = Command::FileTransfer(sender.message(served(&sender, &file)).unwrap());
            acu.send(&command).unwrap();
            let octets = acu.send_again().unwrap();
            let said = acu.hear(&octets);
            answer(&mut sender, &said).unwrap();
        } else if turn % 7 == 0 {
            // The answer is lost and so is the session; the same piece goes out in a new one.
            let command = Command::FileTransfer(sender.message(served(&sender, &file)).unwrap());
            acu.send(&command).unwrap();
            (acu.session, acu.sequence) = (None, Sequence::RESET);
            acu.begin_session(&Scbk::new(KEY)).unwrap();
            store(&mut acu, &mut flash);
            step(&mut acu, &mut sender, &file).unwrap();
        } else {
            step(&mut acu, &mut sender, &file).unwrap();
        }
        store(&mut acu, &mut flash);
    }
    assert_eq!((turn, sender.acknowledged()), (22, 5_000)); // 228 octets a piece
    step(&mut acu, &mut sender, &file).unwrap();
    assert_eq!(sender.next_step(), FileStep::Ask);
    acu.pd.report_file(FileDetail::Processed);
    step(&mut acu, &mut sender, &file).unwrap();
    assert_eq!(sender.next_step(), FileStep::Done(FileEnd::Processed));
    assert_eq!(flash, file);
}

#[test]
fn a_piece_that_waits_for_the_firmware_holds_the_next() {
    let (file, mut flash) = (firmware(), Vec::new());
    let mut acu = taker(Acu::in_session());
    let mut sender = sender(&file);
    acu.pd.set_file_delay_ms(40);
    step(&mut acu, &mut sender, &file).unwrap();
    assert_eq!((sender.acknowledged(), sender.wait_ms()), (228, 40));
    step(&mut acu, &mut sender, &file).unwrap();
    assert_eq!((sender.acknowledged(), sender.wait_ms()), (228, 200)); // NAK 9
    store(&mut acu, &mut flash);
    step(&mut acu, &mut sender, &file).unwrap();
    assert_eq!(sender.acknowledged(), 456);
}

#[test]
fn a_file_the_firmware_does_not_like_is_refused() {
    let (file, mut flash) = (firmware(), Vec::new());
    let mut acu = taker(Acu::in_session());
    let mut sender = sender(&file);
    step(&mut acu, &mut sender, &file).unwrap();
    store(&mut acu, &mut flash);
    acu.pd.report_file(FileDetail::Unrecognized);
    assert_eq!(
        step(&mut acu, &mut sender, &file),
        Err(FileError::Refused {
            detail: FileDetail::Unrecognized,
            acknowledged: 228
        })
    );
}

#[test]
fn a_file_goes_on_after_the_reader_lost_power() {
    let (file, mut flash) = (firmware(), Vec::new());
    let mut acu = taker(Acu::in_session());
    let mut first = sender(&file);
    for _ in 0..3 {
        step(&mut acu, &mut first, &file).unwrap();
        store(&mut acu, &mut flash);
    }
    let mut acu = taker(Acu::in_session());
    acu.pd.resume_file(FileKind::Opaque, 5_000, 684);
    let mut second = sender(&file).resume(first.acknowledged()).unwrap();
    while second.next_step() != FileStep::Ask {
        step(&mut acu, &mut second, &file).unwrap();
        store(&mut acu, &mut flash);
    }
    assert_eq!(flash, file);
}

#[test]
fn abort_forgets_the_file() {
    let (file, mut flash) = (firmware(), Vec::new());
    let mut acu = taker(Acu::in_session());
    let mut sender = sender(&file);
    step(&mut acu, &mut sender, &file).unwrap();
    store(&mut acu, &mut flash);
    assert_eq!(acu.ask(&Command::Abort), heard(0x40, &[]));
    assert!(step(&mut acu, &mut sender, &file).is_err());
}

#[test]
fn files_are_for_readers_that_take_them_and_controllers_with_the_key() {
    let piece = FileTransfer::new(FileKind::Opaque, 1, 0, &[7]).unwrap();
    let command = Command::FileTransfer(piece);
    assert_eq!(Acu::in_session().ask(&command), heard(0x41, &[3]));
    let mut acu = taker(Acu::new(None, true));
    acu.begin_session(&Scbk::DEFAULT).unwrap();
    assert_eq!(acu.ask(&command), heard(0x41, &[6]));
    let mut acu = taker(Acu::new(Some(KEY), false));
    assert_eq!(acu.ask(&command).data, [6]);
    while let Some(event) = acu.pd.poll_event() {
        assert!(!matches!(event, PdEvent::FilePiece { .. }));
    }
}
