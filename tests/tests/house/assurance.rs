//! The page of assurance: each test that it names is there.

use std::collections::BTreeSet;

use crate::tree::{read, source_files};

/// The names of all tests.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in source_files() {
        let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
        for pair in lines.windows(2) {
            let [before, line] = pair else { continue };
            let name = line.strip_prefix("fn ").filter(|_| before.starts_with('#'));
            if let Some((name, _)) = name.and_then(|name| name.split_once('(')) {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

#[test]
fn every_test_that_the_page_of_assurance_names_is_there() {
    let (page, tests) = (read("docs/assurance.md"), tests());
    // A sentence in code is a test's name; one that ends in an ellipsis is the beginning of one.
    let named = page.split('`').skip(1).step_by(2).filter(|name| {
        let is_of_a_name =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '…';
        name.matches('_').count() >= 3 && name.chars().all(is_of_a_name)
    });
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 50, "{} tests are named", named.len());
    for name in named {
        let is_there = match name.strip_suffix('…') {
            Some(beginning) => tests.iter().any(|test| test.starts_with(beginning)),
            None => tests.contains(name),
        };
        assert!(is_there, "docs/assurance.md: there is no test {name}");
    }
}
