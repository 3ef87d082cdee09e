//! `cargo fuzz run records`; what must hold is in `tests/hostile/src/stored.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_hostile::stored::records(octets));
