//! `cargo fuzz run log_files`; what must hold is in `tests/hostile/src/folder.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_hostile::folder::log_files(octets));
