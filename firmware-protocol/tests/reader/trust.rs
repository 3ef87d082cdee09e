//! Whom a reader obeys: sessions, strangers, replays, the default key.

use firmware_protocol::command::{KeySet, RndA};
use firmware_protocol::pd::{PdEvent, Trust};
use firmware_protocol::reply::{Nak, NakCode};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Command, Records, SecurityBlock, Sequence};

use crate::acu::{Acu, KEY, heard, refused, unlock};

#[test]
fn a_keyed_reader_tells_a_stranger_who_it_is_and_nothing_else() {
    let mut acu = Acu::new(Some(KEY), false);
    acu.pd.present_card(&[0xFF], 8).unwrap();
    let controls = [unlock(0)];
    assert_eq!(acu.pd.trust(), Trust::Stranger);
    assert_eq!(acu.ask(&Command::Id).code, 0x45);
    assert_eq!(acu.ask(&Command::Cap).data, [2, 1, 2, 9, 1, 0, 6, 1, 1]);
    for command in [
        Command::Poll,
        Command::LocalStatus,
        Command::Out(Records::new(&controls).unwrap()),
        Command::KeySet(KeySet {
            key: Scbk::new([7; 16]),
        }),
        Command::Challenge(RndA([0; 8])),
    ] {
        assert_eq!(acu.ask(&command), refused(NakCode::SecurityRequired));
    }
    assert_eq!((acu.pd.queued(), acu.pd.poll_event()), (1, None));
}

#[test]
fn a_frame_in_clear_ends_the_session_and_is_not_obeyed() {
    let mut acu = Acu::in_session();
    acu.session = None;
    let controls = [unlock(0)];
    let out = Command::Out(Records::new(&controls).unwrap());
    assert_eq!(acu.ask(&out), refused(NakCode::SecurityRequired));
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::SessionDown));
    assert_eq!(acu.pd.poll_event(), None);
}

#[test]
fn a_recorded_frame_of_the_session_is_not_obeyed_again() {
    let mut acu = Acu::in_session();
    let controls = [unlock(0)];
    acu.ask(&Command::Out(Records::new(&controls).unwrap()));
    let recorded = acu.sent.clone();
    for _ in 0..2 {
        acu.ask(&Command::Poll);
    }
    while acu.pd.poll_event().is_some() {}
    acu.sent = recorded; // its number is the next one again
    let octets = acu.send_again().unwrap();
    assert_eq!(acu.hear(&octets), refused(NakCode::SecurityRequired));
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::SessionDown));
    assert_eq!(acu.pd.poll_event(), None);
}

#[test]
fn sequence_zero_starts_over_and_an_unexpected_number_is_refused() {
    let mut acu = Acu::in_session();
    acu.sequence = Sequence::RESET;
    acu.session = None;
    assert_eq!(acu.ask(&Command::Id).code, 0x45);
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::SessionDown));
    acu.sequence = Sequence::new(3).unwrap();
    assert_eq!(acu.ask(&Command::Id), refused(NakCode::BadSequence));
    acu.sequence = Sequence::new(1).unwrap();
    assert_eq!(acu.ask(&Command::Id).code, 0x45);
    acu.begin_session(&Scbk::new(KEY)).unwrap();
    assert_eq!(acu.ask(&Command::Poll), heard(0x40, &[]));
}

#[test]
fn a_reader_just_switched_on_waits_for_sequence_zero() {
    let mut acu = Acu::new(None, false);
    acu.sequence = Sequence::new(2).unwrap();
    assert_eq!(acu.ask(&Command::Poll), refused(NakCode::BadSequence));
    acu.sequence = Sequence::RESET;
    assert_eq!(acu.ask(&Command::Poll).code, 0x40);
}

#[test]
fn the_default_key_is_good_for_setting_a_key_and_no_more() {
    let mut acu = Acu::new(None, true);
    acu.pd.present_card(&[0xFF], 8).unwrap();
    assert_eq!(acu.ask(&Command::Poll), refused(NakCode::SecurityRequired));
    acu.begin_session(&Scbk::DEFAULT).unwrap();
    assert_eq!(acu.pd.trust(), Trust::DefaultKey);
    assert_eq!(acu.ask(&Command::Poll), heard(0x40, &[]));
    let controls = [unlock(0)];
    assert_eq!(
        acu.ask(&Command::Out(Records::new(&controls).unwrap())),
        heard(0x41, &[6])
    );
    assert_eq!(
        acu.ask(&Command::KeySet(KeySet {
            key: Scbk::new([7; 16])
        })),
        heard(0x41, &[9])
    );
    assert_eq!(
        acu.ask(&Command::KeySet(KeySet {
            key: Scbk::new(KEY)
        })),
        heard(0x40, &[])
    );
    assert_eq!(
        acu.ask(&Command::KeySet(KeySet {
            key: Scbk::new(KEY)
        })),
        heard(0x41, &[6])
    );
    let events = [
        acu.pd.poll_event(),
        acu.pd.poll_event(),
        acu.pd.poll_event(),
    ];
    assert_eq!(
        events,
        [
            Some(PdEvent::SessionUp),
            Some(PdEvent::KeySet(Scbk::new(KEY))),
            None
        ]
    );
    acu.session = None;
    let no_such_key = Err(Nak {
        code: NakCode::SecurityUnsupported,
    });
    assert_eq!(acu.begin_session(&Scbk::DEFAULT), no_such_key);
    acu.begin_session(&Scbk::new(KEY)).unwrap();
    assert_eq!(acu.pd.trust(), Trust::Keyed);
    assert_eq!(acu.ask(&Command::Poll).code, 0x50);
}

#[test]
fn a_controller_with_another_key_gets_no_session() {
    let mut acu = Acu::new(Some(KEY), false);
    acu.shake(SecurityBlock::SCS_11, 1, &Command::Challenge(RndA([1; 8])));
    let octets = acu.shake(
        SecurityBlock::SCS_13,
        1,
        &Command::ServerCryptogram([7; 16]),
    );
    assert_eq!(acu.hear(&octets), refused(NakCode::SecurityRequired));
    assert_eq!(
        (acu.pd.poll_event(), acu.pd.trust()),
        (Some(PdEvent::SessionDown), Trust::Stranger)
    );
    let octets = acu.shake(
        SecurityBlock::SCS_13,
        1,
        &Command::ServerCryptogram([7; 16]),
    );
    assert_eq!(acu.hear(&octets), refused(NakCode::SecurityRequired));
}

#[test]
fn silence_ends_the_session_and_keeps_the_cards() {
    let mut acu = Acu::in_session();
    acu.pd.present_card(&[0xFF], 8).unwrap();
    acu.pd.handle_silence();
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::SessionDown));
    acu.session = None;
    acu.sequence = Sequence::RESET;
    acu.begin_session(&Scbk::new(KEY)).unwrap();
    assert_eq!(acu.ask(&Command::Poll).code, 0x50);
}
