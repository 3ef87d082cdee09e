//! Errors of a site: a plan that cannot be built, a wish that cannot be met.

use std::fmt;

use access::{DoorId, LineId, ReaderId};
use reader_bus::BusError;

/// Why a site cannot be made, or will not do what it was asked.
#[derive(Debug)]
pub enum SiteError {
    /// Two lines have one id.
    LineTwice {
        /// The id.
        line: LineId,
    },
    /// Two readers have one id.
    ReaderTwice {
        /// The id.
        reader: ReaderId,
    },
    /// Two doors have one id.
    DoorTwice {
        /// The id.
        door: DoorId,
    },
    /// A line the bus refuses.
    Line {
        /// The line.
        line: LineId,
        /// What the bus says.
        error: BusError,
    },
    /// A line whose protocol carries one reader has another number of them.
    ReaderCount {
        /// The line.
        line: LineId,
        /// Readers found.
        found: usize,
    },
    /// A door names a reader that is not there.
    DoorReader {
        /// The door.
        door: DoorId,
        /// The reader.
        reader: ReaderId,
    },
    /// A reader asks for two doors: a card shown there would have two answers.
    ReaderOfTwoDoors {
        /// The reader.
        reader: ReaderId,
    },
    /// A door without a reader, or with one on a line that has no outputs as its strike.
    Strike {
        /// The door.
        door: DoorId,
        /// The reader that should release it.
        reader: ReaderId,
    },
    /// An unlock shorter than 100 ms or longer than an output can count.
    OpenFor {
        /// The door.
        door: DoorId,
        /// The time asked for, in ms.
        found_ms: u128,
    },
    /// A strict door with a reader that anybody with its wires can imitate, and which does not want a PIN of everyone there.
    StrictDoorImitable {
        /// The door.
        door: DoorId,
        /// The reader.
        reader: ReaderId,
    },
    /// A strike that is released by no current behind a relay board: the door would stand open whenever the board restarts.
    InvertedStrike {
        /// The door.
        door: DoorId,
        /// The board.
        reader: ReaderId,
    },
    /// The door is locked down.
    LockedDown {
        /// The door asked for.
        door: DoorId,
    },
    /// The reader asks for no door and carries no door's strike.
    NoDoor {
        /// The reader asked for.
        reader: ReaderId,
    },
    /// No such reader.
    UnknownReader {
        /// The reader asked for.
        reader: ReaderId,
    },
    /// No such door.
    UnknownDoor {
        /// The door asked for.
        door: DoorId,
    },
    /// Cards may not be presented at this reader.
    NotForEnrolment {
        /// The reader asked for.
        reader: ReaderId,
    },
    /// Somebody else already waits for a card there.
    AlreadyExpecting {
        /// The reader asked for.
        reader: ReaderId,
    },
    /// The record cannot be made durable now, so nothing is done.
    LogNotDurable,
    /// The reader's line does not take the order.
    Order {
        /// The reader asked for.
        reader: ReaderId,
        /// What the bus says.
        error: BusError,
    },
    /// The reader's line takes no keys, or refused this one.
    Key {
        /// The reader asked for.
        reader: ReaderId,
        /// What the bus says.
        error: BusError,
    },
}

impl fmt::Display for SiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LineTwice { line } => write!(f, "line {line} is there twice"),
            Self::ReaderTwice { reader } => write!(f, "reader {reader} is there twice"),
            Self::DoorTwice { door } => write!(f, "door {door} is there twice"),
            Self::Line { line, error } => write!(f, "line {line}: {error}"),
            Self::ReaderCount { line, found } => {
                write!(f, "line {line} carries one reader, not {found}")
            }
            Self::DoorReader { door, reader } => {
                write!(f, "door {door} names reader {reader}, which is not there")
            }
            Self::ReaderOfTwoDoors { reader } => write!(
                f,
                "reader {reader} asks for two doors; a reader asks for one"
            ),
            Self::Strike { door, reader } => write!(
                f,
                "door {door} cannot be released by reader {reader}, whose line has no outputs"
            ),
            Self::OpenFor { door, found_ms } => write!(
                f,
                "door {door} opens for {found_ms} ms; possible are 100 to 6553500 ms"
            ),
            Self::StrictDoorImitable { door, reader } => {
                write!(
                    f,
                    "strict door {door} does not trust reader {reader}, which can be imitated, without a PIN: it needs level limited, and may not stand unlocked"
                )
            }
            Self::InvertedStrike { door, reader } => write!(
                f,
                "door {door} would stand open whenever relay board {reader} restarts; wire its lock to the board's other contact"
            ),
            Self::LockedDown { door } => write!(f, "door {door} is locked down; release it first"),
            Self::NoDoor { reader } => write!(
                f,
                "reader {reader} asks for no door and carries no door's strike"
            ),
            Self::UnknownReader { reader } => write!(f, "there is no reader {reader}"),
            Self::UnknownDoor { door } => write!(f, "there is no door {door}"),
            Self::NotForEnrolment { reader } => write!(
                f,
                "reader {reader} is not set up for presenting cards; set enrol = true"
            ),
            Self::AlreadyExpecting { reader } => {
                write!(f, "somebody already waits for a card at reader {reader}")
            }
            Self::LogNotDurable => {
                f.write_str("the record cannot be made durable now, so nothing was done")
            }
            Self::Order { reader, error } => {
                write!(f, "reader {reader} does not take the order: {error}")
            }
            Self::Key { reader, error } => {
                write!(f, "reader {reader} does not take the key: {error}")
            }
        }
    }
}

impl std::error::Error for SiteError {}
