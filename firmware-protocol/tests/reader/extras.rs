//! Texts, another address, short replies, a maker's own messages.

use firmware_protocol::command::{KeepActive, ReceiveSize, Text, TextAction, TextPlace};
use firmware_protocol::pd::{Extras, MANUFACTURER_LEN_MAX, Pd, PdConfig, PdError, PdEvent, Trust};
use firmware_protocol::reply::{Capability, Function, NakCode};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, ComSettings, Command, Manufacturer, Sequence};

use crate::acu::{Acu, ID, KEY, heard, refused};

const PLACE: TextPlace = TextPlace {
    reader: 0,
    action: TextAction::Temporary,
    time_s: 5,
    row: 1,
    column: 1,
};

fn com_set(address: u8, baud: u32) -> Command<'static> {
    let settings = ComSettings::new(Address::new(address).unwrap(), baud);
    Command::ComSet(settings.unwrap())
}

fn movable(mut acu: Acu) -> Acu {
    acu.pd.set_extras(Extras {
        bauds: &[9_600, 115_200],
        ..Extras::default()
    });
    acu
}

#[test]
fn a_text_is_shown_and_the_next_waits_for_it() {
    let mut acu = Acu::in_session();
    let show = |place, characters| Command::Text(Text::new(place, characters).unwrap());
    assert_eq!(acu.ask(&show(PLACE, b"WAIT")), heard(0x40, &[]));
    assert_eq!(acu.ask(&show(PLACE, b"MORE")), heard(0x41, &[9]));
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::Text(PLACE)));
    assert_eq!(acu.pd.attached(), b"WAIT");
    assert_eq!(acu.ask(&show(PLACE, &[b'x'; 255])), heard(0x40, &[]));
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::Text(PLACE)));
    assert_eq!(acu.pd.attached().len(), 255);
    let strange = TextPlace {
        action: TextAction::Unknown(9),
        ..PLACE
    };
    assert_eq!(acu.ask(&show(strange, b"WAIT")), heard(0x41, &[9]));
    assert_eq!(acu.pd.poll_event(), None);
}

#[test]
fn a_reader_without_display_takes_no_text() {
    let mut acu = Acu::new(None, false);
    acu.pd = Pd::new(PdConfig {
        address: acu.address,
        id: ID,
        capabilities: &[],
        key: None,
        install_mode: false,
    });
    let text = Command::Text(Text::new(PLACE, b"WAIT").unwrap());
    assert_eq!(acu.ask(&text), refused(NakCode::UnknownCommand));
}

#[test]
fn a_keyed_reader_moves_for_its_controller_and_for_no_stranger() {
    let mut acu = movable(Acu::in_session());
    assert_eq!(acu.ask(&com_set(6, 12_345)), heard(0x41, &[9]));
    assert_eq!(
        acu.ask(&com_set(9, 115_200)),
        heard(0x54, &[9, 0x00, 0xC2, 0x01, 0x00])
    );
    let moved = ComSettings::new(Address::new(9).unwrap(), 115_200).unwrap();
    let events = [
        acu.pd.poll_event(),
        acu.pd.poll_event(),
        acu.pd.poll_event(),
    ];
    assert_eq!(
        events,
        [
            Some(PdEvent::SessionDown),
            Some(PdEvent::ComSet(moved)),
            None
        ]
    );
    acu.session = None;
    assert_eq!(acu.send(&Command::Id), None); // nobody answers under the old address
    acu.address = Address::new(9).unwrap();
    acu.sequence = Sequence::RESET;
    acu.begin_session(&Scbk::new(KEY)).unwrap();
    assert_eq!(acu.ask(&Command::Poll), heard(0x40, &[]));

    let mut stranger = movable(Acu::new(Some(KEY), false));
    for address in [stranger.address, Address::BROADCAST] {
        stranger.address = address;
        assert_eq!(
            stranger.ask(&com_set(9, 9_600)),
            refused(NakCode::SecurityRequired)
        );
    }
    assert_eq!(stranger.pd.poll_event(), None);
}

