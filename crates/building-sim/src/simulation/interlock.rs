//! Interlock: whether a door is shut and locked, as the street has it; a door of the same lock opens only while it is.

use std::collections::BTreeMap;
use std::time::Duration;

use access::{DoorId, ReaderId};
use event_log::{PassageKind, Ticketed, What};
use reader_bus::Uptime;

use super::Scene;
use super::agenda::Turn;
use super::life::WARM_AFTER;

/// Whether a door is shut and locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shut {
    /// It is, for so long that everybody knows.
    Yes,
    /// It is not, for so long that everybody knows.
    No,
    /// It was a moment ago, or was not; or the line to its contact is struck.
    Perhaps,
}

impl Scene {
    /// Of each door that another one waits for: whether it is shut; `log_failed` as the site found it.
    pub(super) fn shut_doors(&self, log_failed: bool) -> BTreeMap<DoorId, Shut> {
        let locked = self.blueprint.locked();
        let shut = locked.map(|door| (door, self.is_shut(door, log_failed)));
        shut.collect()
    }

    fn is_shut(&self, door: DoorId, log_failed: bool) -> Shut {
        let Some(contact) = self.street.contact(door) else {
            return Shut::Perhaps;
        };
        let for_long = |since: Uptime, long| self.up.saturating_since(since) >= long;
        let is_warm = for_long(self.started_at, WARM_AFTER);
        let seen = if contact.is_struck {
            MISSED_WITHIN
        } else {
            SEEN_WITHIN
        };
        let stands_open = contact.opened_at.is_some_and(|since| for_long(since, seen));
        if self.watch.is_released(door, self.up) || stands_open && is_warm {
            return Shut::No;
        }
        let rests = !contact.is_struck && is_warm && !log_failed && contact.opened_at.is_none();
        let stirred = [contact.moved_at, self.watch.stirred_at(door)];
        let mut stirred = stirred.into_iter().flatten();
        if rests && stirred.all(|at| for_long(at, RESTS_AFTER)) {
            return Shut::Yes;
        }
        Shut::Perhaps
    }

    /// Somebody was let in at a door of a lock, and somebody else is at another of it.
    pub(super) fn crowd_the_lock(&mut self, record: &Ticketed) {
        let What::Passage(passage) = &record.event.what else {
            return;
        };
        self.census.interlocked += u64::from(passage.reason == access::Reason::Interlock);
        let Some(door) = passage.door else {
            return;
        };
        let others = self.blueprint.lock_of(door).to_vec();
        let was_let_in = passage.kind == PassageKind::Granted && self.healed_at.is_none();
        if others.is_empty() || !was_let_in || !self.dice.one_in(2) {
            return;
        }
        let Some(other) = self.dice.pick(&others).copied() else {
            return;
        };
        let others = u64::from(self.plan.people);
        let person = usize::try_from(self.dice.below(others)).unwrap_or(0);
        let after = Duration::from_millis(self.dice.below(9_000));
        let reader = ReaderId::new(other.get());
        self.agenda
            .add(self.up + after, Turn::Shows { person, reader });
    }
}

/// What a contact tells is known within this time.
const SEEN_WITHIN: Duration = Duration::from_secs(2);
/// On a line that is struck it is known that nobody is heard, within this time.
const MISSED_WITHIN: Duration = Duration::from_secs(20);
/// A door where nothing stirred for so long is locked, whatever was on its way.
const RESTS_AFTER: Duration = Duration::from_secs(14);
