//! Our codec against crate `osdp`, written by others from the same standard: octet for octet, both ways.

use firmware_protocol::command::{
    BuzzerControl, BuzzerTone, FileKind, FileTransfer, KeepActive, KeySet, OutputAction,
    OutputControl, ReceiveSize, RndA, Text, TextAction, TextPlace,
};
use firmware_protocol::reply::{ClientCryptogram, Keypad, PdId, RawCard};
use firmware_protocol::secure::{AcuHandshake, PdHandshake, Scbk};
use firmware_protocol::{
    Address, Check, ComSettings, Command, Direction, FRAME_LEN_MAX, Frame, Header, Records, Reply,
    Sequence,
};
use osdp::command as theirs;
use osdp::packet::{ControlByte, CtrlFlags, PacketBuilder, ParsedPacket, Sqn};
use osdp::reply as their_reply;
use osdp::secure::{self as their_secure, Session as TheirSession};
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #[test]
    fn outputs_are_told_alike(output: u8, action in 0..=6_u8, time: u16) {
        let control = OutputControl { output, action: OutputAction::from_code(action), time_100ms: time };
        let record = theirs::output::OutputRecord {
            output,
            code: theirs::OutputControlCode::from_byte(action).unwrap(),
            timer: time,
        };
        let list = [control];
        let ours = Command::Out(Records::new(&list).unwrap());
        same_command(&ours, &theirs::Command::Output(theirs::OutputControl::new(vec![record])));
    }

    #[test]
    fn buzzers_are_told_alike(reader: u8, tone in 0..=2_u8, on: u8, off: u8, count: u8) {
        let tone_of = BuzzerTone::from_code(tone);
        let ours = BuzzerControl { reader, tone: tone_of, on_100ms: on, off_100ms: off, count };
        let tone = theirs::BuzzerTone::from_byte(tone);
        let other = theirs::BuzzerControl { reader, tone, on_time: on, off_time: off, count };
        same_command(&Command::Buzzer(ours), &theirs::Command::Buzzer(other));
    }

    #[test]
    fn text_is_told_alike(head: [u8; 4], action in 1..=4_u8, text in vec(0x20..=0x7E_u8, 0..=255)) {
        let [reader, time_s, row, column] = head;
        let place = TextPlace { reader, action: TextAction::from_code(action), time_s, row, column };
        let command = theirs::TextCommand::from_byte(action).unwrap();
        let other = theirs::Text { reader, command, temp_time_s: time_s, row, column, text: text.clone() };
        same_command(&Command::Text(Text::new(place, &text).unwrap()), &theirs::Command::Text(other));
    }

    #[test]
    fn keys_settings_sizes_and_times_are_told_alike(key: [u8; 16], rnd_a: [u8; 8], at in 0..=126_u8, baud: u32, size: u16) {
        let ours = Command::KeySet(KeySet { key: Scbk::new(key) });
        same_command(&ours, &theirs::Command::KeySet(theirs::KeySet::scbk(key)));
        let ours = Command::Challenge(RndA(rnd_a));
        same_command(&ours, &theirs::Command::Chlng(theirs::Chlng::new(rnd_a)));
        same_command(&Command::ServerCryptogram(key), &theirs::Command::SCrypt(theirs::SCrypt::new(key)));
        let settings = ComSettings::new(Address::new(at).unwrap(), baud).unwrap();
        let other = theirs::ComSet { address: at, baud };
        same_command(&Command::ComSet(settings), &theirs::Command::ComSet(other));
        same_reply(&Reply::Com(settings), &their_reply::Reply::Com(their_reply::Com { address: at, baud }));
        let ours = Command::ReceiveSize(ReceiveSize { frame_len_max: size });
        same_command(&ours, &theirs::Command::AcuRxSize(theirs::AcuRxSize { max_size: size }));
        let ours = Command::KeepActive(KeepActive { time_ms: size });
        same_command(&ours, &theirs::Command::KeepActive(theirs::KeepActive { duration_ms: size }));
    }

    #[test]
    fn files_are_told_alike(kind: u8, offset in 0..=1_000_000_u32, octets in vec(any::<u8>(), 0..=1_000)) {
        let total = offset + 1_000;
        let ours = FileTransfer::new(FileKind::from_code(kind), total, offset, &octets).unwrap();
        let other = theirs::FileTransfer { file_type: kind, total_size: total, offset, fragment: octets.clone() };
        same_command(&Command::FileTransfer(ours), &theirs::Command::FileTransfer(other));
    }

    #[test]
    fn cards_and_keys_are_reported_alike(reader: u8, format: u8, octets in vec(any::<u8>(), 1..=100)) {
        let bit_count = u16::try_from(octets.len() * 8).unwrap();
        let ours = Reply::Raw(RawCard::new(reader, format, bit_count, &octets).unwrap());
        let other = their_reply::Raw { reader, format_code: format, bit_count, bits: octets.clone() };
        same_reply(&ours, &their_reply::Reply::Raw(other));
        let digit_count = u8::try_from(octets.len()).unwrap();
        let other = their_reply::Keypad { reader, digit_count, digits: octets.clone() };
        let ours = Reply::Keypad(Keypad::new(reader, &octets).unwrap());
        same_reply(&ours, &their_reply::Reply::Keypad(other));
    }

    #[test]
    fn readers_name_themselves_alike(vendor: [u8; 3], model: u8, version: u8, serial: u32, firmware: [u8; 3]) {
        let ours = PdId { vendor, model, version, serial, firmware };
        let other = their_reply::PdId { vendor_oui: vendor, model, version, serial, firmware };
        same_reply(&Reply::PdId(ours), &their_reply::Reply::PdId(other));
    }

    #[test]
    fn frames_in_clear_are_alike(at in 0..=126_u8, sequence in 0..=3_u8, crc: bool, code: u8, data in vec(any::<u8>(), 0..=1_400)) {
        let header = Header {
            direction: Direction::Command,
            address: Address::new(at).unwrap(),
            sequence: Sequence::new(sequence).unwrap(),
            check: if crc { Check::Crc } else { Check::Checksum },
        };
        let mut out = [0; FRAME_LEN_MAX];
        let len = Frame::plain(header, code, &data).encode(&mut out).unwrap();
        let flags = if crc { CtrlFlags::USE_CRC } else { CtrlFlags::empty() };
        let control = ControlByte::new(Sqn::new(sequence).unwrap(), flags);
        let packet = PacketBuilder::plain(osdp::Address::pd(at).unwrap(), control, code, data.clone());
        prop_assert_eq!(&packet.encode().unwrap(), &out[..len]);
        let (parsed, taken) = ParsedPacket::parse(&out[..len]).unwrap();
        prop_assert_eq!((taken, parsed.code, parsed.data), (len, code, &data[..]));
    }

    #[test]
    fn secure_channel_derives_and_seals_alike(key: [u8; 16], rnd_a: [u8; 8], rnd_b: [u8; 8], data in vec(any::<u8>(), 0..=200)) {
        let scbk = Scbk::new(key);
        let (reply, pd) = PdHandshake::challenged(&scbk, rnd_a, rnd_b, [7; 8]);
        let ours = AcuHandshake::new(&scbk, rnd_a).client_cryptogram(&reply).unwrap();
        let ClientCryptogram { client_id: cuid, rnd_b, cryptogram: client_cryptogram } = reply;
        let ccrypt = their_reply::CCrypt { cuid, rnd_b, client_cryptogram };
        let other = TheirSession::new(key).challenge(rnd_a).receive_ccrypt(&ccrypt).unwrap();
        prop_assert_eq!(ours.server_cryptogram(), other.server_cryptogram());
        let (r_mac_i, mut pd) = pd.server_cryptogram(&other.server_cryptogram()).unwrap();
        let mut other = other.confirm_rmac_i(&r_mac_i).unwrap();
        let mut acu = ours.r_mac_i(&r_mac_i).unwrap();
        // Twice there and back: the chain of MACs goes through both directions.
        for turn in 1..=2 {
            let header = Header {
                direction: Direction::Command,
                address: Address::new(5).unwrap(),
                sequence: Sequence::new(turn).unwrap(),
                check: Check::Crc,
            };
            let mut out = [0; FRAME_LEN_MAX];
            let len = acu.seal(header, 0x80, &data, &mut out).unwrap();
            let theirs = their_secure::seal(
                &mut other,
                osdp::Address::pd(5).unwrap(),
                Sqn::new(turn).unwrap(),
                their_secure::Direction::AcuToPd,
                !data.is_empty(),
                0x80,
                &data,
            );
            prop_assert_eq!(&theirs.unwrap(), &out[..len]);
            let mut plain = [0; FRAME_LEN_MAX];
            let opened = pd.open(&Frame::decode(&out[..len]).unwrap(), &mut plain).unwrap();
            prop_assert_eq!(opened.data, &data[..]);

            let header = Header { direction: Direction::Reply, ..header };
            let len = pd.seal(header, 0x90, &data, &mut out).unwrap();
            let (parsed, _) = ParsedPacket::parse(&out[..len]).unwrap();
            prop_assert_eq!(&their_secure::unseal(&mut other, &parsed, &out[..len]).unwrap(), &data);
            acu.open(&Frame::decode(&out[..len]).unwrap(), &mut plain).unwrap();
        }
    }
}

