//! Tampering: whatever is changed, cut or swapped below a checkpoint is found, and nothing makes the verifier panic.

use event_log::verify::Options;
use proptest::prelude::*;

use crate::rig::{House, Seeded, at};
use key_store::Entropy;

const SEGMENT: &str = "log/segments/0000000000.seg";

fn sealed_house() -> (House, usize) {
    let (house, mut log) = House::new();
    for round in 0..10 {
        drop(log.append(&house.batch(round * 7..round * 7 + 7)).unwrap());
    }
    log.seal(at(0)).unwrap();
    let octets = house.mem.contents(SEGMENT).unwrap();
    let end = octets.iter().rposition(|octet| *octet != 0).unwrap() + 1;
    (house, end)
}

#[test]
fn any_changed_octet_of_a_sealed_log_is_found() {
    let (house, end) = sealed_house();
    let good = house.mem.contents(SEGMENT).unwrap();
    let mut dice = Seeded(42);
    for round in 0..1_500 {
        let mut roll = [0; 9];
        dice.fill(&mut roll);
        let place = usize::try_from(
            u64::from_be_bytes(roll[..8].try_into().unwrap()) % u64::try_from(end).unwrap(),
        )
        .unwrap();
        let mut bad = good.clone();
        bad[place] ^= roll[8].max(1);
        house.mem.put(SEGMENT, bad);
        assert!(
            house.verify().is_err(),
            "round {round}: octet {place} of {end}"
        );
    }
    house.mem.put(SEGMENT, good);
    house.verify().unwrap();
}

/// One way to tamper with the files of a log. What is there: segments, seals, checkpoint; nothing else is believed.
fn tamper(octets: &mut Vec<u8>, dice: &mut Dice) {
    let end = octets
        .iter()
        .rposition(|octet| *octet != 0)
        .map_or(1, |at| at + 1);
    let (from, to) = (dice.below(end), dice.below(end));
    let len = 1 + dice.below(200.min(end));
    match dice.below(8) {
        0 | 1 => octets[from] ^= 1 << dice.below(8),
        2 => octets[from] = dice.octet(),
        3 => octets.truncate(from),
        4 => {
            octets.drain(from..(from + len).min(end));
        }
        5 => {
            let again = octets[from..(from + len).min(end)].to_vec();
            octets.splice(to..to, again);
        }
        6 => octets[from..(from + len).min(end)].fill(0),
        _ => {
            let (from, to) = (from.min(to), from.max(to));
            let width = len.min(to - from).min(end - to);
            let (left, right) = octets.split_at_mut(to);
            left[from..from + width].swap_with_slice(&mut right[..width]);
        }
    }
}

/// Dice of a test: the same seed throws the same.
struct Dice(Seeded);

impl Dice {
    fn octet(&mut self) -> u8 {
        let mut octet = [0];
        self.0.fill(&mut octet);
        octet[0]
    }

    fn below(&mut self, sides: usize) -> usize {
        let mut throw = [0; 4];
        self.0.fill(&mut throw);
        usize::try_from(u32::from_be_bytes(throw)).unwrap() % sides
    }
}

/// 100,000 tamperings; `PORTVAKT_TAMPERINGS=1000000 cargo test --release -p event-log tampering` for more.
#[test]
fn no_tampering_of_many_kinds_passes() {
    let wanted = std::env::var("PORTVAKT_TAMPERINGS").ok();
    let rounds: u32 = wanted.map_or(100_000, |rounds| rounds.parse().unwrap());
    let (house, mut log) = House::new();
    for round in 0..3 {
        drop(log.append(&house.batch(round * 5..round * 5 + 5)).unwrap());
        log.seal(at(0)).unwrap();
    }
    let mut options = Options::default();
    options.pin(&log.verifier_key()).unwrap();
    options.pin(&log.epoch_verifier_key().unwrap()).unwrap();
    let files = [SEGMENT, "log/seals", "log/checkpoint"];
    let mut good: Vec<Vec<u8>> = files.map(|path| house.mem.contents(path).unwrap()).to_vec();
    // The zeros written ahead say nothing, and cost time.
    good[0].truncate(8_192);
    house.mem.put(SEGMENT, good[0].clone());
    house.verify_with(options.clone()).unwrap();
    let mut dice = Dice(Seeded(4));
    let mut tried = 0;
    while tried < rounds {
        let which = dice.below(files.len());
        let mut bad = good[which].clone();
        tamper(&mut bad, &mut dice);
        if says_the_same(&bad, &good[which]) {
            continue;
        }
        tried += 1;
        // What is only put behind the end was never acknowledged, and is told as such.
        let only_added = bad.starts_with(&good[which][..end_of(&good[which])]);
        house.mem.put(files[which], bad);
        if let Ok(report) = house.verify_with(options.clone()) {
            let told = only_added && report.torn > 0;
            assert!(told, "tampering {tried}, {}: {report:?}", files[which]);
        }
        house.mem.put(files[which], good[which].clone());
    }
    house.verify_with(options).unwrap();
}

