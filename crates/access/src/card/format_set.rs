//! Format set: which formats one reader reads, in which order.

use std::fmt;

use crate::card::bits::CardBits;
use crate::card::format_name::FormatName;
use crate::card::formats;
use crate::card::layout::{Layout, ReadError};
use crate::card::number::CardNumber;

/// The formats of one reader. Never empty: a reader without formats would read nothing, or anything.
///
/// Several formats may have the same bit count. The bits are then read in the first of the list whose parity holds, always the
/// same one for the same bits. Formats with the same parity (H10306, N10002 and BQT34; H10302 and H10304) cannot be told apart by
/// the bits: of these only the first named is ever read. A format without parity takes every card of its bit count.
#[derive(Clone, Debug)]
pub struct FormatSet {
    layouts: Vec<Layout>,
    raw: bool,
}

impl FormatSet {
    /// The built-in formats with these names; as [`FormatSet::of_house`] without formats of its own.
    ///
    /// # Errors
    /// [`FormatSetError`].
    pub fn from_names(names: &[&str]) -> Result<Self, FormatSetError> {
        Self::of_house(names, &[])
    }

    /// The formats with these names, built in or the house's `own`, tried in this order; `raw` takes what no other took, as
    /// bits and their count.
    ///
    /// # Errors
    /// [`FormatSetError`] if there are none, too many, an unknown one or one twice.
    pub fn of_house(names: &[&str], own: &[Layout]) -> Result<Self, FormatSetError> {
        if names.is_empty() {
            return Err(FormatSetError::Empty);
        }
        if names.len() > FORMATS_MAX {
            return Err(FormatSetError::TooMany { found: names.len() });
        }
        let mut set = Self {
            layouts: Vec::with_capacity(names.len()),
            raw: false,
        };
        for name in names {
            set.add(name, own)?;
        }
        Ok(set)
    }

    /// The number the bits stand for at this reader.
    ///
    /// # Errors
    /// [`ReadError::Parity`] if a format of this bit count found wrong parity and none took the bits, else [`ReadError::WrongFormat`].
    pub fn read(&self, bits: &CardBits) -> Result<CardNumber, ReadError> {
        let mut refused = ReadError::WrongFormat;
        for layout in &self.layouts {
            match layout.read(bits) {
                Ok(number) => return Ok(number),
                Err(ReadError::Parity) => refused = ReadError::Parity,
                Err(ReadError::WrongFormat) => {}
            }
        }
        if self.raw {
            Ok(CardNumber::Raw(bits.clone()))
        } else {
            Err(refused)
        }
    }

    fn add(&mut self, name: &str, own: &[Layout]) -> Result<(), FormatSetError> {
        let is_named = |layout: &&Layout| layout.name().as_str() == name;
        if self.layouts.iter().any(|layout| is_named(&layout)) || (self.raw && name == RAW) {
            return Err(FormatSetError::Twice {
                name: name.to_owned(),
            });
        }
        let layout = formats::by_name(name).or_else(|| own.iter().find(is_named));
        match layout {
            Some(layout) => self.layouts.push(layout.clone()),
            None if name == RAW => self.raw = true,
            None => {
                return Err(FormatSetError::Unknown {
                    name: name.to_owned(),
                    own: own.iter().map(Layout::name).collect(),
                });
            }
        }
        Ok(())
    }
}

/// Format names that make no set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatSetError {
    /// No name at all.
    Empty,
    /// More names than [`FORMATS_MAX`].
    TooMany {
        /// Names found.
        found: usize,
    },
    /// A name nobody knows.
    Unknown {
        /// The name.
        name: String,
        /// The house's own formats.
        own: Vec<FormatName>,
    },
    /// The same name again.
    Twice {
        /// The name.
        name: String,
    },
}

impl fmt::Display for FormatSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("no card format; name at least one"),
            Self::TooMany { found } => write!(
                f,
                "{found} card formats; at most {FORMATS_MAX} for one reader"
            ),
            Self::Unknown { name, own } => {
                write!(f, "card format \"{name}\" is not known; known are {RAW}")?;
                formats::ALL
                    .iter()
                    .try_for_each(|layout| write!(f, ", {}", layout.name()))?;
                own.iter().try_for_each(|name| write!(f, ", {name}"))
            }
            Self::Twice { name } => write!(f, "card format \"{name}\" is named twice"),
        }
    }
}

impl std::error::Error for FormatSetError {}

/// The most formats one reader may read.
pub const FORMATS_MAX: usize = 16;

