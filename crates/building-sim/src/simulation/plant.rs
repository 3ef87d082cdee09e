//! Bugs that are planted between the product and the simulated world, to see that they are found. The product has no branch for them.

use std::fmt;

/// A known bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// The site is told that a record is durable before it is written: the receipts come from a log on another disk.
    UnlockBeforeRecord,
    /// Cards hold to their end and with it, a microsecond too long.
    ExpiryOffByOne,
    /// What was torn at a crash is not cut off: later records are written behind it.
    TornTailAccepted,
    /// Frames lie in the line's port for a second and a half, and then leave.
    StaleUnlockSent,
    /// Something of a holder who is forgotten stays on the disk.
    RemnantKept,
    /// The doors take another's PIN for a card's own.
    AnothersPin,
    /// Who is where is forgotten at a restart.
    PassbackForgotten,
    /// A door of an interlock does not ask whether the others are shut.
    InterlockNotAsked,
    /// One person is enough where several are wanted.
    OnePersonEnough,
    /// A revocation is acknowledged, and reaches the doors later.
    RevocationAfterAcknowledgement,
}

impl Plant {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::UnlockBeforeRecord,
        Self::ExpiryOffByOne,
        Self::TornTailAccepted,
        Self::StaleUnlockSent,
        Self::RevocationAfterAcknowledgement,
        Self::RemnantKept,
        Self::AnothersPin,
        Self::PassbackForgotten,
        Self::InterlockNotAsked,
        Self::OnePersonEnough,
    ];
}

impl fmt::Display for Plant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnlockBeforeRecord => "unlock before record",
            Self::ExpiryOffByOne => "expiry off by one",
            Self::TornTailAccepted => "torn tail accepted",
            Self::StaleUnlockSent => "stale unlock sent",
            Self::RemnantKept => "remnant kept",
            Self::AnothersPin => "another's PIN",
            Self::PassbackForgotten => "passback forgotten at a restart",
            Self::InterlockNotAsked => "an interlock not asked",
            Self::OnePersonEnough => "one person is enough",
            Self::RevocationAfterAcknowledgement => "revocation after acknowledgement",
        })
    }
}
