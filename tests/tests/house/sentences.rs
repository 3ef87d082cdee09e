//! What the command line says in Norwegian of lines that others wrote: each English line is still one that is written there.

use crate::tree::source_files;

const BOOK: &str = "crates/portvakt/src/text/phrasebook";

#[test]
fn every_line_that_is_translated_is_one_that_somebody_says() {
    let files = source_files();
    let (pages, others): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| file.path.starts_with(BOOK));
    let others: Vec<String> = others.iter().map(|file| joined(&file.text)).collect();
    let mut lines = 0;
    let mut unsaid = Vec::new();
    for page in pages.iter().filter(|page| !page.path.ends_with("tests.rs")) {
        for row in page.text.lines().filter(|row| row.contains("\" => \"")) {
            let english = row.split("\" => \"").next().unwrap_or_default();
            let english = english.trim_start().trim_start_matches('"');
            lines += 1;
            let is_said = |piece: &str| others.iter().any(|text| text.contains(piece));
            let elsewhere = NOT_WRITTEN.iter().any(|begin| english.starts_with(begin));
            if !elsewhere && !pieces(english).all(is_said) {
                unsaid.push(english);
            }
        }
    }
    assert!(lines > 300, "{lines}");
    assert!(
        unsaid.is_empty(),
        "nothing says these any more: {unsaid:#?}"
    );
}

/// A source with its continued string literals on one line.
fn joined(text: &str) -> String {
    let parts = text.split("\\\n").enumerate();
    parts
        .map(|(at, part)| if at == 0 { part } else { part.trim_start() })
        .collect()
}

/// What stands between the gaps of a line, where it is long enough to be told from others.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split('{').enumerate();
    let parts = parts.map(|(at, part)| {
        let literal = part.split_once('}').map(|(_, literal)| literal);
        if at == 0 {
            part
        } else {
            literal.unwrap_or(part)
        }
    });
    // A line may be made of two, with a semicolon between them.
    let parts = parts.flat_map(|part| part.split("; "));
    parts.map(str::trim).filter(|piece| piece.len() > 8)
}

/// Lines of the system and of libraries, and those that are put together of words.
const NOT_WRITTEN: &[&str] = &[
    "--anchor: ",
    "--witness-key: ",
    "{} cards lost since ",
    "register-unusable: ",
    "register-differs: ",
    "No such file or directory",
    "Permission denied",
    "Connection refused",
    "Is a directory",
    "No space left on device",
    "invalid digit found in string",
    "cannot parse integer from empty string",
    "number too large to fit",
    "invalid socket address syntax",
];
