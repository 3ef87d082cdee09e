//! `cargo fuzz run log_folder`; what must hold is in `tests/src/hostile_text.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_tests::hostile_text::log_folder(octets));
