//! Why a trial ended before its time.

use std::fmt;

use access::{AllowlistError, DoorId};
use event_log::LogError;
use key_store::KeyError;
use site::SiteError;

/// A rule that did not hold, or a part that could not be made.
#[derive(Debug)]
pub enum Broken {
    /// A door was released more often than grants for it had been made durable (I3).
    UnlockedWithoutRecord {
        /// The door.
        door: DoorId,
        /// How often it was released.
        unlocks: usize,
        /// How many grants were durable.
        grants: usize,
    },
    /// The power was cut at an unlock, and the log that came back ended before its grant (I4).
    GrantLost {
        /// The grant's place in the log.
        index: u64,
        /// Events that came back.
        size: u64,
    },
    /// A decision was not the one a naive reading of the rights gives (I1).
    WrongDecision {
        /// The door.
        door: DoorId,
        /// What was recorded.
        recorded: &'static str,
    },
    /// On quiet wires cards were shown and passages recorded, and the numbers differ.
    CardsAndRecordsDiffer {
        /// Cards shown.
        shown: u64,
        /// Passages recorded.
        recorded: u64,
    },
    /// The log did not verify.
    Log(String),
    /// The site could not be built.
    Site(SiteError),
    /// The log could not be made, written or opened.
    LogWork(LogError),
    /// The key store failed.
    Keys(KeyError),
    /// The cards did not fit.
    Cards(AllowlistError),
    /// The trial asks for more than there can be.
    TooMuch(&'static str),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnlockedWithoutRecord {
                door,
                unlocks,
                grants,
            } => {
                write!(
                    f,
                    "door {door}: {unlocks} unlocks on {grants} durable grants"
                )
            }
            Self::GrantLost { index, size } => {
                write!(
                    f,
                    "a power cut left {size} events; the grant that opened a door was {index}"
                )
            }
            Self::WrongDecision { door, recorded } => {
                write!(f, "door {door}: {recorded}, and the rights say otherwise")
            }
            Self::CardsAndRecordsDiffer { shown, recorded } => {
                write!(f, "{shown} cards were shown, {recorded} passages recorded")
            }
            Self::Log(what) => write!(f, "the log does not verify: {what}"),
            Self::Site(error) => write!(f, "site: {error}"),
            Self::LogWork(error) => write!(f, "log: {error}"),
            Self::Keys(error) => write!(f, "key store: {error}"),
            Self::Cards(error) => write!(f, "allowlist: {error}"),
            Self::TooMuch(what) => write!(f, "too many {what}"),
        }
    }
}

impl std::error::Error for Broken {}

impl From<SiteError> for Broken {
    fn from(error: SiteError) -> Self {
        Self::Site(error)
    }
}

impl From<LogError> for Broken {
    fn from(error: LogError) -> Self {
        Self::LogWork(error)
    }
}

impl From<KeyError> for Broken {
    fn from(error: KeyError) -> Self {
        Self::Keys(error)
    }
}

impl From<AllowlistError> for Broken {
    fn from(error: AllowlistError) -> Self {
        Self::Cards(error)
    }
}
