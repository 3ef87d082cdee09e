//! Promises of the house that a reader of the code can check by eye, and this file checks for him.

use crate::tree::{read, source_files};

#[test]
fn the_clock_is_read_in_two_files_only() {
    let clocks = [
        "crates/portvaktd/src/clock.rs",
        "crates/portvakt/src/clock.rs",
    ];
    let calls = [
        "SystemTime::now(",
        "Instant::now(",
        "Timestamp::now(",
        "Zoned::now(",
    ];
    let elsewhere: Vec<String> = source_files()
        .into_iter()
        .filter(|file| {
            file.path.contains("/src/")
                && !file.path.starts_with("tests/")
                && !clocks.contains(&file.path.as_str())
        })
        .filter(|file| calls.iter().any(|call| file.text.contains(call)))
        .map(|file| file.path)
        .collect();
    // The demo plays in real time, and says so where it does.
    let unexpected: Vec<&String> = elsewhere
        .iter()
        .filter(|path| !path.starts_with("crates/building-sim/src/"))
        .collect();
    assert!(
        unexpected.is_empty(),
        "a clock outside clock.rs: {unexpected:?}"
    );
}

#[test]
fn nothing_unfinished_is_on_main() {
    let marks = [
        concat!("to", "do!("),
        concat!("unimplemen", "ted!("),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
    ];
    let found: Vec<String> = source_files()
        .into_iter()
        .filter(|file| marks.iter().any(|mark| file.text.contains(mark)))
        .map(|file| file.path)
        .collect();
    assert!(found.is_empty(), "unfinished work in {found:?}");
}

#[test]
fn every_member_takes_the_lints_of_the_root() {
    for entry in std::fs::read_dir(crate::tree::root().join("crates"))
        .expect("crates/ is readable")
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let manifest = read(&format!("crates/{name}/Cargo.toml"));
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "crates/{name} does not take the lints of the root"
        );
    }
    assert!(read("firmware-protocol/Cargo.toml").contains("[lints]\nworkspace = true"));
    assert!(read("Cargo.toml").contains("unsafe_code = \"forbid\""));
}

#[test]
fn the_firmware_crate_stays_without_std_and_without_alloc() {
    let root = read("firmware-protocol/src/lib.rs");
    assert!(
        root.contains("#![no_std]"),
        "firmware-protocol must stay no_std"
    );
    assert!(
        !root.contains("extern crate alloc"),
        "firmware-protocol must stay without alloc"
    );
}
