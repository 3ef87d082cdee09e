//! Keys that can be destroyed: fixed slots, overwritten in place.
//!
//! A person's history is erased by destroying one key, so a key must lie in exactly one place on disk and be gone when
//! that place is overwritten. A [`KeyStore`] keeps every key in a slot of 64 octets that never moves; a slot's generation
//! number never repeats. The bytes are drawn in `docs/key-store.md`. Disk and entropy are the caller's: see [`disk::Disk`]
//! and [`Entropy`].

mod backup;
pub mod disk;
mod entropy;
mod error;
pub mod foreign;
mod key;
mod owner;
mod reader_key;
mod seal;
mod slot;
mod slot_file;
mod store;

pub use backup::{BackedUp, BackupError, open_backup};
pub use entropy::Entropy;
pub use error::KeyError;
pub use key::Key32;
pub use owner::{Fixed, Owner, Slot};
pub use reader_key::Weakness;
pub use store::{BaseKey, Identity, KeyStore};
