//! Storage errors: what is wrong with the register's file, its database or its disk.

use std::fmt;

/// Why the register's file cannot be used. It was left as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// There is no register at the path.
    Missing,
    /// There is already a file at the path.
    Exists,
    /// The file is no SQLite database.
    NotADatabase,
    /// The file is a database of some other program.
    NotARegister,
    /// A newer portvakt wrote it.
    Newer {
        /// Schema version of the file.
        found: u32,
        /// Newest version known here.
        known: u32,
    },
    /// Another process holds it.
    Locked,
    /// The database contradicts itself.
    Corrupt {
        /// What was found.
        what: &'static str,
    },
    /// No room left on the disk.
    DiskFull,
    /// The disk or the file system failed.
    Disk {
        /// What the system said.
        what: String,
    },
    /// SQLite refused for another reason.
    Database {
        /// Extended result code of SQLite.
        code: i32,
    },
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no register; portvaktd init makes one"),
            Self::Exists => f.write_str("there is already a register; it is left as it is"),
            Self::NotADatabase => f.write_str("the register is not an SQLite database"),
            Self::NotARegister => f.write_str("the database is not a register of portvakt"),
            Self::Newer { found, known } => write!(
                f,
                "the register has schema version {found}, this program knows up to {known}"
            ),
            Self::Locked => f.write_str("the register is locked by another process"),
            Self::Corrupt { what } => write!(f, "the register is damaged: {what}"),
            Self::DiskFull => f.write_str("no room left on the register's disk"),
            Self::Disk { what } => write!(f, "the register's disk failed: {what}"),
            Self::Database { code } => {
                write!(f, "the register's database refused with code {code}")
            }
        }
    }
}

impl std::error::Error for StorageError {}

impl From<&rusqlite::Error> for StorageError {
    fn from(error: &rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_extended_error_code() else {
            return Self::Corrupt {
                what: "a stored value is missing or of another type",
            };
        };
        match code & PRIMARY_CODE {
            rusqlite::ffi::SQLITE_BUSY | rusqlite::ffi::SQLITE_LOCKED => Self::Locked,
            rusqlite::ffi::SQLITE_CORRUPT => Self::Corrupt {
                what: "SQLite found a malformed page",
            },
            rusqlite::ffi::SQLITE_NOTADB => Self::NotADatabase,
            rusqlite::ffi::SQLITE_FULL => Self::DiskFull,
            rusqlite::ffi::SQLITE_IOERR
            | rusqlite::ffi::SQLITE_CANTOPEN
            | rusqlite::ffi::SQLITE_READONLY
            | rusqlite::ffi::SQLITE_PERM => Self::Disk {
                what: rusqlite::ffi::code_to_str(code).to_owned(),
            },
            rusqlite::ffi::SQLITE_ERROR => Self::Corrupt {
                what: "the schema is not the one expected",
            },
            _ => Self::Database { code },
        }
    }
}

impl From<&std::io::Error> for StorageError {
    fn from(error: &std::io::Error) -> Self {
        let kind = error.kind();
        if kind == std::io::ErrorKind::NotFound {
            Self::Missing
        } else if kind == std::io::ErrorKind::AlreadyExists {
            Self::Exists
        } else if kind == std::io::ErrorKind::StorageFull {
            Self::DiskFull
        } else {
            Self::Disk {
                what: kind.to_string(),
            }
        }
    }
}

/// The low octet of an extended result code is the primary one.
const PRIMARY_CODE: i32 = 0xFF;
