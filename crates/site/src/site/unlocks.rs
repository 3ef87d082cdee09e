//! Unlocks: from the leave to release a door to the order on the line, and what becomes of it.

use std::time::Duration;

use access::{DoorId, ReaderId};
use event_log::{DoorEvent, DoorKind, Operator, Text, What};
use reader_bus::{DropCause, Occasion, Unlock as Order};

use crate::door::Door;
use crate::effect::{Cause, Effect, Unlock};
use crate::error::SiteError;
use crate::hold::HOLD_FOR;
use crate::notice::Notice;
use crate::now::Now;
use crate::plan::DoorClass;
use crate::release::{Release, UNLOCK_LIVES};
use crate::site::Site;
use crate::wiring::time_100ms;

impl Site {
    /// Opens a door for an operator: recorded first, then released. Whether it was is told by [`Notice::DoorOpened`] or
    /// [`Notice::DoorNotOpened`] under the ticket given back.
    ///
    /// # Errors
    /// [`SiteError::UnknownDoor`]; [`SiteError::LockedDown`]; [`SiteError::LogNotDurable`] if the record could not be made durable.
    pub fn open_door(
        &mut self,
        door: DoorId,
        operator: Operator,
        reason: &str,
        now: Now,
    ) -> Result<u64, SiteError> {
        self.open_as(DoorKind::Opened, (door, operator, reason), now)
    }

    /// Opens the door that a reader asks for, or else one whose strike it carries, to see that it is wired as it should be; as
    /// [`open_door`](Self::open_door) does. Says which door that is.
    ///
    /// # Errors
    /// As `open_door`; [`SiteError::UnknownReader`]; [`SiteError::NoDoor`] for a reader without a door.
    pub fn test_open(
        &mut self,
        reader: ReaderId,
        operator: Operator,
        now: Now,
    ) -> Result<(u64, DoorId), SiteError> {
        let wired = self.wiring.readers.get(&reader);
        let wired = wired.ok_or(SiteError::UnknownReader { reader })?;
        let carried = || {
            let mut doors = self.doors.iter();
            let carries = |door: &Door| door.plan().strike.reader == reader;
            doors.find_map(|(id, door)| carries(door).then_some(*id))
        };
        let door = wired.door.or_else(carried);
        let door = door.ok_or(SiteError::NoDoor { reader })?;
        let ticket = self.open_as(DoorKind::TestOpened, (door, operator, ""), now)?;
        Ok((ticket, door))
    }

    fn open_as(
        &mut self,
        kind: DoorKind,
        (door, operator, reason): (DoorId, Operator, &str),
        now: Now,
    ) -> Result<u64, SiteError> {
        let now = self.floor.lift(now);
        if !self.doors.contains_key(&door) {
            return Err(SiteError::UnknownDoor { door });
        }
        if self.house.is_locked_down(door) {
            return Err(SiteError::LockedDown { door });
        }
        if !self.may_unlock(door, now) {
            return Err(SiteError::LogNotDurable);
        }
        let what = DoorEvent {
            kind,
            door,
            operator: Some(operator),
            detail: Text::new(reason),
        };
        let event = self.event(What::Door(what), now);
        let effect = Effect::open(event, door, Cause::Operator, now.up);
        self.claim(door, now);
        self.record_then_unlock(effect, door, now)
            .ok_or(SiteError::LogNotDurable)
    }

    /// The class of a door.
    pub(super) fn class(&self, door: DoorId) -> Option<DoorClass> {
        Some(self.doors.get(&door)?.plan().class)
    }

    /// Whether an unlock decided now could be recorded as its door's class demands.
    pub(super) fn may_unlock(&self, door: DoorId, now: Now) -> bool {
        let by_class = match self.class(door) {
            Some(DoorClass::Standard) => {
                !self.journal.has_failed() || self.journal.ring_opens(now.up)
            }
            Some(DoorClass::Strict) => !self.journal.has_failed(),
            None => false,
        };
        by_class && self.journal.has_room()
    }

