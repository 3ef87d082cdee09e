//! `cargo fuzz run lists`; what must hold is in `tests/hostile/src/list.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_hostile::list::lists(octets));
