//! A reader others wrote, fresh from its maker: paired by the real daemon, then given another key in its session.

use peers::{Controller, LibosdpReader};

const ADDRESS: u8 = 3;

#[test]
fn a_libosdp_reader_is_paired_and_its_key_rotated() {
    let reader = LibosdpReader::start_in_install_mode(ADDRESS).unwrap();
    let house = Controller::start(reader.device(), ADDRESS);
    house.portvakt(&["reader", "pair", "main-in", "--for", "1m"]);
    house.wait_until_secure("main-in");
    assert!(reader.in_secure_channel());
    let paired = house.events(1, |event| event["event"] == "reader-paired");
    assert_eq!(paired[0]["reader"], "main-in");
    for turn in 1..=3 {
        house.portvakt(&["reader", "rotate-key", "main-in"]);
        let changed = house.events(1 + turn, |event| event["event"] == "reader-key-changed");
        assert_eq!(changed.len(), 1 + turn);
        assert!(reader.in_secure_channel());
    }
    let shown = &house.rows(&["reader", "show", "main-in"])[0];
    assert_eq!(shown["state"], "online", "{shown}");
    assert!(!house.stop_and_verify().is_empty());
}
