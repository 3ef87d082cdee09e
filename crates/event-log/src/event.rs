//! Events: what happened, before it is sealed into a record.

mod administration;
mod door;
mod kinds;
mod passage;
mod reader;
mod reading;
mod system;
mod text;

use access::{ClockQuality, KeySlot, OperatorId, UtcMicros};

pub use administration::{AdminVerb, Administration};
pub use door::{DoorEvent, DoorKind};
pub use passage::{Passage, PassageKind, Who};
pub use reader::{ReaderEvent, ReaderKind};
pub use reading::Reading;
pub use system::{SystemEvent, SystemKind};
pub use text::Text;

use kinds::kinds;

kinds! {
    /// The class of an event, the one thing a record says of it in clear; codes are stable.
    Class {
        /// A card at a reader.
        Passage = 1, "passage";
        /// A door opened, forced, held.
        Door = 2, "door";
        /// A reader came, went or was touched.
        Reader = 3, "reader";
        /// An operator changed something.
        Administration = 4, "administration";
        /// An operator read something.
        Reading = 5, "reading";
        /// The controller or the log itself.
        System = 6, "system";
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, microseconds of UTC.
    pub time: UtcMicros,
    /// How far that time may be believed.
    pub clock: ClockQuality,
    /// Written after the fact, from memory, because the log had failed (architecture, decision 1).
    pub late: bool,
    /// What.
    pub what: What,
}

/// What happened, by class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A card at a reader.
    Passage(Passage),
    /// A door.
    Door(DoorEvent),
    /// A reader.
    Reader(ReaderEvent),
    /// An operator's change.
    Administration(Administration),
    /// An operator's reading.
    Reading(Reading),
    /// The controller itself.
    System(SystemEvent),
}

impl What {
    /// The class, which the record says in clear.
    #[must_use]
    pub const fn class(&self) -> Class {
        match self {
            Self::Passage(_) => Class::Passage,
            Self::Door(_) => Class::Door,
            Self::Reader(_) => Class::Reader,
            Self::Administration(_) => Class::Administration,
            Self::Reading(_) => Class::Reading,
            Self::System(_) => Class::System,
        }
    }
}

/// An operator as events name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Their number in the register.
    pub id: OperatorId,
    /// The slot of their key, under which their acts are recorded.
    pub slot: KeySlot,
}

/// An event and the number its receipt will carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticketed {
    /// Chosen by the caller; given back with the receipt.
    pub ticket: u64,
    /// What happened.
    pub event: Event,
}