#[test]
fn a_reader_without_key_moves_for_the_configuration_address_if_it_can() {
    let mut acu = Acu::new(None, false);
    acu.address = Address::BROADCAST;
    assert_eq!(
        acu.ask(&com_set(9, 9_600)),
        refused(NakCode::UnknownCommand)
    );
    let mut acu = movable(acu);
    let octets = acu.send(&com_set(9, 9_600)).unwrap();
    assert_eq!(octets[1], 0xFF); // the answer still comes from the address that was asked
    assert_eq!(acu.hear(&octets).code, 0x54);
    acu.address = Address::new(9).unwrap();
    assert_eq!(acu.ask(&Command::Id), refused(NakCode::BadSequence));
    acu.sequence = Sequence::RESET;
    assert_eq!(acu.ask(&Command::Id).code, 0x45);
}

#[test]
fn no_reply_is_longer_than_the_controller_takes() {
    const MANY: &[Capability] = &[Capability {
        function: Function::LEDS,
        compliance: 1,
        count: 1,
    }; 40];
    let mut acu = Acu::new(Some(KEY), false);
    acu.pd = Pd::new(PdConfig {
        address: acu.address,
        id: ID,
        capabilities: MANY,
        key: Some(Scbk::new(KEY)),
        install_mode: false,
    });
    let limit = |frame_len_max| Command::ReceiveSize(ReceiveSize { frame_len_max });
    acu.begin_session(&Scbk::new(KEY)).unwrap();
    assert_eq!(acu.ask(&Command::Cap).data.len(), 120);
    assert_eq!(acu.ask(&limit(127)), heard(0x41, &[9]));
    assert_eq!(acu.ask(&limit(142)), heard(0x40, &[]));
    assert_eq!(acu.ask(&Command::Cap).data.len(), 120); // 142 octets sealed
    assert_eq!(acu.ask(&limit(141)), heard(0x40, &[]));
    assert_eq!(acu.ask(&Command::Cap), heard(0x41, &[9]));
    assert_eq!(acu.ask(&Command::Id).code, 0x45);
    acu.session = None; // in clear it is 128 octets
    acu.sequence = Sequence::RESET;
    assert_eq!(acu.ask(&Command::Cap).data.len(), 120);
    acu.pd.handle_silence();
    acu.sequence = Sequence::RESET;
    acu.begin_session(&Scbk::new(KEY)).unwrap();
    assert_eq!(acu.ask(&Command::Cap).data.len(), 120);
}

#[test]
fn a_makers_command_is_answered_at_a_poll() {
    let mut acu = Acu::in_session();
    let command = |vendor| {
        Command::Manufacturer(Manufacturer {
            vendor,
            data: b"blink",
        })
    };
    assert_eq!(acu.ask(&command(ID.vendor)), heard(0x41, &[3]));
    acu.pd.set_extras(Extras {
        manufacturer: true,
        ..Extras::default()
    });
    assert_eq!(acu.ask(&command([9, 9, 9])), heard(0x41, &[3]));
    assert_eq!(acu.ask(&command(ID.vendor)), heard(0x40, &[]));
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::Manufacturer));
    assert_eq!(acu.pd.attached(), b"blink");
    acu.pd.answer_manufacturer(b"ok").unwrap();
    assert_eq!(acu.ask(&Command::Poll), heard(0x90, &[1, 2, 3, b'o', b'k']));
    let limit = MANUFACTURER_LEN_MAX;
    assert_eq!(
        acu.pd.answer_manufacturer(&[0; MANUFACTURER_LEN_MAX + 1]),
        Err(PdError::Number {
            actual: limit + 1,
            limit
        })
    );
}

#[test]
fn under_the_default_key_nothing_gets_in_that_lasts() {
    let mut acu = movable(Acu::new(None, true));
    acu.begin_session(&Scbk::DEFAULT).unwrap();
    assert_eq!(acu.pd.trust(), Trust::DefaultKey);
    let own = Command::Manufacturer(Manufacturer {
        vendor: ID.vendor,
        data: &[],
    });
    assert_eq!(acu.ask(&own), heard(0x41, &[6]));
    assert_eq!(acu.ask(&com_set(9, 9_600)).code, 0x54); // an address may be set where a key may
}

#[test]
fn keepactive_and_abort_reach_the_firmware() {
    let mut acu = Acu::in_session();
    let keep = KeepActive { time_ms: 700 };
    assert_eq!(acu.ask(&Command::KeepActive(keep)), heard(0x40, &[]));
    assert_eq!(acu.ask(&Command::Abort), heard(0x40, &[]));
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::KeepActive(keep)));
    assert_eq!(acu.pd.poll_event(), Some(PdEvent::Abort));
}
