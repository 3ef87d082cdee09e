//! Attacks on the wires and by readers that lie; each must hold for ever.

use firmware_protocol::{Check, Direction, Frame, Header, MARK, Sequence};
use reader_bus::{
    Address, Alarm, BusError, BusEvent, LineConfig, ReaderConfig, ReaderIndex, Scbk, Security,
};

use crate::rig::{CARD, Fate, Rig, key};

const FIRST: ReaderIndex = ReaderIndex::new(0);
const RAW: u8 = 0x50;
const NAK: u8 = 0x41;
const BUSY: u8 = 0x79;
const ACK: u8 = 0x40;

#[test]
fn a_card_in_clear_from_a_keyed_reader_never_becomes_an_event() {
    let mut rig = Rig::keyed(1, 115_200);
    let forged = clear(&rig, RAW, &[&[0, 1, 26, 0], &CARD[..]].concat());
    rig.fate = [Fate::Replaced(forged)].into();
    rig.run_ms(500);
    assert!(rig.cards().is_empty());
    assert_eq!(alarms(&rig), [Alarm::CardInClear]);
    assert_serves(&mut rig);
}

#[test]
fn a_clear_reply_in_a_session_ends_it_and_is_told() {
    let mut rig = Rig::keyed(1, 115_200);
    rig.fate = [Fate::Replaced(clear(&rig, ACK, &[]))].into();
    rig.run_ms(500);
    assert_eq!(alarms(&rig), [Alarm::ReplyInClear]);
    assert_serves(&mut rig);
}

#[test]
fn injected_nak_and_busy_do_not_keep_a_card_for_a_second() {
    for (code, data) in [(NAK, &[6][..]), (NAK, &[4]), (BUSY, &[])] {
        let mut rig = Rig::keyed(1, 115_200);
        rig.fate = [Fate::Replaced(clear(&rig, code, data))].into();
        rig.run_ms(6);
        rig.show(0);
        let shown = rig.up;
        rig.run_ms(1_000);
        let cards = rig.cards();
        assert_eq!(cards.len(), 1, "{code:#x}");
        assert!(
            cards[0].1 && cards[0].0 - shown < 1_000_000,
            "{code:#x} {cards:?}"
        );
        assert!(
            rig.replies
                .iter()
                .rev()
                .take(20)
                .all(|reply| reply[5] & 8 == 8),
            "nothing in clear meanwhile"
        );
    }
}

#[test]
fn a_reply_with_a_wrong_mac_ends_the_session_and_three_raise_an_alarm() {
    let mut rig = Rig::keyed(1, 115_200);
    for _ in 0..3 {
        let sealed = rig.replies.last().unwrap().clone();
        let forged = forge(&rig, &sealed);
        rig.fate = [Fate::Replaced(forged)].into();
        rig.run_ms(1_000);
    }
    assert_eq!(rig.bus.stats(FIRST).unwrap().bad_macs, 3);
    assert_eq!(alarms(&rig), [Alarm::SessionsFalling]);
    assert_serves(&mut rig);
}

#[test]
fn a_recorded_session_replayed_opens_nothing() {
    let mut first = Rig::keyed(1, 115_200);
    first.show(0);
    first.run_ms(100);
    let recorded = first.replies.clone();
    assert_eq!(first.cards().len(), 1);
    // The same readers, other random numbers: the bus has been restarted, nobody is on the line but the recording.
    let mut second = Rig::keyed(1, 115_200);
    second.seat(0).plugged = false;
    let known = second.cards().len();
    for reply in &recorded {
        second.inject(reply);
        second.run_ms(20);
    }
    assert_eq!(second.cards().len(), known);
    assert!(second.outs.is_empty());
}

#[test]
fn a_reader_with_the_default_key_gets_neither_unlock_nor_service() {
    let mut rig = Rig::with_keys(
        vec![Security::Keyed(key(0))],
        vec![Some(Scbk::DEFAULT)],
        115_200,
    );
    rig.run_ms(5_000);
    // A reader in install mode refuses a challenge under a key of ours; one that answers it is found out by its proof.
    assert_refused(&mut rig, Alarm::ChallengeRefused);
}

#[test]
fn a_reader_with_another_key_gets_neither_unlock_nor_service() {
    let mut rig = Rig::with_keys(vec![Security::Keyed(key(0))], vec![Some(key(9))], 115_200);
    rig.show(0);
    rig.run_ms(5_000);
    assert_refused(&mut rig, Alarm::WrongKey);
}

#[test]
fn a_reader_that_answers_the_challenge_with_nak_is_not_served_in_clear() {
    let mut rig = Rig::with_keys(vec![Security::Keyed(key(0))], vec![None], 115_200);
    rig.show(0);
    rig.run_ms(5_000);
    let told = alarms(&rig);
    assert!(
        told.len() == 1 && matches!(told[0], Alarm::ChallengeRefused | Alarm::WrongKey),
        "{told:?}"
    );
    assert!(rig.cards().is_empty());
    assert_eq!(
        rig.unlock(0, 1),
        Err(BusError::NotInService { reader: FIRST })
    );
}

