//! Lines and readers that come and go, and bytes that mean nothing.

use access::{LineId, ReaderId};
use site::Notice;

use crate::rig::Rig;

const NORTH: LineId = LineId::new(1);
const AT_MAIN: ReaderId = ReaderId::new(1);
const AT_SIDE: ReaderId = ReaderId::new(3);

#[test]
fn readers_come_online_in_secure_channel_and_are_recorded() {
    let rig = Rig::new();
    for reader in 1..=4 {
        assert!(
            rig.told()
                .contains(&format!("reader-online reader {reader}")),
            "{:?}",
            rig.told()
        );
        let online = |notice: &Notice| matches!(notice, Notice::ReaderOnline { reader: of, secure: true } if of.get() == reader);
        assert!(rig.notices.iter().any(online));
    }
}

#[test]
fn a_reader_that_falls_silent_and_comes_back_is_recorded() {
    let mut rig = Rig::new();
    rig.plug(AT_MAIN, false);
    rig.run_ms(12_000);
    assert!(rig.told().contains(&"reader-offline reader 1".to_owned()));
    rig.plug(AT_MAIN, true);
    rig.run_ms(5_000);
    let online = rig
        .told()
        .iter()
        .filter(|told| *told == "reader-online reader 1")
        .count();
    assert_eq!(online, 2);
}

#[test]
fn a_tampered_reader_is_recorded() {
    let mut rig = Rig::new();
    rig.tamper(AT_MAIN, true);
    rig.tamper(AT_MAIN, false);
    let told = rig.told();
    assert!(
        told.contains(&"reader-tamper reader 1".to_owned()),
        "{told:?}"
    );
    assert!(
        told.contains(&"reader-tamper-cleared reader 1".to_owned()),
        "{told:?}"
    );
}

#[test]
fn noise_on_one_line_holds_up_no_other() {
    let mut rig = Rig::new();
    rig.issue(1, |card| {
        card.rights[0].place = access::Place::Door(crate::rig::SIDE)
    });
    let noise: Vec<u8> = (0..4_096_u32)
        .map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect();
    for _ in 0..20 {
        rig.inject(NORTH, &noise);
        rig.run_ms(10);
    }
    rig.show(AT_SIDE, 1);
    assert_eq!(rig.passages(), ["access-granted door 3 reader 3 ok"]);
    assert_eq!(rig.opened(AT_SIDE).len(), 1);
    assert!(rig.opened(AT_MAIN).is_empty());
}
