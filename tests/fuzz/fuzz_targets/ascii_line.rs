//! `cargo fuzz run ascii_line`; what must hold is in `tests/src/hostile_input.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_tests::hostile_input::ascii_line(octets));
