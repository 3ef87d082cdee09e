//! `cargo fuzz run backups`; what must hold is in `tests/hostile/src/stored.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_hostile::stored::backups(octets));
