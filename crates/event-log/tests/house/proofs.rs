//! Proofs: one record is shown to be in the log, to somebody who has only the key.

use std::sync::Arc;

use event_log::disk::{Disk, SubDisk};
use event_log::{Log, Proof, ProofError, Prover, VerifierKey};
use proptest::prelude::*;

use crate::rig::{House, at};

fn sealed(events: u64) -> (House, Log) {
    let (house, mut log) = House::new();
    let mut next = 0;
    while next < events {
        let until = (next + 97).min(events);
        drop(log.append(&house.batch(next..until)).unwrap());
        next = until;
    }
    log.seal(at(10_000_000)).unwrap();
    (house, log)
}

fn prover(house: &House, log: &Log) -> Prover {
    let disk: Arc<dyn Disk> = Arc::new(SubDisk::new(Arc::clone(&house.disk), "log"));
    Prover::open(&disk, &key(log)).unwrap()
}

fn key(log: &Log) -> VerifierKey {
    log.verifier_key().parse().unwrap()
}

#[test]
fn every_record_of_logs_of_many_sizes_is_proven() {
    for events in [1, 2, 3, 7, 255, 256, 257, 513, 1_000] {
        let (house, log) = sealed(events);
        let mut prover = prover(&house, &log);
        for index in (0..events)
            .step_by(if events > 300 { 61 } else { 1 })
            .chain([events - 1])
        {
            let text = prover.prove(index).unwrap().to_string();
            let proof: Proof = text.parse().unwrap();
            let proven = proof.check(&key(&log)).unwrap();
            assert_eq!((proven.index, proven.checkpoint.size), (index, events));
            assert!(text.len() <= 1_500, "{} octets", text.len());
        }
        assert!(prover.prove(events).is_err());
    }
}

#[test]
fn a_proof_stands_when_its_holder_is_erased() {
    let (house, mut log) = sealed(300);
    let before = prover(&house, &log).prove(6).unwrap();
    let reader = event_log::read::Reader::open(&house.disk, house.store_keys()).unwrap();
    let owner = event_log::PartOwner::Holder(house.holder);
    log.begin_erasure(reader.parts_of(owner, 0..300).unwrap())
        .unwrap();
    log.finish_erasure().unwrap();
    assert_eq!(prover(&house, &log).prove(6).unwrap(), before);
}

#[test]
fn missing_and_hostile_tiles_change_no_proof() {
    let (house, log) = sealed(1_000);
    let good = house.mem.contents("log/tiles/8").unwrap();
    let proof = prover(&house, &log).prove(700).unwrap();
    assert_eq!(good.len(), 3 * 48, "three blocks are complete");
    let mut swapped = good[48..96].to_vec();
    swapped.extend(&good[..48]);
    swapped.extend(&good[96..]);
    for tiles in [Vec::new(), vec![0xFF; 500], swapped, good] {
        house.mem.put("log/tiles/8", tiles);
        assert_eq!(prover(&house, &log).prove(700).unwrap(), proof);
    }
}

#[test]
fn tiles_that_a_crash_lost_are_there_again_after_the_next_opening() {
    let (house, log) = sealed(1_000);
    let good = house.mem.contents("log/tiles/8").unwrap();
    drop(log);
    house.mem.put("log/tiles/8", Vec::new());
    let again = house.reopened();
    drop(again.open_log().unwrap());
    assert_eq!(house.mem.contents("log/tiles/8").unwrap(), good);
}

#[test]
fn a_changed_log_proves_nothing() {
    let (house, log) = sealed(300);
    let segment = "log/segments/0000000000.seg";
    let mut octets = house.mem.contents(segment).unwrap();
    octets[4_096 + 40] ^= 1;
    house.mem.put(segment, octets);
    assert!(prover(&house, &log).prove(0).is_err());
    assert!(
        prover(&house, &log).prove(3).is_err(),
        "its path leads through the changed one"
    );
}

#[test]
fn another_logs_key_believes_no_proof() {
    let (house, log) = sealed(10);
    let (_, other) = House::seeded(1);
    let proof = prover(&house, &log).prove(3).unwrap();
    let refused = proof.check(&key(&other)).unwrap_err();
    assert!(matches!(refused, ProofError::Note(_)), "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_changed_proof_is_believed(at in 0_usize..1_400, to in 33_u8..126) {
        let (house, log) = sealed(300);
        let mut text = prover(&house, &log).prove(123).unwrap().to_string().into_bytes();
        prop_assume!(at < text.len() && text[at] != to);
        text[at] = to;
        if let Ok(proof) = String::from_utf8_lossy(&text).parse::<Proof>() {
            prop_assert!(proof.check(&key(&log)).is_err());
        }
    }
}
