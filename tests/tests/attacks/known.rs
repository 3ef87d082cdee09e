//! The list of known attacks and the tests are one and the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_known_attack_has_a_test_and_every_test_a_row() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(house.join("../docs/known-attacks.md")).unwrap();
    let rows: BTreeSet<String> = list
        .lines()
        .filter_map(|line| line.strip_suffix("` |"))
        .filter_map(|line| line.rsplit('`').next())
        .map(str::to_owned)
        .collect();
    let mut tests = BTreeSet::new();
    for file in fs::read_dir(house.join("tests/attacks")).unwrap() {
        let file = file.unwrap().path();
        if !file.ends_with("known.rs") {
            tests.extend(tests_of(&fs::read_to_string(file).unwrap()));
        }
    }
    assert!(tests.len() > 20, "{tests:?}");
    let alone: Vec<&String> = rows.symmetric_difference(&tests).collect();
    assert!(alone.is_empty(), "on one side only: {alone:?}");
}

/// The names of the tests in a file.
fn tests_of(text: &str) -> Vec<String> {
    text.split("#[test]\nfn ")
        .skip(1)
        .filter_map(|rest| rest.split('(').next())
        .map(str::to_owned)
        .collect()
}