/// RAW gives its count of bits before the bits: a card of none is no card for us, one for them.
#[test]
fn a_card_without_bits_is_a_card_for_them_only() {
    assert!(Reply::decode(0x50, &[0, 1, 0, 0]).is_err());
    assert!(their_reply::Raw::decode(&[0, 1, 0, 0]).is_ok());
}

/// FTSTAT ends with the status, a signed 16-bit number, and the longest message; theirs takes the
/// flags for the status and the status for the size. The octets are as many: only names differ.
#[test]
fn a_file_status_has_other_names_for_them() {
    let octets = [1, 0, 0, 0xFD, 0xFF, 0, 0];
    let Ok(Reply::FileStatus(ours)) = Reply::decode(0x7A, &octets) else {
        panic!("a file status");
    };
    assert_eq!((ours.interleave, ours.detail.code()), (true, -3));
    let other = their_reply::FtStat::decode(&octets).unwrap();
    assert_eq!((other.status, other.preferred_size), (1, 0xFFFD));
}

fn same_command(ours: &Command<'_>, other: &theirs::Command) {
    let mut out = [0; FRAME_LEN_MAX];
    let len = ours.encode(&mut out).unwrap();
    let octets = other.encode_data().unwrap();
    assert_eq!(&out[..len], &octets);
    assert_eq!(ours.code(), other.code().as_byte());
    assert_eq!(&Command::decode(ours.code(), &octets).unwrap(), ours);
    assert_eq!(
        &theirs::Command::decode(other.code(), &out[..len]).unwrap(),
        other
    );
}

fn same_reply(ours: &Reply<'_>, other: &their_reply::Reply) {
    let mut out = [0; FRAME_LEN_MAX];
    let len = ours.encode(&mut out).unwrap();
    let octets = other.encode_data().unwrap();
    assert_eq!(&out[..len], &octets);
    assert_eq!(ours.code(), other.code().as_byte());
    assert_eq!(&Reply::decode(ours.code(), &octets).unwrap(), ours);
    assert_eq!(
        &their_reply::Reply::decode(other.code(), &out[..len]).unwrap(),
        other
    );
}
