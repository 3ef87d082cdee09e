//! Checks of the format tables: known cards, round trips over the whole fields, flipped bits.

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::card::{CardBits, CardNumber, ReadError, WriteError};

/// Format, facility, number, and the bits on the wire, first bit first.
///
/// 118:1603 are the example cards in the help of proxmark3's `lf hid`; the H10301 cards beside are worked out by hand from the data
/// sheet; the others of 34, 35 and 37 bits are the test cards of a published Wiegand sender, whose parity somebody else worked
/// out. The serials have nothing to work out.
const CARDS: &[(&Layout, u32, u64, &str)] = &[
    // all zero: even parity 0, odd parity 1
    (&H10301, 0, 0, "0 00000000 0000000000000000 1"),
    // all one: 12 ones stay even (0), 12 ones need one more (1)
    (&H10301, 255, 65_535, "0 11111111 1111111111111111 1"),
    (&H10301, 1, 1, "1 00000001 0000000000000001 0"),
    // 9 ones left make E=1, 6 ones right make O=1
    (&H10301, 123, 45_678, "1 01111011 1011001001101110 1"),
    (&H10301, 118, 1603, "1 01110110 0000011001000011 0"),
    (
        &H10306,
        38_243,
        43_862,
        "0 1001010101100011 1010101101010110 0",
    ),
    (
        &N10002,
        38_243,
        43_862,
        "0 1001010101100011 1010101101010110 0",
    ),
    (
        &BQT34,
        149,
        6_531_926,
        "0 10010101 011000111010101101010110 0",
    ),
    // 2e0ec00c87 without its preamble and length mark
    (
        &C1000_35,
        118,
        1603,
        "11 000001110110 00000000011001000011 1",
    ),
    (
        &C1000_35,
        800,
        1_014_912,
        "01 001100100000 11110111110010000000 1",
    ),
    (
        &H10302,
        0,
        18_019_744_896,
        "1 10000110010000011110111110010000000 1",
    ),
    (
        &H10304,
        34_369,
        490_624,
        "1 1000011001000001 1110111110010000000 1",
    ),
    // F0 76 06 43, and their exclusive or C3
    (
        &P10001,
        118,
        1603,
        "1111 000001110110 0000011001000011 11000011",
    ),
    (
        &SERIAL_56,
        0,
        0x0004_A1B2_C3D4_E5F6,
        "00000100 10100001 10110010 11000011 11010100 11100101 11110110",
    ),
    (
        &CASI_40,
        0,
        1603,
        "0 00000000000000000000000000011001000011 0",
    ),
    // bit 1: 9 ones watched; bit 47: 5; bit 0: 11 with those two
    (
        &C1000_48,
        118,
        1603,
        "01 0000000000000001110110 00000000000011001000011 0",
    ),
    (
        &SERIAL_64,
        0,
        0xE004_0150_1234_5678,
        "11100000 00000100 00000001 01010000 00010010 00110100 01010110 01111000",
    ),
];

#[test]
fn known_cards_read_and_write_as_published() {
    for (layout, facility, number, text) in CARDS {
        let name = layout.name();
        let bits = card(text);
        assert!(
            layout.write(*facility, *number).unwrap() == bits,
            "{name} {facility}:{number}"
        );
        assert_eq!(
            layout.read(&bits),
            Ok(formatted(layout, *facility, *number)),
            "{name}"
        );
    }
}

#[test]
fn every_format_has_a_known_card() {
    for layout in ALL {
        assert!(
            CARDS.iter().any(|(of, ..)| of.name() == layout.name()),
            "{}",
            layout.name()
        );
    }
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    assert_eq!(
        H10301.write(256, 0),
        Err(WriteError::Facility {
            found: 256,
            limit: 255
        })
    );
    assert_eq!(
        H10301.write(0, 65_536),
        Err(WriteError::Number { limit: 65_535 })
    );
    assert_eq!(
        H10302.write(1, 0),
        Err(WriteError::Facility { found: 1, limit: 0 })
    );
}

#[test]
fn a_card_without_the_ones_in_front_is_no_p10001() {
    // 70 76 06 43, and their exclusive or 43: only the first bit differs from a good card
    let bits = card("0111 000001110110 0000011001000011 01000011");
    assert_eq!(P10001.read(&bits), Err(ReadError::Parity));
}

#[test]
fn corporate_1000_watches_the_masks_of_its_source() {
    // The masks of proxmark3, parity bit left out; the last bit of the card is bit 0.
    let masks = [0x1_B6DB_6DB6, 0x3_6DB6_DB6C, 0x3_FFFF_FFFF];
    assert_eq!(masks_of(&C1000_35), masks);
    let masks = [0x1B6D_B6DB_6DB6, 0x36DB_6DB6_DB6C, 0x7FFF_FFFF_FFFF];
    assert_eq!(masks_of(&C1000_48), masks);
}

