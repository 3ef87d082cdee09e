//! What a run of these tests says beside their results: what it left out, and what it pretended.

use std::collections::BTreeSet;
use std::io::{Write, stderr};
use std::sync::{Mutex, PoisonError};

/// Says this on stderr, once in a run, however many stories it is true of. The harness keeps back what `eprintln!` says in a
/// test that passes; whoever runs the tests is to see this.
pub(crate) fn say(what: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if said.insert(what.to_owned()) {
        writeln!(stderr(), "== {what}").ok();
    }
}