/// Zeros at the end are not part of a file.
fn says_the_same(one: &[u8], other: &[u8]) -> bool {
    one[..end_of(one)] == other[..end_of(other)]
}

fn end_of(octets: &[u8]) -> usize {
    let last = octets.iter().rposition(|octet| *octet != 0);
    last.map_or(0, |at| at + 1)
}

#[test]
fn a_changed_octet_is_located() {
    let (house, _) = sealed_house();
    let mut bad = house.mem.contents(SEGMENT).unwrap();
    bad[4_096 + 30] ^= 1;
    house.mem.put(SEGMENT, bad);
    let finding = house.verify().unwrap_err();
    assert_eq!(finding.index, Some(0));
    assert_eq!(
        finding.to_string(),
        "record 0: damaged (segment 0, octet 4096)"
    );
}

#[test]
fn a_log_cut_to_an_earlier_checkpoint_fails_against_a_later_anchor() {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..7)).unwrap());
    log.seal(at(0)).unwrap();
    let files: Vec<(String, Vec<u8>)> = house
        .mem
        .files()
        .into_iter()
        .map(|path| (path.clone(), house.mem.contents(&path).unwrap()))
        .collect();
    drop(log.append(&house.batch(7..14)).unwrap());
    log.seal(at(1)).unwrap();
    let anchor = String::from_utf8(house.mem.contents("log/checkpoint").unwrap()).unwrap();
    drop(log);
    for (path, octets) in files {
        house.mem.put(&path, octets);
    }
    house.verify().unwrap();
    let refused = house
        .verify_with(Options {
            anchor: Some(anchor.parse().unwrap()),
            ..Options::default()
        })
        .unwrap_err();
    assert_eq!(refused.index, Some(7));
}

#[test]
fn a_log_shorter_than_its_checkpoint_is_neither_opened_nor_verified() {
    let (house, end) = sealed_house();
    let mut octets = house.mem.contents(SEGMENT).unwrap();
    octets[end - 300..].fill(0);
    house.mem.put(SEGMENT, octets);
    let finding = house.verify().unwrap_err();
    assert!(finding.index.is_some(), "{finding}");
    assert!(house.reopened().open_log().is_err());
}

#[test]
fn another_logs_files_are_refused() {
    let (house, _) = sealed_house();
    let (other, mut log) = House::seeded(1);
    drop(log.append(&other.batch(0..3)).unwrap());
    log.seal(at(0)).unwrap();
    let pinned = "other.example/portvakt+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        .parse::<event_log::VerifierKey>();
    assert!(pinned.is_err(), "a key whose id does not fit is no key");
    house.mem.put(
        "log/checkpoint",
        other.mem.contents("log/checkpoint").unwrap(),
    );
    assert!(house.verify().is_err());
}

#[test]
fn missing_empty_and_absurd_files_are_findings() {
    for path in [SEGMENT, "log/checkpoint", "log/verifier"] {
        for octets in [Vec::new(), vec![0; 10], vec![0xFF; 5_000]] {
            let (house, _) = sealed_house();
            house.mem.put(path, octets.clone());
            assert!(house.verify().is_err(), "{path}: {} octets", octets.len());
        }
    }
    let (house, _) = sealed_house();
    house.mem.put(
        "log/segments/0000000007.seg",
        house.mem.contents(SEGMENT).unwrap(),
    );
    assert!(house.verify().is_err(), "a segment under another number");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_hostile_segment_never_makes_the_verifier_panic(octets in proptest::collection::vec(any::<u8>(), 0..3_000), at in 0_usize..8_000) {
        let (house, _) = sealed_house();
        let mut segment = house.mem.contents(SEGMENT).unwrap();
        segment.truncate(16_384);
        let end = (at + octets.len()).min(segment.len());
        segment[at..end].copy_from_slice(&octets[..end - at]);
        house.mem.put(SEGMENT, segment);
        let _either = house.verify().is_ok();
    }
}
