//! Effect: a record, and what may follow once it is durable.
//!
//! The one place where an unlock comes into being. Nothing but the receipt of the very record, or the ring's leave after the
//! log has failed, takes it out of its effect; so an unrecorded unlock cannot be written down.

use access::{DoorId, Grant, ReaderId};
use event_log::{Event, Receipt, Ticketed};
use reader_bus::Uptime;

use crate::health::RingLeave;

/// A record to be made durable and what may follow. Not `Clone`: what may happen once cannot be kept.
#[derive(Debug)]
pub(crate) struct Effect {
    record: Event,
    then: Action,
}

/// What may follow a record.
#[derive(Debug)]
#[must_use = "what was released is to be done or dropped"]
pub(crate) enum Action {
    /// Nothing; it was only to be recorded.
    Nothing,
    /// A door is released.
    Unlock(Unlock),
    /// Whoever noted it is told that it is durable.
    Tell,
}

/// Leave to release one door, for a short while. Only an [`Effect`] makes one.
#[derive(Debug)]
pub(crate) struct Unlock {
    door: DoorId,
    cause: Cause,
    decided: Uptime,
}

/// Why a door is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A card was allowed in at this reader.
    Card(ReaderId),
    /// An operator opened it.
    Operator,
    /// Somebody inside pressed the exit button.
    ExitButton,
    /// Its mode is to stand unlocked.
    Mode,
    /// It is not released but locked, at once.
    Lock,
}

impl Effect {
    /// A record that nothing follows.
    pub(crate) fn record(record: Event) -> Self {
        Self {
            record,
            then: Action::Nothing,
        }
    }

    /// A record whose durability its owner wants to know of.
    pub(crate) fn note(record: Event) -> Self {
        Self {
            record,
            then: Action::Tell,
        }
    }

    /// A card's grant, spent here.
    pub(crate) fn grant(record: Event, grant: &Grant, decided: Uptime) -> Self {
        Self::unlock(record, grant.door(), Cause::Card(grant.reader()), decided)
    }

    /// An unlock that no card asked for.
    pub(crate) fn open(record: Event, door: DoorId, cause: Cause, decided: Uptime) -> Self {
        Self::unlock(record, door, cause, decided)
    }

    /// The record under its ticket, to be made durable.
    pub(crate) fn ticketed(&self, ticket: u64) -> Ticketed {
        Ticketed {
            ticket,
            event: self.record.clone(),
        }
    }

    /// What follows, against the receipt of this very ticket; against any other nothing does.
    pub(crate) fn after(self, ticket: u64, receipt: &Receipt) -> Action {
        if receipt.ticket() == ticket {
            self.then
        } else {
            Action::Nothing
        }
    }

    /// The unlock that follows, by the ring's leave; the record stays behind and will be made durable late.
    pub(crate) fn by_ring(&mut self, _leave: RingLeave) -> Option<Unlock> {
        self.give_up()
    }

    /// Gives up the unlock that should have followed.
    pub(crate) fn give_up(&mut self) -> Option<Unlock> {
        match std::mem::replace(&mut self.then, Action::Nothing) {
            Action::Unlock(unlock) => Some(unlock),
            other @ (Action::Nothing | Action::Tell) => {
                self.then = other;
                None
            }
        }
    }

    /// The unlock that waits for the record.
    pub(crate) fn waiting(&self) -> Option<&Unlock> {
        match &self.then {
            Action::Unlock(unlock) => Some(unlock),
            Action::Nothing | Action::Tell => None,
        }
    }

    /// Notes that the record comes later than it should.
    pub(crate) fn mark_late(&mut self) {
        self.record.late = true;
    }

    fn unlock(record: Event, door: DoorId, cause: Cause, decided: Uptime) -> Self {
        let unlock = Unlock {
            door,
            cause,
            decided,
        };
        Self {
            record,
            then: Action::Unlock(unlock),
        }
    }
}

impl Unlock {
    /// The door to be released.
    pub(crate) const fn door(&self) -> DoorId {
        self.door
    }

    /// Why.
    pub(crate) const fn cause(&self) -> Cause {
        self.cause
    }

    /// When it was decided.
    pub(crate) const fn decided(&self) -> Uptime {
        self.decided
    }
}
