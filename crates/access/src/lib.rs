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
#[cfg(test)]
mod fixture;
mod hash_key;
mod house;
mod id;
mod issuance;
mod modes;
mod naming;
mod pin;
mod plan;
mod quarter;
mod reason;
pub mod role;
mod rule;
pub mod schedule;
mod stock;
mod time;
mod unseen;
mod validity;
mod working_day;

pub use allowlist::{
    Allowlist, AllowlistBuilder, AllowlistError, Card, CardEntry, Change, Place, Right, SpareCards,
    Standing,
};
pub use card::{
    BitsError, CardBits, CardNumber, CardTag, FormatSet, ReadError, TagKey, UnknownTag,
};
pub use clock::ClockQuality;
pub use decide::{Decision, Denial, Grant, Remarks, Request, decide, decide_held};
pub use explain::{Step, Trace, explain, explain_named};
pub use house::{HouseState, Occupancy, OccupancyNews, PinLimit, Whereabouts};
pub use id::{
    AreaId, DoorId, Generation, GroupId, KeySlot, LineId, OperatorId, ReaderId, ScheduleId,
};
pub use issuance::{Holder, IssuanceId, IssuanceIdError};
pub use modes::{DoorMode, ModeBySchedule, ModeCause, ModeOrder, ModePlan, ModePlans};
pub use naming::{ByNumber, Naming};
pub use pin::{Pin, PinDigits, PinEntry, PinError, PinHash, PinKey, PinNumber};
pub use plan::{AreaRules, DoorRules, HousePlan, Level, Passback, Persons, ReaderRules, Trust};
pub use quarter::{QUARTERS_MAX, Quarter, QuarterError, unreviewed};
pub use reason::Reason;
pub use stock::{StockId, StockIdError};
pub use time::{Day, UtcMicros};
pub use unseen::is_unseen;
pub use validity::{Validity, ValidityError};
pub use working_day::WorkingDay;
