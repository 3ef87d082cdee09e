//! Growth: the log is shown to go on from an earlier size of it, with and without tiles.

use std::sync::Arc;

use event_log::disk::{Disk, SubDisk};
use event_log::{Log, LogError, Prover, TreeHead};

use crate::rig::{House, at};

/// A log of so many events, and its tree at each of the sizes asked for.
fn grown(sizes: &[u64]) -> (House, Log, Vec<TreeHead>) {
    let (house, mut log) = House::new();
    let mut heads = Vec::new();
    for size in sizes {
        drop(log.append(&house.batch(log.size()..*size)).unwrap());
        heads.push(TreeHead {
            origin: log.origin().to_owned(),
            size: log.size(),
            root: log.root(),
        });
    }
    log.seal(at(10_000_000)).unwrap();
    (house, log, heads)
}

pub(crate) fn prover(house: &House, log: &Log) -> Prover {
    let disk: Arc<dyn Disk> = Arc::new(SubDisk::new(Arc::clone(&house.disk), "log"));
    Prover::open(&disk, &log.verifier_key().parse().unwrap()).unwrap()
}

#[test]
fn a_log_is_shown_to_go_on_from_every_earlier_size() {
    let sizes = [1, 2, 3, 7, 64, 255, 256, 257, 511, 513, 700, 1_000];
    let (house, log, heads) = grown(&sizes);
    for tiles in [house.mem.contents("log/tiles/8").unwrap(), Vec::new()] {
        house.mem.put("log/tiles/8", tiles);
        let mut prover = prover(&house, &log);
        assert!(prover.consistency(0).unwrap().lines().is_empty());
        for head in &heads {
            let proof = prover.consistency(head.size).unwrap();
            proof
                .check((head.size, head.root), (log.size(), log.root()))
                .unwrap();
            prover.must_extend(head).unwrap();
        }
    }
}

#[test]
fn hostile_tiles_change_no_proof_of_growth() {
    let (house, log, _) = grown(&[300, 1_000]);
    let good = house.mem.contents("log/tiles/8").unwrap();
    let proof = prover(&house, &log).consistency(300).unwrap();
    let mut swapped = good[48..96].to_vec();
    swapped.extend(&good[..48]);
    swapped.extend(&good[96..]);
    for tiles in [vec![0xFF; 500], swapped] {
        house.mem.put("log/tiles/8", tiles);
        assert_eq!(prover(&house, &log).consistency(300).unwrap(), proof);
    }
}

#[test]
fn what_the_log_is_not_is_not_shown() {
    let (house, log, heads) = grown(&[300, 600]);
    let mut prover = prover(&house, &log);
    let longer = prover.consistency(601).unwrap_err();
    assert!(matches!(longer, LogError::Truncated { signed: 601, .. }));
    let other = TreeHead {
        root: [7; 32],
        ..heads[0].clone()
    };
    let refused = prover.must_extend(&other).unwrap_err();
    assert!(matches!(refused, LogError::Inconsistent { signed: 300 }));
    let mut octets = house.mem.contents("log/segments/0000000000.seg").unwrap();
    octets[4_096 + 40] ^= 1;
    house.mem.put("log/segments/0000000000.seg", octets);
    house.mem.put("log/tiles/8", Vec::new());
    assert!(
        crate::growth::prover(&house, &log)
            .consistency(300)
            .is_err()
    );
}
