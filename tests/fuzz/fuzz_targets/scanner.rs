//! `cargo fuzz run scanner`; what must hold is in `tests/hostile/src/wire.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_hostile::wire::scanner(octets));
