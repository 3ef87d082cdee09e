//! The page of the routine: each rule names tests that are there, and every rule that the code carries has one.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{read, source_files};

/// The tests whose names begin with a rule's number, by that number.
fn tests_of_rules() -> BTreeMap<u32, BTreeSet<String>> {
    let mut tests: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for file in source_files() {
        let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
        for pair in lines.windows(2) {
            let [before, line] = pair else { continue };
            let name = line
                .strip_prefix("fn m")
                .filter(|_| before.starts_with('#'));
            let Some((name, _)) = name.and_then(|name| name.split_once('(')) else {
                continue;
            };
            if let Some(rule) = name.split('_').next().and_then(|it| it.parse().ok()) {
                tests.entry(rule).or_default().insert(format!("m{name}"));
            }
        }
    }
    tests
}

/// Rows of the page: the rule, and the tests it names.
fn rows() -> BTreeMap<u32, Vec<String>> {
    let page = read("docs/routine.md");
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| M")?.split(" | ");
        let rule = cells.next()?.parse().ok()?;
        let tests = cells.nth(1)?.trim_end_matches(" |");
        let names = tests.split('`').filter(|name| name.starts_with('m'));
        Some((rule, names.map(str::to_owned).collect()))
    });
    rows.collect()
}

#[test]
fn every_rule_of_the_routine_has_a_test_of_its_number() {
    let (tests, rows) = (tests_of_rules(), rows());
    let carried: Vec<u32> = (1..=20).chain(22..=25).chain(30..=34).collect();
    assert!(
        rows.keys().copied().eq(1..=35),
        "one row for each rule, in order"
    );
    for rule in carried {
        let named = rows.get(&rule);
        let named = named.unwrap_or_else(|| panic!("docs/routine.md has no row for M{rule}"));
        assert!(!named.is_empty(), "M{rule} names no test");
        let there = tests.get(&rule).cloned().unwrap_or_default();
        let prefix = format!("m{rule:02}_");
        assert!(
            named.iter().any(|name| name.starts_with(&prefix)) && !there.is_empty(),
            "M{rule} names no test of its own number"
        );
    }
    let all: BTreeSet<&String> = tests.values().flatten().collect();
    for (rule, named) in &rows {
        for name in named {
            assert!(all.contains(name), "M{rule}: there is no test {name}");
        }
    }
}
