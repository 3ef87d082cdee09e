//! The log as a whole, on a disk that forgets, fails and is tampered with.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

#[path = "house/epochs.rs"]
mod epochs;
#[path = "house/erasure.rs"]
mod erasure;
#[path = "house/exports.rs"]
mod exports;
#[path = "house/failed_syncs.rs"]
mod failed_syncs;
#[path = "house/full_disk.rs"]
mod full_disk;
#[path = "house/golden.rs"]
mod golden;
#[path = "house/growth.rs"]
mod growth;
#[path = "house/half_erased.rs"]
mod half_erased;
#[path = "house/hostile_folder.rs"]
mod hostile_folder;
#[path = "house/index.rs"]
mod index;
#[path = "house/life.rs"]
mod life;
#[path = "house/meanwhile.rs"]
mod meanwhile;
#[path = "house/power_cuts.rs"]
mod power_cuts;
#[path = "house/proofs.rs"]
mod proofs;
#[path = "house/restored.rs"]
mod restored;
#[path = "house/retention.rs"]
mod retention;
#[path = "house/rig.rs"]
mod rig;
#[path = "house/tampering.rs"]
mod tampering;
#[path = "house/witness.rs"]
mod witness;
#[path = "house/words.rs"]
mod words;
#[path = "house/years.rs"]
mod years;
