//! What a reader tells and does, once, in order and within its limits.

use firmware_protocol::command::{BuzzerControl, BuzzerTone, OutputAction, OutputControl};
use firmware_protocol::pd::{Pd, PdError, PdEvent, QUEUE_LEN_MAX, REPLY_LEN_MAX};
use firmware_protocol::{Address, Command, Direction, Frame, Records, Scanner};

use crate::acu::{Acu, RND_B, heard, unlock};

#[test]
fn a_card_and_keys_come_in_the_order_they_were_shown() {
    let mut acu = Acu::in_session();
    acu.pd.present_card(&[0x80, 0x98, 0x1C, 0xC0], 26).unwrap();
    acu.pd.press_keys(b"12\r").unwrap();
    assert_eq!(
        acu.ask(&Command::Poll),
        heard(0x50, &[0, 0, 26, 0, 0x80, 0x98, 0x1C, 0xC0])
    );
    assert_eq!(
        acu.ask(&Command::Poll),
        heard(0x53, &[0, 3, 0x31, 0x32, 0x0D])
    );
    assert_eq!(acu.ask(&Command::Poll), heard(0x40, &[]));
}

#[test]
fn an_output_is_switched_once_though_the_command_is_repeated() {
    let mut acu = Acu::in_session();
    let controls = [unlock(1)];
    let lost = acu
        .send(&Command::Out(Records::new(&controls).unwrap()))
        .unwrap();
    let again = acu.send_again().unwrap();
    assert_eq!(lost, again);
    assert_eq!(acu.hear(&again), heard(0x40, &[]));
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::Output(unlock(1))));
    assert_eq!(acu.pd.poll_event(), None);
    assert_eq!(acu.ask(&Command::Poll), heard(0x40, &[]));
}

#[test]
fn a_card_is_handed_over_once_though_the_reply_was_lost() {
    let mut acu = Acu::in_session();
    acu.pd.present_card(&[0xFF], 8).unwrap();
    let lost = acu.send(&Command::Poll).unwrap();
    assert_eq!(acu.send_again().unwrap(), lost);
    assert_eq!(acu.hear(&lost).code, 0x50);
    assert_eq!(acu.ask(&Command::Poll), heard(0x40, &[]));
}

#[test]
fn changes_are_news_once_and_states_when_asked() {
    let mut acu = Acu::in_session();
    acu.pd.set_inputs(&[false, true]).unwrap();
    acu.pd.set_tamper(true);
    acu.pd.set_output(1, true).unwrap();
    assert_eq!(acu.ask(&Command::Poll), heard(0x48, &[1, 0]));
    assert_eq!(acu.ask(&Command::Poll), heard(0x49, &[0, 1]));
    assert_eq!(acu.ask(&Command::Poll), heard(0x40, &[]));
    assert_eq!(acu.ask(&Command::OutputStatus), heard(0x4A, &[0, 1]));
    assert_eq!(acu.ask(&Command::ReaderStatus), heard(0x4B, &[2]));
    acu.pd.set_inputs(&[true, true]).unwrap();
    acu.pd.set_power_failure(true);
    assert_eq!(acu.ask(&Command::InputStatus), heard(0x49, &[1, 1]));
    assert_eq!(acu.ask(&Command::LocalStatus), heard(0x48, &[1, 1]));
    assert_eq!(acu.ask(&Command::Poll), heard(0x40, &[]));
}

#[test]
fn what_cannot_be_done_is_refused_whole() {
    let mut acu = Acu::in_session();
    let one_too_many = [unlock(0), unlock(2)];
    let strange = [OutputControl {
        action: OutputAction::Unknown(9),
        ..unlock(0)
    }];
    for controls in [&one_too_many[..], &strange] {
        assert_eq!(
            acu.ask(&Command::Out(Records::new(controls).unwrap())),
            heard(0x41, &[9])
        );
    }
    assert_eq!(
        acu.ask(&Command::Unknown {
            code: 0x6C,
            data: &[1]
        }),
        heard(0x41, &[3])
    );
    assert_eq!(
        acu.ask(&Command::Unknown {
            code: 0x68,
            data: &[1]
        }),
        heard(0x41, &[2])
    );
    assert_eq!(acu.pd.poll_event(), None);
    let beep = BuzzerControl {
        reader: 0,
        tone: BuzzerTone::Default,
        on_100ms: 1,
        off_100ms: 1,
        count: 1,
    };
    let answers: Vec<u8> = (0..17)
        .map(|_| acu.ask(&Command::Buzzer(beep)).code)
        .collect();
    assert_eq!((answers[15], answers[16]), (0x40, 0x41)); // the firmware does not drain: sixteen wait, no more
}

#[test]
fn limits_are_kept_and_said() {
    let mut pd = Acu::new(None, false).pd;
    for _ in 0..QUEUE_LEN_MAX {
        pd.present_card(&[1], 8).unwrap();
    }
    assert_eq!(
        pd.press_keys(b"1"),
        Err(PdError::QueueFull {
            limit: QUEUE_LEN_MAX
        })
    );
    let card = |announced, octets| {
        Err(PdError::CardBits {
            announced,
            octets,
            limit: 256,
        })
    };
    assert_eq!(pd.present_card(&[0; 33], 257), card(257, 33));
    assert_eq!(pd.present_card(&[0; 3], 26), card(26, 3));
    assert_eq!(pd.present_card(&[], 0), card(0, 0));
    assert_eq!(
        pd.press_keys(&[0; 17]),
        Err(PdError::Number {
            actual: 17,
            limit: 16
        })
    );
    assert_eq!(
        pd.set_inputs(&[false; 17]),
        Err(PdError::Number {
            actual: 17,
            limit: 16
        })
    );
    assert_eq!(
        pd.set_output(2, true),
        Err(PdError::Number {
            actual: 2,
            limit: 2
        })
    );
}

#[test]
fn frames_for_others_are_not_answered() {
    let mut acu = Acu::new(None, false);
    let mut out = [0; REPLY_LEN_MAX];
    let mut header = acu.header();
    header.address = Address::new(7).unwrap();
    assert_eq!(
        acu.pd
            .handle_frame(&Frame::plain(header, 0x60, &[]), RND_B, &mut out),
        None
    );
    header.address = Address::BROADCAST;
    assert_eq!(
        acu.pd
            .handle_frame(&Frame::plain(header, 0x60, &[]), RND_B, &mut out),
        None
    );
    let len = acu
        .pd
        .handle_frame(&Frame::plain(header, 0x61, &[0]), RND_B, &mut out)
        .unwrap();
    assert_eq!(
        Frame::decode(&out[..len]).unwrap().address,
        Address::BROADCAST
    );
    header = acu.header();
    assert_eq!(
        acu.pd
            .handle_frame(&Frame::plain(header, 0x60, &[]), RND_B, &mut out[1..]),
        None
    );
    header.direction = Direction::Reply;
    assert_eq!(
        acu.pd
            .handle_frame(&Frame::plain(header, 0x40, &[]), RND_B, &mut out),
        None
    );
}

#[test]
fn a_reader_fits_a_small_chip() {
    assert!(size_of::<Scanner>() <= 1536);
    assert!(size_of::<Pd>() <= 2560);
}
