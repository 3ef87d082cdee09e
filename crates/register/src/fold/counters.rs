//! Counters: the last number given of each sort is never behind a number that log or register has.

use std::collections::BTreeMap;

use super::Disagreement;
use super::subject::Subject;

/// The greatest number seen of each sort, and the last that the register says it gave.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    seen: BTreeMap<&'static str, u64>,
    pub(super) given: BTreeMap<String, u64>,
    /// Records of the outbox that the log does not have, and the one behind them.
    missing: Option<(u64, u64)>,
}

impl Numbers {
    pub(super) fn see(&mut self, sort: &'static str, number: u64) {
        let greatest = self.seen.entry(sort).or_default();
        *greatest = number.max(*greatest);
    }

    /// Sees the number under which a record lay in the outbox: each comes into the log, one behind the other.
    pub(super) fn see_outbox(&mut self, number: u64, event: u64) {
        let last = self.seen.get(OUTBOX).copied().unwrap_or_default();
        if number > last.saturating_add(1) && last != 0 && self.missing.is_none() {
            self.missing = Some((last + 1, event));
        }
        self.see(OUTBOX, number);
    }

    /// Sees the number by which something goes.
    pub(super) fn see_of(&mut self, subject: &Subject) {
        let (sort, id) = match subject {
            Subject::Named(id) if id.starts_with("door") => ("door", id),
            Subject::Named(id) if id.starts_with("reader") => ("reader", id),
            Subject::Named(id) if id.starts_with("group") => ("group", id),
            Subject::Named(id) => ("area", id),
            Subject::Operator(id) => ("operator", id),
            Subject::Tenant(id) => ("tenant", id),
            Subject::Contact(id) => ("contact", id),
            Subject::Schedule(id) => ("schedule", id),
            Subject::Stock(id) => ("stock", id),
            Subject::Approval(id) => ("approval", id),
            Subject::Review(id) => ("review", id),
            Subject::Issuance(_)
            | Subject::SpecialDay(_)
            | Subject::DoorHours(_)
            | Subject::DoorOrder(_)
            | Subject::Lockdown(_)
            | Subject::Charge(_)
            | Subject::Counter(_)
            | Subject::Tombstone(_) => return,
        };
        let digits = id.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        if let Ok(number) = digits.parse() {
            self.see(sort, number);
        }
    }

    /// Counters of the register that are behind what either has seen.
    pub(super) fn against(&self, rows: &Self) -> Vec<Disagreement> {
        let mut seen = self.seen.clone();
        for (sort, number) in &rows.seen {
            let greatest = seen.entry(sort).or_default();
            *greatest = (*number).max(*greatest);
        }
        let behind = seen.into_iter().filter_map(|(sort, number)| {
            let given = rows.given.get(sort).copied();
            given
                .is_none_or(|given| given < number)
                .then(|| Disagreement {
                    subject: Subject::Counter(sort.to_owned()),
                    event: None,
                    expected: Some(format!("{number} or more")),
                    found: given.map(|given| given.to_string()),
                })
        });
        let missing = self.missing.map(|(number, event)| Disagreement {
            subject: Subject::Counter(OUTBOX.to_owned()),
            event: Some(event),
            expected: Some(format!("the record with the number {number}")),
            found: None,
        });
        behind.chain(missing).collect()
    }
}

const OUTBOX: &str = "outbox";
