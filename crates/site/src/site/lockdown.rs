//! Lockdown: doors that let in nobody until they are released, whatever else holds.

use access::DoorId;
use event_log::{SystemEvent, SystemKind, Text, What};
use reader_bus::Occasion;

use crate::now::Now;
use crate::site::Site;

impl Site {
    /// Locks these doors down: from this moment on no card and no operator opens them. Those that stand unlocked are locked first.
    /// Exit buttons go on releasing their doors. Says how many doors were not locked down before; others than ours are let pass.
    pub fn lock_down(&mut self, doors: &[DoorId], now: Now) -> usize {
        let lifted = self.floor.lift(now);
        let news = self.set_lockdown(doors, true, lifted);
        // All are denied by now; of the strikes those go first that stand open for anybody.
        let mut released = news.clone();
        let stands = |door: &DoorId| self.holds.iter().any(|hold| hold.door() == *door);
        released.sort_by_key(|door| !stands(door));
        self.holds.retain(|hold| !news.contains(&hold.door()));
        for door in released {
            self.lock_now(door, lifted);
        }
        self.lockdown_record(SystemKind::LockedDown, news.len(), lifted);
        self.settle(now);
        news.len()
    }

    /// Ends the lockdown of these doors. Says how many were locked down.
    pub fn release_lockdown(&mut self, doors: &[DoorId], now: Now) -> usize {
        let lifted = self.floor.lift(now);
        let news = self.set_lockdown(doors, false, lifted);
        self.lockdown_record(SystemKind::LockdownReleased, news.len(), lifted);
        self.modes.hurry();
        self.settle(now);
        news.len()
    }

    /// Locks these doors down and releases all others: what the owner has kept.
    pub fn keep_lockdown(&mut self, doors: &[DoorId], now: Now) {
        let all = self.doors.keys().copied();
        let others: Vec<DoorId> = all.filter(|door| !doors.contains(door)).collect();
        self.lock_down(doors, now);
        self.release_lockdown(&others, now);
    }

    /// Says of these doors whether they are locked down; gives those for which that is news.
    fn set_lockdown(&mut self, doors: &[DoorId], locked_down: bool, now: Now) -> Vec<DoorId> {
        let mut news = Vec::new();
        for id in doors {
            let Some(door) = self.doors.get_mut(id) else {
                continue;
            };
            if self.house.set_lockdown(*id, locked_down) {
                door.set_locked_down(locked_down, now.up);
                news.push(*id);
            }
        }
        let light = self.feedback.of(Occasion::Lockdown).light;
        for door in &news {
            let readers = self.doors.get(door).map(|door| door.plan().entry.clone());
            for reader in readers.unwrap_or_default() {
                if let Some((line, index)) = self.wiring.line_of(reader) {
                    line.stand(index, light.filter(|_| locked_down));
                }
            }
        }
        news
    }

    fn lockdown_record(&mut self, kind: SystemKind, doors: usize, now: Now) {
        if doors > 0 {
            let detail = Text::new(&format!("{doors} doors"));
            self.record(What::System(SystemEvent { kind, detail }), now);
        }
    }
}
