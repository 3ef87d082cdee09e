//! The card formats everybody uses, one table each.

use crate::card::layout::{Layout, Parity};

/// HID H10301, the 26-bit open format: 8-bit facility, 16-bit number.
pub const H10301: Layout = Layout {
    name: "H10301",
    bits: 26,
    facility: 1..9,
    number: 9..25,
    parity: &[Parity::even(0, 1..13), Parity::odd(25, 13..25)],
};

/// Every format a configuration may name.
pub const ALL: &[&Layout] = &[&H10301];

/// The format with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Layout> {
    ALL.iter().copied().find(|layout| layout.name() == name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::card::{CardBits, CardNumber, ReadError, WriteError};

    /// Facility, number, and the octets on the wire, worked out by hand from the table in the format's data sheet.
    const H10301_CARDS: &[(u32, u64, [u8; 4])] = &[
        // all zero: even parity 0, odd parity 1
        (0, 0, [0x00, 0x00, 0x00, 0x40]),
        // all one: 12 ones stay even (0), 12 ones need one more (1)
        (255, 65_535, [0x7F, 0xFF, 0xFF, 0xC0]),
        // 1:1: E=1, 00000001 0000|000000000001, O=0
        (1, 1, [0x80, 0x80, 0x00, 0x80]),
        // 123:45678: 0 01111011 1011|001001101110 1: 9 ones left make E=1, 6 ones right make O=1
        (123, 45_678, [0xBD, 0xD9, 0x37, 0x40]),
    ];

    #[test]
    fn h10301_cards_read_and_write_as_the_data_sheet_says() {
        for (facility, number, octets) in H10301_CARDS {
            let bits = CardBits::new(octets, 26).unwrap();
            assert_eq!(
                H10301.write(*facility, *number).unwrap().bits(),
                octets,
                "{facility}:{number}"
            );
            let read = CardNumber::Formatted {
                format: "H10301",
                facility: *facility,
                number: *number,
            };
            assert_eq!(H10301.read(&bits), Ok(read));
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
    }

    #[test]
    fn names_are_unique_short_and_found() {
        for layout in ALL {
            assert_eq!(
                by_name(layout.name()).map(Layout::name),
                Some(layout.name())
            );
            assert!(
                layout.name().len() <= crate::card::number::FORMAT_NAME_MAX,
                "a longer name costs a third compression"
            );
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
                uses.iter().all(|count| *count == 1),
                "{}: {uses:?}",
                layout.name()
            );
        }
    }

    proptest! {
        #[test]
        fn every_number_survives_the_round_trip(which in 0..ALL.len(), facility: u32, number: u64) {
            let layout = ALL[which];
            let facility = facility & ((1 << layout.facility.len()) - 1);
            let number = number & ((1 << layout.number.len()) - 1);
            let bits = layout.write(facility, number).unwrap();
            let read = CardNumber::Formatted { format: layout.name(), facility, number };
            prop_assert_eq!(layout.read(&bits), Ok(read));
        }

        #[test]
        fn every_single_flipped_bit_is_found(which in 0..ALL.len(), facility in 0_u32..256, number in 0_u64..65_536, at: u16) {
            let layout = ALL[which];
            let bits = layout.write(facility, number).unwrap();
            let at = at % layout.bits();
            let mut octets = bits.bits().to_vec();
            octets[usize::from(at / 8)] ^= 0x80 >> (at % 8);
            let flipped = CardBits::new(&octets, layout.bits()).unwrap();
            prop_assert_eq!(layout.read(&flipped), Err(ReadError::Parity));
        }

        #[test]
        fn another_bit_count_is_another_format(count in 1_u16..=256) {
            prop_assume!(ALL.iter().all(|layout| layout.bits() != count));
            let bits = CardBits::new(&vec![0; usize::from(count.div_ceil(8))], count).unwrap();
            for layout in ALL {
                prop_assert_eq!(layout.read(&bits), Err(ReadError::WrongFormat));
            }
        }
    }
}
