//! May this card open this door now, and what follows; pure.
//!
//! Bits from a reader become a [`CardNumber`], a number becomes a [`CardTag`], and [`decide`] looks the tag up in an immutable
//! [`Allowlist`] and asks every rule in order. What is not expressly allowed is denied, with a [`Reason`]. Nothing here
//! reads a clock, a file or a random source.

mod allowlist;
pub mod card;
mod clock;
mod decide;
mod explain;
mod house;
mod id;
mod issuance;
mod reason;
pub mod role;
mod rule;
mod time;
mod validity;

pub use allowlist::{
    Allowlist, AllowlistBuilder, AllowlistError, Card, CardEntry, Change, Right, Standing,
};
pub use card::{
    BitsError, CardBits, CardNumber, CardTag, FormatSet, ReadError, TagKey, UnknownTag,
};
pub use clock::ClockQuality;
pub use decide::{Decision, Denial, Grant, Request, decide};
pub use explain::{Step, Trace, explain};
pub use house::{DoorMode, HouseState};
pub use id::{DoorId, Generation, KeySlot, LineId, OperatorId, ReaderId};
pub use issuance::{Holder, IssuanceId, IssuanceIdError};
pub use reason::Reason;
pub use time::{Day, UtcMicros};
pub use validity::{Validity, ValidityError};