    /// Queues a record and what follows it. Says the ticket, if there was a place.
    pub(super) fn record_then_unlock(
        &mut self,
        effect: Effect,
        door: DoorId,
        now: Now,
    ) -> Option<u64> {
        let patience = match self.class(door)? {
            DoorClass::Standard => UNLOCK_LIVES,
            DoorClass::Strict => STRICT_WAITS,
        };
        let ticket = self.journal.push(effect, now.up + patience)?;
        if self.journal.has_failed() {
            self.open_from_ring(ticket, door, now);
        }
        Some(ticket)
    }

    /// Spends the leave to release a door.
    pub(super) fn unlock(&mut self, unlock: Unlock, ticket: u64, now: Now) {
        let release = Release::of(&unlock, ticket);
        if now.up >= release.expires {
            return self.not_unlocked(
                release,
                DoorKind::UnlockDropped,
                "decided more than a second ago",
                now,
            );
        }
        if !self.may_release(&release) {
            let why = "the door was locked meanwhile";
            return self.not_unlocked(release, DoorKind::UnlockDropped, why, now);
        }
        if unlock.cause() == Cause::Mode {
            self.holds
                .iter_mut()
                .filter(|hold| hold.door() == release.door)
                .for_each(|hold| hold.keep(&unlock));
        }
        self.order_unlock(release, now);
    }

    /// Whether what was decided before may still be done: a lockdown, or the end of a mode, may have come between.
    fn may_release(&self, release: &Release) -> bool {
        match release.cause {
            Cause::ExitButton => true,
            Cause::Card(_) | Cause::Operator => !self.house.is_locked_down(release.door),
            Cause::Mode => self
                .doors
                .get(&release.door)
                .is_some_and(Door::stands_unlocked),
            Cause::Lock => false,
        }
    }

    /// Keeps the doors unlocked whose mode it is to stand so.
    pub(super) fn tick_holds(&mut self, now: Now) {
        let due: Vec<(DoorId, Option<String>)> = self
            .holds
            .iter_mut()
            .filter_map(|hold| hold.due(now.up))
            .collect();
        for (door, unrecorded) in due {
            let Some(why) = unrecorded else {
                let ticket = self.journal.spare_ticket();
                self.order_unlock(
                    Release {
                        ticket,
                        door,
                        cause: Cause::Mode,
                        expires: now.up + UNLOCK_LIVES,
                    },
                    now,
                );
                continue;
            };
            if self.may_unlock(door, now) {
                let what = DoorEvent {
                    kind: DoorKind::Unlocked,
                    door,
                    operator: None,
                    detail: Text::new(&why),
                };
                let event = self.event(What::Door(what), now);
                self.record_then_unlock(Effect::open(event, door, Cause::Mode, now.up), door, now);
            }
        }
    }

    /// An order has left for its reader: the strike is released from now on.
    pub(super) fn unlock_sent(&mut self, ticket: u64, now: Now) {
        let Some(release) = self.sent.get(&ticket).copied() else {
            return;
        };
        if release.cause == Cause::Lock {
            return;
        }
        self.forget_lock(release.door);
        if let Some(door) = self.doors.get_mut(&release.door) {
            let lasts = lasts(release.cause, door);
            let entry = matches!(release.cause, Cause::Card(_) | Cause::Operator);
            door.released(lasts, entry, now.up);
            if release.cause == Cause::ExitButton {
                door.left_by_exit(now.up);
            }
        }
        if let Cause::Card(reader) = release.cause {
            self.came_through(release.door, ticket, now);
            self.show(reader, Occasion::Granted);
        }
    }

    /// The reader has confirmed an order.
    pub(super) fn unlock_acked(&mut self, ticket: u64, now: Now) {
        let Some(Release { door, cause, .. }) = self.sent.remove(&ticket) else {
            return;
        };
        match cause {
            Cause::Operator => self.notices.push(Notice::DoorOpened { ticket, door }),
            Cause::Lock => self.locked(door, now),
            Cause::Card(_) | Cause::ExitButton | Cause::Mode => {}
        }
    }

