//! What a line refuses.

use std::fmt;

use firmware_protocol::file::FileError;
use firmware_protocol::secure::Weakness;

use crate::ReaderIndex;
use crate::ascii::PATTERNS_MAX;
use crate::config::{BAUD_MAX, BAUD_MIN, READERS_MAX};
use crate::modbus::MapError;
use crate::unlock::UNLOCKS_MAX;

/// Why a line could not be set up, or would not take an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusError {
    /// The baud rate is outside what the standard and adapters know.
    Baud {
        /// Bits a second asked for.
        actual: u32,
    },
    /// A timing value is out of range.
    Timing {
        /// The field's name in the configuration.
        field: &'static str,
        /// The value found.
        actual: u16,
        /// The least allowed.
        min: u16,
        /// The most allowed.
        max: u16,
    },
    /// More readers than addresses.
    TooManyReaders {
        /// Readers asked for.
        actual: usize,
    },
    /// Two readers share an address, or one has the broadcast address.
    Address {
        /// The address.
        actual: u8,
    },
    /// A key that anybody can guess.
    WeakKey {
        /// The reader.
        reader: ReaderIndex,
        /// What is wrong with its key.
        weakness: Weakness,
    },
    /// The line has no reader of that index.
    NoSuchReader {
        /// The index asked for.
        reader: ReaderIndex,
    },
    /// The reader is not in service: never seen, offline, or without a key.
    NotInService {
        /// The reader.
        reader: ReaderIndex,
    },
    /// The reader cannot do that: a pushed Wiegand line has neither outputs nor keys.
    Unsupported {
        /// The reader.
        reader: ReaderIndex,
    },
    /// The reader is still carrying out another order.
    OrderUnderWay {
        /// The reader.
        reader: ReaderIndex,
    },
    /// The reader has a key, or may have one: pairing would give it up.
    HasKey {
        /// The reader.
        reader: ReaderIndex,
    },
    /// A pushed line reads in no pattern, or in too many.
    Patterns {
        /// Patterns asked for.
        actual: usize,
    },
    /// A file that cannot be sent.
    File(FileError),
    /// A Modbus unit whose map cannot be.
    Map(MapError),
    /// The port is closed.
    LineDown,
    /// More unlocks wait than a line takes.
    TooManyUnlocks,
    /// An unlock without a time: some readers take 0 for ever.
    NoTime,
}

impl fmt::Display for BusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Baud { actual } => {
                write!(f, "baud is {actual}, allowed are {BAUD_MIN} to {BAUD_MAX}")
            }
            Self::Timing {
                field,
                actual,
                min,
                max,
            } => {
                write!(f, "{field} is {actual}, allowed are {min} to {max}")
            }
            Self::TooManyReaders { actual } => {
                write!(f, "{actual} readers, the limit is {READERS_MAX}")
            }
            Self::Address { actual } => write!(
                f,
                "address {actual} is used twice or is the broadcast address, give each reader its own from 0 to 126"
            ),
            Self::WeakKey { reader, weakness } => {
                let reader = reader.get();
                write!(f, "the key of reader {reader} is weak: {weakness:?}")
            }
            Self::NoSuchReader { reader } => write!(f, "the line has no reader {}", reader.get()),
            Self::NotInService { reader } => {
                write!(f, "reader {} is not in service", reader.get())
            }
            Self::Unsupported { reader } => {
                write!(
                    f,
                    "reader {} on this kind of line cannot do that",
                    reader.get()
                )
            }
            Self::OrderUnderWay { reader } => {
                write!(
                    f,
                    "reader {} is still carrying out another order, wait for its end",
                    reader.get()
                )
            }
            Self::HasKey { reader } => {
                write!(f, "reader {} has a key, or may have one", reader.get())
            }
            Self::Patterns { actual } => write!(
                f,
                "a pushed line reads in 1 to {PATTERNS_MAX} patterns, not in {actual}"
            ),
            Self::File(error) => error.fmt(f),
            Self::Map(error) => error.fmt(f),
            Self::LineDown => f.write_str("the line is down"),
            Self::NoTime => f.write_str("an unlock must have a time of at least 100 ms"),
            Self::TooManyUnlocks => {
                write!(f, "{UNLOCKS_MAX} unlocks wait already, the limit of a line")
            }
        }
    }
}

impl std::error::Error for BusError {}
