//! `cargo fuzz run modbus_line`; what must hold is in `tests/hostile/src/wire.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| portvakt_hostile::wire::modbus_line(octets));
