//! The worked examples of the standard's annex E, checked against `vectors/annex-e.toml`.

extern crate std;

use std::vec::Vec;

use super::session_keys::{LABEL_ENC, LABEL_MAC1, LABEL_MAC2, derive_one};
use super::{AcuHandshake, PdHandshake, Scbk};
use crate::reply::ClientCryptogram;
use crate::{Address, Check, Command, Direction, Frame};

const FIGURES: &str = include_str!("../../vectors/annex-e.toml");

/// The octets of one figure; the file has one `name = "hex"` a line.
fn figure(name: &str) -> Vec<u8> {
    let value = FIGURES
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""));
    let hex = value.and_then(|value| value.strip_suffix('"')).unwrap();
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).unwrap().try_into().unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn array<const N: usize>(name: &str) -> [u8; N] {
    figure(name).try_into().unwrap()
}

#[test]
fn frames_are_checked_as_in_annex_e() {
    for (body, check, kind) in [
        ("comset_crc_body", "comset_crc", Check::Crc),
        ("id_crc_body", "id_crc", Check::Crc),
        ("comset_sum_body", "comset_sum", Check::Checksum),
        ("id_sum_body", "id_sum", Check::Checksum),
    ] {
        let octets = [figure(body), figure(check)].concat();
        let frame = Frame::decode(&octets).unwrap();
        assert_eq!((frame.check, frame.direction), (kind, Direction::Command));
        let mut out = [0; 32];
        let len = frame.encode(&mut out).unwrap();
        assert_eq!(out[..len], octets);
    }
}

#[test]
fn the_examples_say_what_they_say() {
    let octets = [figure("comset_crc_body"), figure("comset_crc")].concat();
    let comset = Frame::decode(&octets).unwrap();
    assert_eq!((comset.address, comset.code), (Address::BROADCAST, 0x6E));
    let octets = [figure("id_sum_body"), figure("id_sum")].concat();
    let id = Frame::decode(&octets).unwrap();
    assert_eq!(Command::decode(id.code, id.data), Ok(Command::Id));
    assert_eq!(id.address.get(), 0);
}

#[test]
fn session_keys_are_those_of_annex_e() {
    let scbk = Scbk::new(array("scbk"));
    assert!(scbk.is_default());
    assert_eq!(derive_one(&scbk, LABEL_ENC, array("rnd_a")), array("s_enc"));
    assert_eq!(
        derive_one(&scbk, LABEL_MAC1, array("rnd_a")),
        array("s_mac1")
    );
    assert_eq!(
        derive_one(&scbk, LABEL_MAC2, array("rnd_a")),
        array("s_mac2")
    );
}

#[test]
fn the_handshake_is_that_of_annex_e_at_both_ends() {
    let scbk = Scbk::new(array("scbk"));
    let acu = AcuHandshake::new(&scbk, array("rnd_a"));
    let (reply, pd) = PdHandshake::challenged(&scbk, acu.challenge(), array("rnd_b"), [0; 8]);
    let cryptogram = array("client_cryptogram");
    assert_eq!(
        reply,
        ClientCryptogram {
            client_id: [0; 8],
            rnd_b: array("rnd_b"),
            cryptogram
        }
    );
    let acu = acu.client_cryptogram(&reply).unwrap();
    assert_eq!(acu.server_cryptogram(), array("server_cryptogram"));
    let (r_mac_i, _) = pd.server_cryptogram(&acu.server_cryptogram()).unwrap();
    assert_eq!(r_mac_i, array("r_mac_i"));
    assert!(acu.r_mac_i(&r_mac_i).is_ok());
}
