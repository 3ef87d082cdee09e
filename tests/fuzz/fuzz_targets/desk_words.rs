//! `cargo fuzz run desk_words`; what must hold is in `tests/hostile/src/list.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_hostile::list::desk_words(octets));
