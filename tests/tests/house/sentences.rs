//! What the command line says in Norwegian of the daemon's refusals: each English line is still one that is written there.

use crate::tree::{read, source_files};

const PAGE: &str = "crates/portvakt/src/text/refused.rs";

#[test]
fn every_refusal_that_is_translated_is_one_that_the_daemon_says() {
    let page = read(PAGE);
    let (_, table) = page.split_once("const KNOWN").expect("the table is there");
    let (table, _) = table.split_once("\n];").expect("the table ends");
    let quoted = table.split('"').skip(1).step_by(2);
    let english: Vec<String> = quoted
        .step_by(2)
        .map(|line| format!("\"{line}\""))
        .collect();
    assert!(english.len() > 20, "{english:?}");
    let files = source_files();
    for line in english {
        let is_said = files
            .iter()
            .any(|file| file.path != PAGE && file.text.contains(&line));
        assert!(is_said, "nothing says {line} any more");
    }
}