#[test]
fn a_reply_from_another_address_or_with_another_number_is_not_acted_on() {
    let mut rig = Rig::new(vec![Security::Clear, Security::Clear], 115_200);
    rig.run_ms(1_000);
    let card = [&[0, 1, 26, 0], &CARD[..]].concat();
    for address in 0..4 {
        for sequence in 0..4 {
            let forged = frame(address, sequence, RAW, &card);
            let strays = rig.bus.line_stats().stray_frames;
            rig.bus.handle_bytes(&forged, rig.now());
            while let Some(event) = rig.bus.poll_event() {
                // In clear a forged answer to the question at hand cannot be told from a true one.
                assert!(matches!(event, BusEvent::Card { .. }), "{event:?}");
            }
            let taken = rig.bus.line_stats().stray_frames == strays;
            rig.run_ms(50);
            assert!(!taken || address < 2);
        }
    }
}

#[test]
fn guessable_keys_and_shared_addresses_are_refused() {
    let bus = |readers: Vec<(u8, Security)>| {
        let readers = readers.into_iter().map(|(address, security)| ReaderConfig {
            address: Address::new(address).unwrap(),
            security,
        });
        reader_bus::Bus::new(
            LineConfig::default(),
            readers.collect(),
            Box::new(NoEntropy),
        )
        .err()
    };
    for weak in [
        Scbk::DEFAULT,
        Scbk::new([0; 16]),
        Scbk::new([7; 16]),
        Scbk::new(std::array::from_fn(|at| u8::try_from(at).unwrap())),
    ] {
        assert!(matches!(
            bus(vec![(0, Security::Keyed(weak))]),
            Some(BusError::WeakKey { .. })
        ));
    }
    assert_eq!(
        bus(vec![(3, Security::Clear), (3, Security::Clear)]),
        Some(BusError::Address { actual: 3 })
    );
}

fn assert_refused(rig: &mut Rig, why: Alarm) {
    assert_eq!(alarms(rig), [why]);
    assert!(rig.cards().is_empty() && rig.outs.is_empty());
    assert_eq!(
        rig.count(&BusEvent::Online {
            reader: FIRST,
            secure: true
        }),
        0
    );
    assert_eq!(
        rig.unlock(0, 1),
        Err(BusError::NotInService { reader: FIRST })
    );
}

fn assert_serves(rig: &mut Rig) {
    rig.run_ms(1_000);
    let before = rig.cards().len();
    rig.show(0);
    rig.run_ms(500);
    assert_eq!(
        rig.cards().len(),
        before + 1,
        "in a new session the next card is told"
    );
    assert_eq!(rig.count(&BusEvent::Offline { reader: FIRST }), 0);
}

fn alarms(rig: &Rig) -> Vec<Alarm> {
    let alarm = |(_, event): &(u64, BusEvent)| {
        if let BusEvent::SecurityAlarm { what, .. } = event {
            Some(*what)
        } else {
            None
        }
    };
    rig.events.iter().filter_map(alarm).collect()
}

/// A reply in clear with the number that the next question will have.
fn clear(rig: &Rig, code: u8, data: &[u8]) -> Vec<u8> {
    let (_, last) = rig.sent.last().unwrap();
    // The rig decides a reply's fate when the question is asked; the question at hand has its answer on the wire already.
    let number = Sequence::new(last[5] & 3).unwrap();
    frame(0, number.next().get(), code, data)
}

pub(crate) fn frame(address: u8, sequence: u8, code: u8, data: &[u8]) -> Vec<u8> {
    let header = Header {
        direction: Direction::Reply,
        address: Address::new(address).unwrap(),
        sequence: Sequence::new(sequence).unwrap(),
        check: Check::Crc,
    };
    let mut out = [0; 64];
    let len = Frame::plain(header, code, data).encode(&mut out).unwrap();
    [&[MARK], &out[..len]].concat()
}

/// A sealed reply with the next number and a sound check, its MAC left as it was.
fn forge(rig: &Rig, sealed: &[u8]) -> Vec<u8> {
    let (_, last) = rig.sent.last().unwrap();
    let mut forged = sealed[1..].to_vec();
    forged[4] = forged[4] & !3 | Sequence::new(last[5] & 3).unwrap().next().get();
    let end = forged.len() - 2;
    let crc = crc16(&forged[..end]).to_le_bytes();
    forged[end..].copy_from_slice(&crc);
    [&[MARK], &forged[..]].concat()
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

struct NoEntropy;

impl reader_bus::Entropy for NoEntropy {
    fn fill(&mut self, _octets: &mut [u8]) {}
}
