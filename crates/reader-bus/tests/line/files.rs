//! Files on their way into a reader, and a reader told to answer elsewhere.

use firmware_protocol::pd::Extras;
use reader_bus::{
    Address, BusError, BusEvent, ComSettings, FailCause, Order, OrderOutcome, ReaderIndex,
};

use crate::rig::{Fate, Rig};

const FIRST: ReaderIndex = ReaderIndex::new(0);
const FILETRANSFER: u8 = 0x7C;
const ABORT: u8 = 0xA2;

fn rig(octets: u32) -> Rig {
    let mut rig = Rig::keyed(2, 115_200);
    rig.seat(0).pd.set_extras(Extras {
        files: true,
        bauds: &[9_600, 115_200],
        ..Extras::default()
    });
    rig.file = (0..octets)
        .map(|at| at.to_le_bytes()[0] ^ at.to_le_bytes()[1])
        .collect();
    rig
}

fn begin(rig: &mut Rig) {
    let total = u32::try_from(rig.file.len()).unwrap();
    rig.bus
        .order(FIRST, 9, Order::File { total, from: 0 })
        .unwrap();
}

fn ended(rig: &Rig) -> Option<OrderOutcome> {
    let ends = rig.events.iter().filter_map(|(_, event)| {
        if let BusEvent::OrderEnded {
            ticket: 9, outcome, ..
        } = event
        {
            Some(*outcome)
        } else {
            None
        }
    });
    let ends: Vec<_> = ends.collect();
    assert!(ends.len() <= 1, "{ends:?}");
    ends.first().copied()
}

/// When commands with this code went to the first reader.
fn sent(rig: &Rig, code: u8) -> Vec<u64> {
    let frames = rig.sent.iter().filter(|(_, frame)| {
        let is_secured = frame[5] & 8 != 0;
        let block = if is_secured { usize::from(frame[6]) } else { 0 };
        frame[2] == 0 && frame[6 + block] == code
    });
    frames.map(|(at, _)| *at).collect()
}

#[test]
fn a_file_arrives_while_cards_go_on_at_every_reader() {
    let mut rig = rig(30_000);
    begin(&mut rig);
    rig.run_ms(300);
    for reader in [0, 1] {
        let before = rig.cards().len();
        let shown = rig.up;
        rig.show(reader);
        while rig.cards().len() == before {
            rig.run_ms(1);
        }
        assert!(rig.up - shown < 400_000, "{} µs", rig.up - shown);
        rig.bus
            .release(ReaderIndex::new(u8::try_from(reader).unwrap()));
    }
    assert_eq!(ended(&rig), None, "still on its way");
    rig.run_ms(60_000);
    assert_eq!(ended(&rig), Some(OrderOutcome::Done));
    assert!(rig.flash == rig.file);
}

#[test]
fn a_file_survives_lost_answers_a_fallen_session_and_an_absence() {
    let mut rig = rig(6_000);
    begin(&mut rig);
    for _ in 0..10 {
        rig.run_ms(40);
        rig.fate = [Fate::Lost, Fate::Flipped(9)].into();
    }
    rig.seat(0).plugged = false;
    rig.run_ms(10_000);
    assert_eq!(rig.count(&BusEvent::Offline { reader: FIRST }), 1);
    rig.seat(0).plugged = true;
    rig.run_ms(60_000);
    assert_eq!(ended(&rig), Some(OrderOutcome::Done));
    assert!(rig.flash == rig.file);
}

#[test]
fn a_file_waits_as_long_as_its_reader_needs() {
    let mut rig = rig(600);
    rig.seat(0).pd.set_file_delay_ms(300);
    begin(&mut rig);
    rig.run_ms(20_000);
    assert_eq!(ended(&rig), Some(OrderOutcome::Done));
    let pieces = sent(&rig, FILETRANSFER);
    assert!(pieces.len() > 3);
    assert!(
        pieces.windows(2).all(|pair| pair[1] - pair[0] >= 200_000),
        "{pieces:?}"
    );
}

#[test]
fn a_file_given_up_is_forgotten_by_the_reader() {
    let mut rig = rig(30_000);
    begin(&mut rig);
    rig.run_ms(200);
    rig.bus.withdraw(FIRST, 9);
    rig.run_ms(500);
    assert_eq!(
        ended(&rig),
        Some(OrderOutcome::Failed(FailCause::Withdrawn))
    );
    assert_eq!(sent(&rig, ABORT).len(), 1);
    let (sent_before, stored) = (sent(&rig, FILETRANSFER).len(), rig.flash.len());
    rig.run_ms(2_000);
    assert_eq!(
        (sent(&rig, FILETRANSFER).len(), rig.flash.len()),
        (sent_before, stored)
    );
}

#[test]
fn a_reader_that_takes_no_files_says_so() {
    let mut rig = rig(1_000);
    rig.seat(0).pd.set_extras(Extras::default());
    begin(&mut rig);
    rig.run_ms(10_000);
    assert!(
        matches!(
            ended(&rig),
            Some(OrderOutcome::Failed(FailCause::Refused(_)))
        ),
        "{:?}",
        ended(&rig)
    );
    let empty = rig.bus.order(FIRST, 9, Order::File { total: 0, from: 0 });
    assert!(matches!(empty, Err(BusError::File(_))));
}

#[test]
fn a_reader_answers_elsewhere_once_it_has_confirmed() {
    let mut rig = rig(1);
    let settings = ComSettings::new(Address::new(17).unwrap(), 9_600).unwrap();
    rig.bus
        .order(FIRST, 9, Order::Communicate(settings))
        .unwrap();
    rig.run_ms(500);
    assert_eq!(ended(&rig), Some(OrderOutcome::Done));
    rig.run_ms(12_000);
    assert_eq!(
        rig.count(&BusEvent::Offline { reader: FIRST }),
        1,
        "nobody is at the old address"
    );
}

#[test]
fn a_speed_that_the_reader_does_not_know_changes_nothing() {
    let mut rig = rig(1);
    let settings = ComSettings::new(Address::new(17).unwrap(), 57_600).unwrap();
    rig.bus
        .order(FIRST, 9, Order::Communicate(settings))
        .unwrap();
    rig.run_ms(12_000);
    assert!(matches!(
        ended(&rig),
        Some(OrderOutcome::Failed(FailCause::Refused(_)))
    ));
    assert_eq!(rig.count(&BusEvent::Offline { reader: FIRST }), 0);
}
