//! `cargo fuzz run answers`; what must hold is in `tests/hostile/src/text.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_hostile::text::answers(octets));
