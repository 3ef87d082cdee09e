//! What can go wrong with the log.

use std::{fmt, io};

use key_store::KeyError;

use crate::note::NoteError;

/// Why the log refused or failed.
#[derive(Debug)]
pub enum LogError {
    /// There is no log in this directory.
    Missing,
    /// There is one already; it is never replaced.
    Exists,
    /// The origin cannot be one.
    Origin(NoteError),
    /// The disk refused.
    Io {
        /// Doing what.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A key could not be had.
    Keys(KeyError),
    /// A segment is not what it was written as. Nothing is cut or repaired; `portvakt log verify` says more.
    Damaged {
        /// The segment's number.
        segment: u32,
        /// Where in its file.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// A file other than a segment is not what it was written as.
    DamagedFile {
        /// Its name.
        file: &'static str,
        /// What is wrong.
        what: &'static str,
    },
    /// The log is shorter than its own newest checkpoint: its end was cut off, or an old copy was put back.
    Truncated {
        /// Records under the checkpoint.
        signed: u64,
        /// Records found.
        found: u64,
    },
    /// The log is another one than its own newest checkpoint was signed for.
    Inconsistent {
        /// Records under the checkpoint.
        signed: u64,
    },
    /// A record opens with its key and makes no sense: a later version wrote it.
    Record {
        /// Its index.
        index: u64,
        /// What is strange.
        what: String,
    },
    /// The record has left the log: its two years are over.
    Pruned {
        /// The oldest record that is still there, if that is known.
        oldest: Option<u64>,
    },
    /// Something was to leave the log whose two years are not over, by what the seals bear out.
    Early {
        /// The first record whose two years are not over.
        cut: u64,
    },
    /// An event that no record can hold.
    TooLong,
}

/// What an error says of the log itself; each program turns it into its own exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFault {
    /// Nothing: the disk, the place or the moment was wrong.
    Circumstances,
    /// What was asked for has left it at the end of its two years.
    Left,
    /// What was asked for is not in it.
    Absent,
    /// It is not to be relied on, or not with these keys.
    Unsound,
}

impl LogError {
    /// What this says of the log itself.
    #[must_use]
    pub const fn fault(&self) -> LogFault {
        match self {
            Self::Io { .. } | Self::Missing | Self::Early { .. } => LogFault::Circumstances,
            Self::Pruned { .. } => LogFault::Left,
            Self::Record { .. } => LogFault::Absent,
            Self::Exists
            | Self::Origin(_)
            | Self::Keys(_)
            | Self::Damaged { .. }
            | Self::DamagedFile { .. }
            | Self::Truncated { .. }
            | Self::Inconsistent { .. }
            | Self::TooLong => LogFault::Unsound,
        }
    }

    /// Wraps what the disk said, doing `what`.
    pub(crate) fn io(what: &'static str) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io { what, source }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no log here; portvaktd init makes one"),
            Self::Exists => f.write_str("there already is a log here; it is never replaced"),
            Self::Origin(cause) => write!(f, "the origin cannot be used: {cause}"),
            Self::Io { what, source } => write!(f, "{what}: {source}"),
            Self::Keys(cause) => cause.fmt(f),
            Self::Damaged {
                segment,
                offset,
                what,
            } => write!(
                f,
                "segment {segment}, octet {offset}: {what}; nothing was changed"
            ),
            Self::DamagedFile { file, what } => write!(f, "{file}: {what}; nothing was changed"),
            Self::Truncated { signed, found } => {
                write!(
                    f,
                    "the log has {found} records, its own checkpoint was signed for {signed}: its end is missing"
                )
            }
            Self::Inconsistent { signed } => {
                write!(
                    f,
                    "the first {signed} records are not those its own checkpoint was signed for"
                )
            }
            Self::Record { index, what } => write!(f, "record {index}: {what}"),
            Self::Pruned {
                oldest: Some(oldest),
            } => write!(
                f,
                "pruned: the record has left the log, its two years are over; the oldest one there is {oldest}"
            ),
            Self::Pruned { oldest: None } => f.write_str(
                "pruned: records left the log meanwhile, their two years are over; ask again",
            ),
            Self::Early { cut } => write!(
                f,
                "the two years of record {cut} are not over, by what the seals bear out; nothing was removed"
            ),
            Self::TooLong => f.write_str("the event does not fit a record"),
        }
    }
}

impl std::error::Error for LogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Keys(cause) => Some(cause),
            Self::Origin(cause) => Some(cause),
            Self::Missing
            | Self::Exists
            | Self::Damaged { .. }
            | Self::DamagedFile { .. }
            | Self::Truncated { .. }
            | Self::Inconsistent { .. }
            | Self::Record { .. }
            | Self::Pruned { .. }
            | Self::Early { .. }
            | Self::TooLong => None,
        }
    }
}

impl From<KeyError> for LogError {
    fn from(cause: KeyError) -> Self {
        Self::Keys(cause)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn what_the_system_said_is_behind_what_we_say() {
        let cause = io::Error::other("no such luck");
        let error = LogError::io("seals cannot be read")(cause);
        assert_eq!(error.source().unwrap().to_string(), "no such luck");
        assert!(LogError::TooLong.source().is_none());
    }
}
