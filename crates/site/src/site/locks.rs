//! Locks: strikes that are locked before their time is over.

use std::time::Duration;

use access::{DoorId, ReaderId};
use event_log::DoorKind;
use reader_bus::Lock;

use crate::effect::Cause;
use crate::now::Now;
use crate::release::Release;
use crate::relock::Relock;
use crate::site::Site;
use crate::site::doors::door_event;

impl Site {
    /// Locks a door at once, if it is released or about to be. Whoever pressed the button inside is let out all the same.
    pub(super) fn lock_now(&mut self, door: DoorId, now: Now) {
        let Some(known) = self.doors.get(&door) else {
            return;
        };
        let (strike, until) = (known.plan().strike, known.strike_until(now.up));
        let until = match (until, self.is_unlock_on_its_way(door)) {
            (Some(until), _) => until,
            (None, true) => now.up + ON_ITS_WAY,
            (None, false) => return,
        };
        // What still waits is taken back also where the lock itself has to wait for somebody who leaves.
        if let Some((line, index)) = self.wiring.line_of(strike.reader) {
            line.recall(index, strike.output);
        }
        self.insist(Relock::new(door, until, now.up));
        self.tick_locks(now);
    }

    /// The leaf has shut behind somebody. Whoever was let in meanwhile, and whose unlock is on its way, still has to come in.
    pub(super) fn lock_behind(&mut self, door: DoorId, now: Now) {
        if !self.is_unlock_on_its_way(door) {
            self.lock_now(door, now);
        }
    }

    fn is_unlock_on_its_way(&self, door: DoorId) -> bool {
        let mut sent = self.sent.values();
        sent.any(|release| release.door == door && release.cause != Cause::Lock)
    }

    /// One door is to be locked, in place of what was to be before.
    fn insist(&mut self, relock: Relock) {
        self.relocks.retain(|before| before.door() != relock.door());
        self.relocks.push(relock);
    }

    /// Orders what is to be locked and is not yet.
    pub(super) fn tick_locks(&mut self, now: Now) {
        self.relocks.retain(|relock| !relock.is_over(now.up));
        let due: Vec<DoorId> = self
            .relocks
            .iter_mut()
            .filter_map(|relock| relock.is_due(now.up).then(|| relock.door()))
            .collect();
        for door in due {
            let left = self
                .doors
                .get(&door)
                .is_some_and(|door| door.is_left_by_exit(now.up));
            if !left {
                self.order_lock(door, now);
            }
        }
    }

    /// Locks a strike that is released by no current: one that was without its reader's care may stand open.
    pub(super) fn lock_inverted(&mut self, reader: ReaderId, now: Now) {
        let inverted = self.doors.iter().filter(|(_, door)| {
            let strike = door.plan().strike;
            strike.reader == reader && strike.inverted
        });
        let doors: Vec<DoorId> = inverted.map(|(door, _)| *door).collect();
        for door in doors {
            self.insist(Relock::new(door, now.up + INVERTED_FOR, now.up));
        }
        self.tick_locks(now);
    }

    fn order_lock(&mut self, door: DoorId, now: Now) {
        let Some(strike) = self.doors.get(&door).map(|door| door.plan().strike) else {
            return;
        };
        let ticket = self.journal.spare_ticket();
        let Some((line, index)) = self.wiring.line_of(strike.reader) else {
            return;
        };
        let expires = now.up + LOCK_LIVES;
        let lock = Lock {
            ticket,
            output: strike.output,
            inverted: strike.inverted,
            expires,
        };
        let cause = Cause::Lock;
        let release = Release {
            ticket,
            door,
            cause,
            expires,
        };
        match line.lock(index, lock) {
            Ok(()) => {
                self.sent.insert(ticket, release);
            }
            Err(error) => self.not_locked(door, &error.to_string(), now),
        }
    }

    /// A strike is rightly released: what was to be locked before that is no more.
    pub(super) fn forget_lock(&mut self, door: DoorId) {
        if !self.house.is_locked_down(door) {
            self.relocks.retain(|relock| relock.door() != door);
        }
    }

    /// The reader has confirmed that a strike is locked.
    pub(super) fn locked(&mut self, door: DoorId, now: Now) {
        self.relocks.retain(|relock| relock.door() != door);
        if let Some(door) = self.doors.get_mut(&door) {
            door.locked(now.up);
        }
    }

    /// It has not, so far. That is recorded once.
    pub(super) fn not_locked(&mut self, door: DoorId, why: &str, now: Now) {
        let mut relocks = self.relocks.iter_mut();
        let news = relocks
            .find(|relock| relock.door() == door)
            .is_some_and(Relock::fail);
        if news {
            self.record(door_event(DoorKind::LockFailed, door, why), now);
        }
    }
}

/// An unlock that is on its way releases its strike for no longer than this, should it overtake the lock.
const ON_ITS_WAY: Duration = Duration::from_secs(2);
/// One order to lock is tried for so long.
const LOCK_LIVES: Duration = Duration::from_secs(1);
/// A strike that is released by no current is locked within this time of its reader's coming, or never.
const INVERTED_FOR: Duration = Duration::from_secs(60);
