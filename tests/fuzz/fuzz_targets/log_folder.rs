//! `cargo fuzz run log_folder`; what must hold is in `tests/hostile/src/folder.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_hostile::folder::log_folder(octets));