    /// A line says that an unlock was never sent. If a lock took it back, whoever pressed the button inside is let out all the same, within
    /// its life.
    pub(super) fn unlock_dropped(&mut self, ticket: u64, why: DropCause, now: Now) {
        let release = self.sent.get(&ticket).copied();
        match release.filter(|release| release.cause == Cause::ExitButton) {
            Some(release) if why == DropCause::Withdrawn => {
                self.sent.remove(&ticket);
                self.order_unlock(release, now);
            }
            Some(_) | None => {
                // A lock that another took the place of has not failed.
                let replaced = |release: Release| release.cause == Cause::Lock;
                if why == DropCause::Withdrawn
                    && self.sent.get(&ticket).copied().is_some_and(replaced)
                {
                    self.sent.remove(&ticket);
                    return;
                }
                self.unlock_lost(ticket, DoorKind::UnlockDropped, &why.to_string(), now)
            }
        }
    }

    /// A line says that an order came to nothing, or that nobody knows what it came to.
    pub(super) fn unlock_lost(&mut self, ticket: u64, kind: DoorKind, why: &str, now: Now) {
        if let Some(release) = self.sent.remove(&ticket) {
            self.not_unlocked(release, kind, why, now);
        }
    }

    /// A door was to be released and was not, as far as anybody knows: recorded and shown. A door that stands unlocked is
    /// tried again soon, and silently.
    pub(super) fn not_unlocked(&mut self, release: Release, kind: DoorKind, why: &str, now: Now) {
        let Release {
            ticket,
            door,
            cause,
            ..
        } = release;
        match cause {
            Cause::Mode => return,
            Cause::Lock => return self.not_locked(door, why, now),
            Cause::Card(reader) => {
                if let Some(door) = self.doors.get_mut(&door) {
                    door.guests_mut().disappoint(ticket);
                }
                self.show(reader, Occasion::Denied);
            }
            Cause::Operator => self.notices.push(Notice::DoorNotOpened { ticket, door }),
            Cause::ExitButton => {}
        }
        self.counts.unlocks_failed = self.counts.unlocks_failed.saturating_add(1);
        self.record(
            What::Door(DoorEvent {
                kind,
                door,
                operator: None,
                detail: Text::new(why),
            }),
            now,
        );
    }

    /// Hands an order to the line of the door's strike.
    fn order_unlock(&mut self, release: Release, now: Now) {
        let Some(door) = self.doors.get(&release.door) else {
            return;
        };
        let (strike, lasts) = (door.plan().strike, lasts(release.cause, door));
        let Some((line, index)) = self.wiring.line_of(strike.reader) else {
            return;
        };
        let time_100ms = time_100ms(lasts).unwrap_or(1);
        match line.unlock(
            index,
            Order {
                ticket: release.ticket,
                output: strike.output,
                inverted: strike.inverted,
                time_100ms,
                expires: release.expires,
            },
        ) {
            Ok(()) => {
                self.sent.insert(release.ticket, release);
            }
            Err(error) => {
                self.not_unlocked(release, DoorKind::UnlockDropped, &error.to_string(), now)
            }
        }
    }
}

/// How long an unlock lasts: one for somebody takes nothing from a door that stands unlocked.
fn lasts(cause: Cause, door: &Door) -> Duration {
    let open_for = door.plan().open_for;
    match cause {
        Cause::Mode => HOLD_FOR,
        Cause::Card(_) | Cause::Operator | Cause::ExitButton | Cause::Lock => {
            if door.stands_unlocked() {
                open_for.max(HOLD_FOR)
            } else {
                open_for
            }
        }
    }
}

/// So long after its decision an unlock may still leave, its record and its line's patience counted.
pub(super) const CLAIMED_FOR: Duration = Duration::from_secs(3);
/// A strict door waits so long for its record.
const STRICT_WAITS: Duration = Duration::from_millis(100);