/// The name that stands for bits and their count, in no format.
pub const RAW: &str = "raw";

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(octets: [u8; 4]) -> CardBits {
        CardBits::new(&octets, 26).unwrap()
    }

    const GOOD: [u8; 4] = [0x80, 0x80, 0x00, 0x80];
    const BAD_PARITY: [u8; 4] = [0x00, 0x80, 0x00, 0x80];

    #[test]
    fn a_reader_reads_its_formats_and_nothing_else() {
        let set = FormatSet::from_names(&["H10301"]).unwrap();
        assert!(matches!(
            set.read(&bits(GOOD)),
            Ok(CardNumber::Formatted {
                facility: 1,
                number: 1,
                ..
            })
        ));
        assert_eq!(set.read(&bits(BAD_PARITY)), Err(ReadError::Parity));
        assert_eq!(
            set.read(&CardBits::new(&GOOD, 27).unwrap()),
            Err(ReadError::WrongFormat)
        );
    }

    #[test]
    fn raw_takes_what_no_format_took() {
        let set = FormatSet::from_names(&["raw", "H10301"]).unwrap();
        assert!(matches!(
            set.read(&bits(GOOD)),
            Ok(CardNumber::Formatted { .. })
        ));
        assert_eq!(
            set.read(&bits(BAD_PARITY)),
            Ok(CardNumber::Raw(bits(BAD_PARITY)))
        );
    }

    #[test]
    fn of_formats_with_one_parity_the_first_named_is_read() {
        let card = formats::H10306.write(0x0102, 0x0304).unwrap();
        let read = |names: &[&str]| FormatSet::from_names(names).unwrap().read(&card);
        assert_eq!(
            read(&["H10306", "BQT34", "N10002"]),
            formats::H10306.read(&card)
        );
        assert_eq!(
            read(&["raw", "BQT34", "N10002", "H10306"]),
            formats::BQT34.read(&card)
        );
        assert_eq!(read(&["N10002", "H10306"]), formats::N10002.read(&card));
    }

    #[test]
    fn a_card_is_read_in_the_first_format_whose_parity_holds() {
        let names: Vec<&str> = formats::ALL
            .iter()
            .map(|layout| layout.name.as_str())
            .collect();
        let set = FormatSet::from_names(&names).unwrap();
        for layout in formats::ALL {
            let card = layout.write(0, 77).unwrap();
            let first = formats::ALL.iter().find_map(|other| other.read(&card).ok());
            assert_eq!(set.read(&card).ok(), first, "{}", layout.name());
        }
    }

    #[test]
    fn two_hundred_bits_are_read_raw() {
        let card = CardBits::new(&[0xA5; 25], 200).unwrap();
        let set = FormatSet::from_names(&["SERIAL-64", "raw"]).unwrap();
        assert_eq!(set.read(&card), Ok(CardNumber::Raw(card)));
    }

    #[test]
    fn a_format_of_the_house_stands_beside_the_others() {
        let own = [Layout::own("DOOR-8", 8, None, 0..8, Vec::new()).unwrap()];
        let set = FormatSet::of_house(&["H10301", "DOOR-8"], &own).unwrap();
        let read = set.read(&CardBits::new(&[0x5A], 8).unwrap()).unwrap();
        assert!(
            matches!(read, CardNumber::Formatted { format, number: 0x5A, .. } if format.as_str() == "DOOR-8")
        );
        let unknown = FormatSet::of_house(&["DOOR-9"], &own).unwrap_err();
        assert!(unknown.to_string().ends_with("SERIAL-64, DOOR-8"));
    }

    #[test]
    fn names_that_make_no_set_are_refused() {
        assert_eq!(
            FormatSet::from_names(&[]).unwrap_err(),
            FormatSetError::Empty
        );
        assert_eq!(
            FormatSet::from_names(&["raw"; 17]).unwrap_err(),
            FormatSetError::TooMany { found: 17 }
        );
        let unknown = FormatSet::from_names(&["H10309"]).unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "card format \"H10309\" is not known; known are raw, H10301, H10306, N10002, BQT34, C1000-35, H10302, H10304, \
             P10001, CASI-40, C1000-48, SERIAL-56, SERIAL-64"
        );
        for twice in ["raw", "H10301"] {
            assert_eq!(
                FormatSet::from_names(&[twice, twice]).unwrap_err(),
                FormatSetError::Twice {
                    name: twice.to_owned()
                }
            );
        }
    }
}
