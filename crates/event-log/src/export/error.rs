//! Why an export was refused.

use std::{fmt, io};

use crate::error::LogError;

/// Why a log was not exported.
#[derive(Debug)]
pub enum ExportError {
    /// The log is not what was signed, or cannot be read.
    Log(LogError),
    /// The oldest records have left the log, and so few are there, or so little is kept of the others, that no tile is whole.
    Pruned {
        /// The first record that is there.
        first: u64,
    },
    /// Records left the log after the former export and before this one.
    Gap {
        /// Records that the former export holds.
        until: u64,
        /// The first one that could be added.
        first: u64,
    },
    /// The disk refused.
    Io {
        /// What was written or read there.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The folder holds something that no export has.
    Foreign {
        /// Its name.
        name: String,
    },
    /// The folder's checkpoint is not signed by this log's key.
    OtherLog,
    /// The folder holds more records than the log: one of the two is not what it was.
    Longer,
    /// The folder holds another past than the log.
    OtherPast {
        /// Records that the former export holds.
        size: u64,
    },
    /// A file of a former export is not what the log says.
    Differs {
        /// Its path.
        path: String,
    },
}

impl ExportError {
    /// Wraps what the disk said about this path.
    pub(super) fn io(path: &str) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            path: path.clone(),
            source,
        }
    }
}

impl From<LogError> for ExportError {
    fn from(cause: LogError) -> Self {
        Self::Log(cause)
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(cause) => cause.fmt(f),
            Self::Pruned { first } => write!(
                f,
                "the log begins with record {first}, and what is kept of those before is not enough for a tile"
            ),
            Self::Gap { until, first } => write!(
                f,
                "the folder ends with {until} records, and the first that can be added is {first}; export to an empty one"
            ),
            Self::Io { path, source } => write!(f, "{path}: {source}"),
            Self::Foreign { name } => write!(
                f,
                "the folder holds \"{name}\", which is of no export; give one that is empty or new"
            ),
            Self::OtherLog => f.write_str("the folder is an export of another log"),
            Self::Longer => f.write_str(
                "the folder holds more records than the log: the log was cut, or an old copy of it was given",
            ),
            Self::OtherPast { size } => write!(
                f,
                "the first {size} records of the log are not those in the folder: one of the two was changed"
            ),
            Self::Differs { path } => write!(
                f,
                "{path} is not what the log says: the folder was changed; export to an empty one"
            ),
        }
    }
}

impl std::error::Error for ExportError {}
