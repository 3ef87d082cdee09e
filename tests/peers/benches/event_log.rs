//! Bench: the event log beside an SQLite table of the same durability, a raw write and sync of as many octets, plain SHA-256,
//! and the systemd journal.
//!
//! `cargo bench --bench event_log`, with `-- journal` for that alone, with `-- 10000000` for another length of the long log (default 1,000,000). Peers take turns
//! with ours in one run, so that a disk with moods is unfair to neither; medians. `BENCH_DIR` says where (default: the target
//! directory, which must lie on a real disk to mean anything).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench may panic"
)]

#[path = "event_log/appending.rs"]
mod appending;
#[path = "event_log/finding.rs"]
mod finding;
#[path = "event_log/journal.rs"]
mod journal;
#[path = "event_log/long.rs"]
mod long;
#[path = "event_log/table.rs"]
mod table;

use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // Given by `cargo test --benches`; only `cargo bench` measures.
    if !words.iter().any(|word| word == "--bench") {
        return;
    }
    let events = words.iter().find_map(|word| word.parse().ok());
    let parent = std::env::var_os("BENCH_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = tempfile::tempdir_in(parent).unwrap();
    if !words.iter().any(|word| word == "journal") {
        appending::run(folder.path());
        long::run(folder.path(), events.unwrap_or(1_000_000));
    }
    journal::run(folder.path(), JOURNAL_EVENTS);
}

/// Events in the journal and the log beside it.
const JOURNAL_EVENTS: u64 = 20_000;

/// Seconds that something takes.
fn seconds(work: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    work();
    begin.elapsed().as_secs_f64()
}

/// The middle one.
fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
