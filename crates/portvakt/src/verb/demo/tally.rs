//! What the story promised, and whether it happened.

use std::collections::BTreeMap;

use control::reply::event::EventRow;

/// How often each thing happened, by `event` or `event: reason`.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<String, u32>);

impl Tally {
    /// Counts one event.
    pub(super) fn count(&mut self, event: &EventRow) {
        let name = match event.reason.as_deref() {
            None | Some("ok") => event.event.clone(),
            Some(reason) => format!("{}: {reason}", event.event),
        };
        *self.0.entry(name).or_default() += 1;
    }

    /// How often this happened.
    pub(super) fn of(&self, name: &str) -> u32 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// What should have happened and did not.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        PROMISED
            .iter()
            .copied()
            .filter(|name| self.of(name) == 0)
            .collect()
    }

    /// All that were refused.
    pub(super) fn denied(&self) -> u32 {
        let denied = self
            .0
            .iter()
            .filter(|(name, _)| name.starts_with("access-denied"));
        denied.map(|(_, times)| times).sum()
    }
}

/// What every demo shows.
const PROMISED: &[&str] = &[
    "reader-online",
    "access-granted",
    "access-denied: expired",
    "access-denied: unknown-card",
    "access-denied: lost",
    "lost-card-used",
    "change-pending",
    "access-denied: no-right",
    "door-held",
];