fn masks_of(layout: &Layout) -> Vec<u64> {
    let last = layout.bits - 1;
    let watched = layout.parity.iter().map(Parity::watched);
    watched
        .map(|watched| watched.fold(0, |mask, at| mask | 1_u64 << (last - at)))
        .collect()
}

#[test]
fn names_are_unique_short_and_found() {
    for layout in ALL {
        assert_eq!(
            by_name(layout.name.as_str()).map(Layout::name),
            Some(layout.name())
        );
        assert_ne!(layout.name(), FormatName::NONE);
        assert_eq!(
            ALL.iter()
                .filter(|other| other.name() == layout.name())
                .count(),
            1
        );
    }
    assert!(by_name("h10301").is_none());
}

#[test]
fn every_bit_of_every_table_is_used_once() {
    for layout in ALL {
        let mut uses = vec![0; usize::from(layout.bits)];
        let fields = layout.facility.clone().chain(layout.number.clone());
        fields
            .chain(layout.parity.iter().map(Parity::at))
            .for_each(|at| uses[usize::from(at)] += 1);
        assert!(
            uses.iter().all(|count| *count == 1) || layout.name() == CASI_40.name(),
            "{}: {uses:?}",
            layout.name()
        );
    }
}

#[test]
fn where_there_is_parity_it_covers_every_bit() {
    for layout in ALL.iter().filter(|layout| !layout.parity.is_empty()) {
        for at in 0..layout.bits {
            assert!(covered(layout, at), "{} bit {at}", layout.name());
        }
    }
}

#[test]
fn the_ends_of_every_field_survive_the_round_trip() {
    for layout in ALL {
        for facility in [0, facility_max(layout)] {
            for number in [0, number_max(layout)] {
                let bits = layout.write(facility, number).unwrap();
                assert_eq!(layout.read(&bits), Ok(formatted(layout, facility, number)));
            }
        }
    }
}

proptest! {
    #[test]
    fn every_number_survives_the_round_trip(facility: u32, number: u64) {
        for layout in ALL {
            let facility = facility & facility_max(layout);
            let number = number & number_max(layout);
            let bits = layout.write(facility, number).unwrap();
            prop_assert_eq!(layout.read(&bits), Ok(formatted(layout, facility, number)));
        }
    }

    #[test]
    fn every_single_flipped_bit_under_parity_is_found(facility: u32, number: u64) {
        for layout in ALL {
            let bits = layout.write(facility & facility_max(layout), number & number_max(layout)).unwrap();
            for at in (0..layout.bits).filter(|at| covered(layout, *at)) {
                let mut octets = bits.bits().to_vec();
                octets[usize::from(at / 8)] ^= 0x80 >> (at % 8);
                let flipped = CardBits::new(&octets, layout.bits).unwrap();
                prop_assert_eq!(layout.read(&flipped), Err(ReadError::Parity), "{} bit {}", layout.name(), at);
            }
        }
    }

    #[test]
    fn another_bit_count_is_another_format(count in 1_u16..=256) {
        let bits = CardBits::new(&vec![0; usize::from(count.div_ceil(8))], count).unwrap();
        for layout in ALL.iter().filter(|layout| layout.bits != count) {
            prop_assert_eq!(layout.read(&bits), Err(ReadError::WrongFormat));
        }
    }
}

fn card(text: &str) -> CardBits {
    let digits: Vec<u8> = text.bytes().filter(|digit| *digit != b' ').collect();
    let octets: Vec<u8> = digits
        .chunks(8)
        .map(|eight| {
            (0..8).fold(0, |octet, at| {
                octet << 1 | u8::from(eight.get(at) == Some(&b'1'))
            })
        })
        .collect();
    CardBits::new(&octets, u16::try_from(digits.len()).unwrap()).unwrap()
}

fn formatted(layout: &Layout, facility: u32, number: u64) -> CardNumber {
    CardNumber::Formatted {
        format: layout.name(),
        facility,
        number,
    }
}

fn covered(layout: &Layout, at: u16) -> bool {
    layout
        .parity
        .iter()
        .any(|parity| parity.at() == at || parity.watched().any(|watched| watched == at))
}

fn facility_max(layout: &Layout) -> u32 {
    u32::try_from(largest(&layout.facility)).unwrap()
}

fn number_max(layout: &Layout) -> u64 {
    largest(&layout.number)
}

fn largest(field: &Range<u16>) -> u64 {
    let width = u32::from(field.end - field.start);
    u64::MAX.checked_shr(64 - width).unwrap_or(0)
}
