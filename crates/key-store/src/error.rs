//! What can go wrong with keys.

use std::{fmt, io};

use crate::reader_key::Weakness;

/// Why the key store refused or failed.
#[derive(Debug)]
pub enum KeyError {
    /// There is no key store in this data directory.
    Missing,
    /// There already is a key store in this data directory; it is never replaced.
    Exists,
    /// A file of the store is not what it was written as. Nothing is repaired by guessing.
    Damaged {
        /// The file, relative to the data directory.
        file: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A file was written by a later version.
    Newer {
        /// The file, relative to the data directory.
        file: &'static str,
        /// The format version found.
        found: u16,
        /// The newest format version known here.
        known: u16,
    },
    /// The disk refused.
    Io {
        /// The file, relative to the data directory.
        file: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// An earlier write could not be made durable; nothing more is written until the store is opened again.
    WritesStopped {
        /// The file, relative to the data directory.
        file: &'static str,
    },
    /// No living key lies in this slot.
    NoKey {
        /// The slot.
        index: u32,
    },
    /// The key in this slot belongs to somebody else.
    OtherOwner {
        /// The slot.
        index: u32,
    },
    /// Every slot is taken.
    Full {
        /// The most slots a store may have.
        slots_max: u32,
    },
    /// A reader key that anyone could guess.
    Weak {
        /// How it could be guessed.
        weakness: Weakness,
    },
    /// A reader key that another reader already has.
    Shared {
        /// The other reader's number.
        with: u16,
    },
    /// The cipher refused the lengths it was given.
    Cipher,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no key store here; `portvaktd init` makes one"),
            Self::Exists => f.write_str("there is a key store here already; it is never replaced"),
            Self::Damaged { file, what } => write!(f, "key store damaged: {file}: {what}"),
            Self::Newer { file, found, known } => {
                write!(
                    f,
                    "{file} has format {found}, this program knows up to {known}"
                )
            }
            Self::Io { file, source } => write!(f, "{file}: {source}"),
            Self::WritesStopped { file } => {
                write!(
                    f,
                    "{file}: an earlier write failed, so no more are made until a restart"
                )
            }
            Self::NoKey { index } => write!(f, "no living key in slot {index}"),
            Self::OtherOwner { index } => {
                write!(f, "the key in slot {index} belongs to another owner")
            }
            Self::Full { slots_max } => write!(f, "all {slots_max} key slots are taken"),
            Self::Weak { weakness } => write!(f, "weak reader key: {weakness}"),
            Self::Shared { with } => write!(
                f,
                "reader {with} already has this key; every reader needs its own"
            ),
            Self::Cipher => f.write_str("the cipher refused a key slot"),
        }
    }
}

impl std::error::Error for KeyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Missing
            | Self::Exists
            | Self::Damaged { .. }
            | Self::Newer { .. }
            | Self::WritesStopped { .. }
            | Self::NoKey { .. }
            | Self::OtherOwner { .. }
            | Self::Full { .. }
            | Self::Weak { .. }
            | Self::Shared { .. }
            | Self::Cipher => None,
        }
    }
}
