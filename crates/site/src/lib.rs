//! A whole controller as one sans-IO machine: record, then act.
//!
//! [`Site`] holds the lines, the doors and the decisions. It is driven by `handle_*` and drained by `poll_*`; it reads no
//! clock, no port, no file. What opens a door is an effect whose record is durable first (architecture, decision 1).

mod dating;
mod day_keys;
mod door;
mod effect;
mod enrolment;
mod error;
mod floor;
mod guests;
mod health;
mod hold;
mod input;
mod journal;
mod last_read;
mod notice;
mod now;
mod passage;
mod pin_pad;
mod plan;
mod release;
mod relock;
mod site;
mod wiring;

pub use dating::Dating;
pub use error::SiteError;
pub use last_read::{LAST_READ_KEPT, LastRead};
pub use notice::Notice;
pub use now::Now;
pub use plan::{DoorClass, DoorPlan, InputAt, LinePlan, ReaderPlan, SitePlan, Spoken, Strike};
pub use site::{DoorState, Site, SiteCounts, Start};
