//! What happened, in order, tamper-evident and erasable.
//!
//! A [`Log`] is the one writer: it takes [`Event`]s, seals each person's part under that person's key, appends them to segment
//! files, syncs, and only then gives out [`Receipt`]s. [`verify`] needs no key and no daemon; [`read`] needs the keys. The octets
//! are drawn in `docs/event-log-format.md`.

mod checkpoint;
mod consistency;
mod cosignature;
mod crc32c;
mod epoch;
mod error;
mod event;
mod export;
pub mod foreign;
mod former;
mod index;
mod keys;
mod log;
mod newest;
mod note;
mod old_log;
mod proof;
pub mod read;
mod receipt;
mod record;
mod remembered;
mod retention;
mod scrub;
mod seals;
mod segment;
mod short_hash;
mod text_file;
mod tiles;
mod tree;
pub mod verify;
pub mod witness;
mod witnessed;

pub use checkpoint::{Checkpoint, EpochMark, TreeHead};
pub use consistency::{CONSISTENCY_HASHES_MAX, Consistency, Inconsistent};
pub use cosignature::{Cosigned, Cosigner, WitnessKey};
pub use error::{LogError, LogFault};
pub use event::{
    AdminVerb, Administration, Class, DoorEvent, DoorKind, Event, Operator, Passage, PassageKind,
    ReaderEvent, ReaderKind, Reading, SystemEvent, SystemKind, Text, Ticketed, What, Who,
};
pub use export::{ExportError, Exported, export_tiles};
pub use former::{Former, is_life_of, verifier_of};
pub use key_store::disk;
pub use keys::{Keys, PartOwner, StoreKeys, part_owner};
pub use log::{Identity, Log, Recovery, Spares};
pub use note::{Note, NoteError, VerifierKey};
pub use old_log::OldLog;
pub use proof::{Proof, ProofError, Proven, Prover};
pub use receipt::Receipt;
pub use record::View;
pub use retention::{Cuts, Keep, Policy, PolicyError};
pub use witnessed::Witnessed;
