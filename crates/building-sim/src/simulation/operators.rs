//! Operators: what they change, and in which order it takes effect, is recorded and is told.

use std::sync::Arc;
use std::time::Duration;

use access::{DoorId, DoorMode, ModeOrder, Standing, UtcMicros};
use event_log::{AdminVerb, Administration, Event, Text, What};

use super::Scene;
use super::agenda::Turn;
use super::cards::name_of;
use super::desk::Change;
use super::plant::Plant;
use super::violation::Breach;

impl Scene {
    /// An operator does something; the next one comes after a while.
    pub(super) fn operate(&mut self) -> Result<(), Breach> {
        let pause = Duration::from_millis(10_000 + self.dice.below(80_000));
        self.agenda.add(self.up + pause, Turn::Operator);
        let Some(door) = self.any_door() else {
            return Ok(());
        };
        let person = self.anybody_else();
        if self.plan.forgets && self.dice.one_in(RETURNS_ONE_IN) {
            self.change(Change::Returns(person));
            return Ok(());
        }
        if self.plan.areas && self.dice.one_in(FORGIVEN_ONE_IN) {
            self.forgive_some();
            return Ok(());
        }
        match self.dice.below(16) {
            0..=2 => self.revoke(person),
            3..=5 => self.change(Change::Stands(person, Standing::Active)),
            6..=8 => {
                let until = self.in_minutes(1, 90);
                self.change(Change::Ends(person, until));
            }
            9 => {
                let until = Some(self.in_minutes(1, 10));
                let mode = if self.dice.one_in(2) {
                    DoorMode::Unlocked
                } else {
                    DoorMode::Locked
                };
                self.change(Change::Order(door, Some(ModeOrder { mode, until })));
            }
            10 => self.change(Change::Order(door, None)),
            11 if self.dice.one_in(2) => self.change(Change::LockDown(door, true)),
            11..=13 => self.change(Change::LockDown(door, false)),
            _ => self.open(door),
        }
        Ok(())
    }

    /// A card is revoked, and its holder is not far.
    fn revoke(&mut self, person: usize) {
        let standings = [Standing::Blocked, Standing::Lost, Standing::Returned];
        let standing = self.dice.pick(&standings).copied();
        self.change(Change::Stands(
            person,
            standing.unwrap_or(Standing::Blocked),
        ));
        for _ in 0..self.dice.below(4) {
            let comes = Duration::from_millis(self.dice.below(8_000));
            self.agenda.add(self.up + comes, Turn::Again { person });
        }
    }

    fn open(&mut self, door: DoorId) {
        let operator = self.operator;
        self.ask_site(|site, now| {
            // A door that is locked down stays shut, and so it does without the log.
            site.open_door(door, operator, "somebody forgot a card", now)
                .ok();
        });
    }

    /// The register is asked for a change; it takes a while.
    fn change(&mut self, change: Change) {
        if self.site.is_none() {
            return;
        }
        self.trace.tell(self.up, "asked", &change);
        self.desk.ask(change);
        let takes = Duration::from_micros(2_000 + self.dice.below(40_000));
        self.agenda.add(self.up + takes, Turn::Committed);
    }

    /// A change is in the register: the doors get it, then it is recorded.
    pub(super) fn committed(&mut self) -> Result<(), Breach> {
        let Some(change) = self.desk.commit() else {
            return Ok(());
        };
        self.trace.tell(self.up, "committed", &change);
        if self.plan.plant == Some(Plant::RevocationAfterAcknowledgement) {
            self.desk.told(change, self.up);
            self.agenda.add(self.up + SWAP_HELD_BACK, Turn::Swap);
            return Ok(());
        }
        self.swap()?;
        self.record_changes();
        Ok(())
    }

    /// The doors go by what is in the register.
    pub(super) fn swap(&mut self) -> Result<(), Breach> {
        let list = self.desk.list(false)?;
        self.desk.swapped();
        let down = &self.desk.at_doors.locked_down;
        let down: Vec<DoorId> = down.iter().copied().collect();
        self.ask_site(|site, now| {
            site.swap_allowlist(list);
            site.keep_lockdown(&down, now);
        });
        self.watch.locked_down(&down, self.up);
        self.watch.swapped(Arc::clone(&self.desk.at_doors));
        Ok(())
    }

    /// Changes whose record is not with the log are given to it.
    pub(super) fn record_changes(&mut self) {
        if self.site.is_none() {
            return;
        }
        for change in self.desk.unrecorded() {
            let event = self.told_of(change);
            let ticket = self.office.take_own(event);
            self.desk.given_to_log(ticket);
        }
    }

    /// The record of a change. In houses that forget, it names whose card it is.
    fn told_of(&self, change: Change) -> Event {
        let now = self.now();
        let about = self.desk.about(change).filter(|_| self.plan.forgets);
        let named = about.map(|(_, number)| Text::new(&name_of(number)));
        let verb = match change {
            Change::Forgotten(_) => AdminVerb::ShredDone,
            Change::Returns(_) => AdminVerb::CardReturned,
            Change::Issued(..) => AdminVerb::CardActivated,
            Change::Stands(..) | Change::Ends(..) | Change::Order(..) | Change::LockDown(..) => {
                AdminVerb::CardBlocked
            }
        };
        let act = Administration {
            verb,
            operator: self.operator,
            outbox: 0,
            holder: about.map(|(holder, _)| holder),
            holder_text: named.unwrap_or_default(),
            operator_text: Text::new("a change"),
        };
        Event {
            time: now.utc,
            clock: now.clock,
            late: false,
            what: What::Administration(act),
        }
    }

    /// So many minutes from now, by the controller's own time.
    fn in_minutes(&mut self, least: u64, most: u64) -> UtcMicros {
        let now = self.now();
        let lifted = self.site.as_ref().map_or(now, |site| site.lift(now));
        let minutes = least + self.dice.below(most);
        lifted.utc.saturating_add(Duration::from_secs(60 * minutes))
    }

    /// Anybody but the employees who may open everything.
    pub(super) fn anybody_else(&mut self) -> usize {
        let trusted = self.plan.trusted();
        let others = u64::from(self.plan.people.saturating_sub(trusted));
        usize::from(trusted) + usize::try_from(self.dice.below(others)).unwrap_or(0)
    }

    fn any_door(&mut self) -> Option<DoorId> {
        let doors: Vec<DoorId> = self.blueprint.doors().collect();
        self.dice.pick(&doors).copied()
    }
}

/// One change in so many is the last that is made for somebody.
const RETURNS_ONE_IN: u64 = 24;
/// One act in so many forgives somebody who is on the wrong side.
const FORGIVEN_ONE_IN: u64 = 10;
/// A planted bug holds a list back for so long.
const SWAP_HELD_BACK: Duration = Duration::from_secs(6);
