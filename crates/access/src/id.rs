//! Ids: the numbers by which the controller's parts call doors, readers, lines, operators, generations and keys.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$meaning:meta])* $name:ident($number:ty)) => {
        $(#[$meaning])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($number);

        impl $name {
            /// Wraps the stored number.
            #[must_use]
            pub const fn new(number: $number) -> Self {
                Self(number)
            }

            /// The number as it is stored.
            #[must_use]
            pub const fn get(self) -> $number {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// A door; given once by the register and never reused.
    DoorId(u16)
}
id! {
    /// A reader; given once by the register and never reused.
    ReaderId(u16)
}
id! {
    /// A line: one serial device with readers on it.
    LineId(u8)
}
id! {
    /// A schedule; given once by the register and never reused.
    ScheduleId(u16)
}

id! {
    /// A group of doors; given once by the register and never reused.
    GroupId(u16)
}

id! {
    /// An area between doors; given once by the register and never reused.
    AreaId(u16)
}

id! {
    /// A person who operates the controller.
    OperatorId(u16)
}
id! {
    /// The number of one immutable allowlist; every change makes a higher one.
    Generation(u64)
}
id! {
    /// Where the key store keeps an issuance's or operator's key; meaningless to everyone else.
    KeySlot(u32)
}

impl Generation {
    /// The generation that follows this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
