//! Allowlist: every card that may open a door, as one immutable generation (architecture, decision 5).

mod buckets;
mod builder;
mod entry;
mod list;
mod overlay;
mod spares;
mod table;

pub use builder::{AllowlistBuilder, AllowlistError};
pub use entry::{Card, CardEntry, Change, Place, Right, Standing};
pub use list::Allowlist;
pub use spares::SpareCards;
