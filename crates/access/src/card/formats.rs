//! The card formats everybody uses, one table each.

use std::borrow::Cow;
use std::ops::Range;

use crate::card::format_name::FormatName;
use crate::card::layout::{Layout, Parity};

/// HID H10301, the 26-bit open format: 8-bit facility, 16-bit number.
pub const H10301: Layout = Layout {
    name: named("H10301"),
    bits: 26,
    facility: 1..9,
    number: 9..25,
    parity: Cow::Borrowed(&[Parity::even(0, 1..13), Parity::odd(25, 13..25)]),
};

/// HID H10306, 34 bits: 16-bit facility, 16-bit number.
pub const H10306: Layout = Layout {
    name: named("H10306"),
    bits: 34,
    facility: 1..17,
    number: 17..33,
    parity: Cow::Borrowed(PARITY_34),
};

/// Honeywell (Northern) N10002, 34 bits: on the wire the same as [`H10306`].
pub const N10002: Layout = Layout {
    name: named("N10002"),
    bits: 34,
    facility: 1..17,
    number: 17..33,
    parity: Cow::Borrowed(PARITY_34),
};

/// BQT, 34 bits: the parity of [`H10306`] over an 8-bit facility and a 24-bit number.
pub const BQT34: Layout = Layout {
    name: named("BQT34"),
    bits: 34,
    facility: 1..9,
    number: 9..33,
    parity: Cow::Borrowed(PARITY_34),
};

/// HID Corporate 1000, 35 bits: 12-bit company, 20-bit number. Bits 1 and 34 watch two of every three; bit 0 watches all.
///
/// Source of the two patterns: proxmark3, `client/src/wiegand_formats.c`, format C1k35s.
pub const C1000_35: Layout = Layout {
    name: named("C1000-35"),
    bits: 35,
    facility: 2..14,
    number: 14..34,
    parity: Cow::Borrowed(&[
        Parity::even(1, 2..34).taking(2, 3),
        Parity::odd(34, 1..34).taking(2, 3),
        Parity::odd(0, 1..35),
    ]),
};

/// HID H10302, 37 bits: 35-bit number, no facility. Bit 18 is watched twice.
pub const H10302: Layout = Layout {
    name: named("H10302"),
    bits: 37,
    facility: NO_FACILITY,
    number: 1..36,
    parity: Cow::Borrowed(PARITY_37),
};

/// HID H10304, 37 bits: the parity of [`H10302`] over a 16-bit facility and a 19-bit number.
pub const H10304: Layout = Layout {
    name: named("H10304"),
    bits: 37,
    facility: 1..17,
    number: 17..36,
    parity: Cow::Borrowed(PARITY_37),
};

/// Honeywell P10001, 40 bits: four ones, 12-bit facility, 16-bit number, and an octet that is the exclusive or of the four
/// before it: eight even parities, each over every eighth bit.
///
/// Source: proxmark3, `client/src/wiegand_formats.c`, format P10001.
pub const P10001: Layout = Layout {
    name: named("P10001"),
    bits: 40,
    facility: 4..16,
    number: 16..32,
    parity: Cow::Borrowed(&[
        Parity::one(0),
        Parity::one(1),
        Parity::one(2),
        Parity::one(3),
        Parity::even(32, 0..32).taking(1, 8),
        Parity::even(33, 1..32).taking(1, 8),
        Parity::even(34, 2..32).taking(1, 8),
        Parity::even(35, 3..32).taking(1, 8),
        Parity::even(36, 4..32).taking(1, 8),
        Parity::even(37, 5..32).taking(1, 8),
        Parity::even(38, 6..32).taking(1, 8),
        Parity::even(39, 7..32).taking(1, 8),
    ]),
};

/// GE Security (Casi-Rusco), 40 bits: a 38-bit number. What the first and the last bit watch is not published; they are not
/// read, so a card is told by the 38 bits between them.
///
/// Source: proxmark3, `client/src/wiegand_formats.c`, format Casi40.
pub const CASI_40: Layout = Layout {
    name: named("CASI-40"),
    bits: 40,
    facility: NO_FACILITY,
    number: 1..39,
    parity: Cow::Borrowed(&[]),
};

/// HID Corporate 1000, 48 bits: 22-bit company, 23-bit number. Bits 1 and 47 watch two of every three; bit 0 watches all.
///
/// Source of the two patterns: proxmark3, `client/src/wiegand_formats.c`, format C1k48s.
pub const C1000_48: Layout = Layout {
    name: named("C1000-48"),
    bits: 48,
    facility: 2..24,
    number: 24..47,
    parity: Cow::Borrowed(&[
        Parity::even(1, 3..47).taking(2, 3),
        Parity::odd(47, 2..47).taking(2, 3),
        Parity::odd(0, 1..48),
    ]),
};

/// A serial of 56 bits, as a card with a 7-octet serial gives it: all number, no parity.
pub const SERIAL_56: Layout = Layout {
    name: named("SERIAL-56"),
    bits: 56,
    facility: NO_FACILITY,
    number: 0..56,
    parity: Cow::Borrowed(&[]),
};

/// A serial of 64 bits, as a card with an 8-octet serial gives it: all number, no parity.
pub const SERIAL_64: Layout = Layout {
    name: named("SERIAL-64"),
    bits: 64,
    facility: NO_FACILITY,
    number: 0..64,
    parity: Cow::Borrowed(&[]),
};

/// Every format a configuration may name without describing it.
pub const ALL: &[&Layout] = &[
    &H10301, &H10306, &N10002, &BQT34, &C1000_35, &H10302, &H10304, &P10001, &CASI_40, &C1000_48,
    &SERIAL_56, &SERIAL_64,
];

/// The format with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Layout> {
    ALL.iter()
        .copied()
        .find(|layout| layout.name().as_str() == name)
}

/// A name of this file.
const fn named(name: &str) -> FormatName {
    match FormatName::new(name) {
        Some(name) => name,
        None => FormatName::NONE,
    }
}

const PARITY_34: &[Parity] = &[Parity::even(0, 1..17), Parity::odd(33, 17..33)];
const PARITY_37: &[Parity] = &[Parity::even(0, 1..19), Parity::odd(36, 18..36)];
const NO_FACILITY: Range<u16> = 0..0;

#[cfg(test)]
mod tests;
