//! The main job, end to end: a card at a reader others wrote opens a door through the real daemon,
//! and the log proves it. Nothing is mocked: libosdp's C core, the real binaries, the real command
//! line, SQLite on a disk.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use peers::controller::PATIENCE;
use peers::{Controller, LibosdpReader};
use serde_json::Value;

const ADDRESS: u8 = 3;
const KEY: [u8; 16] = *b"\x31\x85\x02\xE9\x77\x1C\xD4\x60\x0B\xA8\x5F\x93\x2E\xC6\x14\x7D";
const KEY_HEX: &str = "318502e9771cd4600ba85f932ec6147d";

/// 26-bit cards in H10301: facility 1, number 12345; and facility 1, number 12346.
const CARD: [u8; 4] = [0x80, 0x98, 0x1C, 0xC0];
const OTHER_CARD: [u8; 4] = [0x80, 0x98, 0x1D, 0x40];

/// Longer than an unlock may live (1 s): what has not come by now never comes.
const LONG_ENOUGH: Duration = Duration::from_secs(3);

#[test]
fn a_supplier_card_activated_at_a_libosdp_reader_opens_its_door_once() {
    let (reader, house) = house();
    issue(&house, &reader, &CARD, "+1d");

    reader.present(&CARD, 26);
    let output = reader.next_output(PATIENCE).expect("the door opens");
    assert_eq!(
        (output.output, output.control, output.time_100ms),
        (0, 5, 50)
    );

    let granted = house.events(1, |event| event["event"] == "access-granted");
    assert_eq!(granted[0]["door"], "main");
    assert_eq!(granted[0]["reader"], "main-in");
    assert_eq!(granted[0]["reason"], "ok");
    assert_eq!(
        reader.next_output(LONG_ENOUGH),
        None,
        "one card, one unlock"
    );
    assert_eq!(
        house.events(1, |event| event["class"] == "passage").len(),
        1
    );
    assert_verifies(house);
}

#[test]
fn a_blocked_card_does_not_open_it() {
    let (reader, house) = house();
    let issuance = issue(&house, &reader, &CARD, "+1d");
    house.portvakt(&[
        "--yes",
        "card",
        "block",
        &issuance,
        "--reason",
        "left in a taxi",
    ]);
    assert_denied(&house, &reader, &CARD, "blocked");
    assert_verifies(house);
}

#[test]
fn a_returned_card_does_not_open_it() {
    let (reader, house) = house();
    let issuance = issue(&house, &reader, &CARD, "+1d");
    house.portvakt(&["--yes", "card", "return", &issuance, "--form-shredded"]);
    // What a visitor brought is forgotten with its row: the card is unknown now.
    assert_denied(&house, &reader, &CARD, "unknown-card");
    assert_verifies(house);
}

#[test]
fn an_expired_card_does_not_open_it() {
    let (reader, house) = house();
    let end = Timestamp::now() + SignedDuration::from_secs(12);
    issue(&house, &reader, &CARD, &end.to_string());
    while Timestamp::now() < end {
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_denied(&house, &reader, &CARD, "expired");
    assert_verifies(house);
}

#[test]
fn an_unknown_card_does_not_open_it() {
    let (reader, house) = house();
    issue(&house, &reader, &CARD, "+1d");
    let denied = assert_denied(&house, &reader, &OTHER_CARD, "unknown-card");
    assert!(denied["issuance"].is_null());
    assert_verifies(house);
}

/// A libosdp reader in Secure Channel with the real daemon, and a tenant with a contact person.
fn house() -> (LibosdpReader, Controller) {
    let reader = LibosdpReader::start(ADDRESS, KEY).unwrap();
    let house = Controller::start(reader.device(), ADDRESS);
    let set_key = ["reader", "set-key", "main-in", "--key-file", "-"];
    house.portvakt_reading(&set_key, &format!("{KEY_HEX}\n"));
    house.wait_until_secure("main-in");
    assert!(reader.in_secure_channel());
    house.portvakt(&["tenant", "add", "Peer Ltd"]);
    house.portvakt(&[
        "tenant", "contact", "Peer Ltd", "--name", "Con Tact", "--mobile", "+999 00",
    ]);
    (reader, house)
}

/// Issues a supplier's card and activates it by showing it at the reader; the issuance.
fn issue(house: &Controller, reader: &LibosdpReader, card: &[u8; 4], until: &str) -> String {
    let words = [
        "--json",
        "card",
        "issue",
        "--kind",
        "supplier",
        "--name",
        "Nomen Nescio",
        "--firm",
        "Pipes Ltd",
        "--mobile",
        "+999 01",
        "--contact",
        "Con Tact",
        "--tenant",
        "Peer Ltd",
        "--door",
        "main",
        "--until",
        until,
        "--identified-by",
        "passport",
        "--return-duty-told",
        "--present",
        "main-in",
    ];
    let issued = house.portvakt_waiting(&words, || reader.present(card, 26));
    let issued: Value = serde_json::from_str(&issued).unwrap();
    assert_eq!(issued["state"], "active", "{issued}");
    assert_eq!(
        reader.next_output(Duration::ZERO),
        None,
        "enrolling opens nothing"
    );
    issued["issuance"].as_str().unwrap().to_owned()
}

/// Shows a card that must be refused: one denial in the log, and nothing for the strike.
fn assert_denied(
    house: &Controller,
    reader: &LibosdpReader,
    card: &[u8; 4],
    reason: &str,
) -> Value {
    reader.present(card, 26);
    let mut denied = house.events(1, |event| event["event"] == "access-denied");
    assert_eq!(denied[0]["reason"], reason);
    assert_eq!(denied[0]["reader"], "main-in");
    assert_eq!(
        reader.next_output(LONG_ENOUGH),
        None,
        "the strike must not move"
    );
    assert_eq!(
        house
            .events(0, |event| event["event"] == "access-granted")
            .len(),
        0
    );
    denied.remove(0)
}

fn assert_verifies(house: Controller) {
    let verdict = house.stop_and_verify();
    assert!(!verdict.is_empty(), "log verify says what it verified");
}
