//! Journal: every effect whose record is not durable yet, in order, at most 1,024 of them.
//!
//! While the log is well an effect waits here for its receipt. When the log has failed the same places are the memory ring of
//! architecture decision 1: what stands in them is offered again, flagged late, and what finds no place is counted.

use std::collections::VecDeque;

use event_log::{Receipt, Ticketed};
use reader_bus::Uptime;

use crate::effect::{Action, Effect, Unlock};
use crate::health::Health;

/// What waits to become durable.
#[derive(Debug)]
pub(crate) struct Journal {
    kept: VecDeque<Kept>,
    /// So many of the first in `kept` are with the log.
    with_log: usize,
    next_ticket: u64,
    health: Health,
    /// Records that found no place since the start, and how many of them a gap record has told.
    lost: u64,
    told: u64,
}

/// An effect under its ticket.
#[derive(Debug)]
struct Kept {
    ticket: u64,
    effect: Effect,
    /// Until when what follows waits for the record.
    until: Uptime,
}

/// What a receipt brings.
#[derive(Debug)]
pub(crate) struct Settled {
    /// What may follow now.
    pub(crate) then: Action,
    /// Whether the log had failed until this receipt.
    pub(crate) recovered: bool,
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self {
            kept: VecDeque::with_capacity(RECORDS_MAX),
            with_log: 0,
            next_ticket: 1,
            health: Health::well(),
            lost: 0,
            told: 0,
        }
    }

    /// Takes an effect; an unlock that follows it waits until `until`. Says its ticket, or `None` if there was no place; that is
    /// counted.
    pub(crate) fn push(&mut self, mut effect: Effect, until: Uptime) -> Option<u64> {
        if !self.has_room() {
            self.lost = self.lost.saturating_add(1);
            return None;
        }
        if self.has_failed() {
            effect.mark_late();
        }
        let ticket = self.spare_ticket();
        self.kept.push_back(Kept {
            ticket,
            effect,
            until,
        });
        Some(ticket)
    }

    /// Whether another record finds a place.
    pub(crate) fn has_room(&self) -> bool {
        self.kept.len() < RECORDS_MAX
    }

    /// Whether the log has failed.
    pub(crate) const fn has_failed(&self) -> bool {
        self.health.has_failed()
    }

    /// How many records wait.
    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }

    /// The next record for the log: all there are while it is well, one a second after it has failed.
    pub(crate) fn poll(&mut self) -> Option<Ticketed> {
        let next = self.kept.get(self.with_log)?;
        if !self.health.may_send() {
            return None;
        }
        self.with_log += 1;
        Some(next.effect.ticketed(next.ticket))
    }

    /// Lets the failed log be asked again once its time has come.
    pub(crate) fn tick(&mut self, up: Uptime) {
        self.health.tick(up);
    }

    /// Takes the receipt of a record; `None` for one that is not waiting.
    pub(crate) fn settle(&mut self, receipt: &Receipt) -> Option<Settled> {
        let at = self.position(receipt.ticket())?;
        let kept = self.kept.remove(at)?;
        if at < self.with_log {
            self.with_log -= 1;
        }
        let recovered = self.health.recover();
        let then = kept.effect.after(kept.ticket, receipt);
        Some(Settled { then, recovered })
    }

    /// The log took nothing of what it has: everything is offered again, late.
    pub(crate) fn fail(&mut self, up: Uptime) {
        self.health.fail(up);
        self.with_log = 0;
        self.kept
            .iter_mut()
            .for_each(|kept| kept.effect.mark_late());
    }

    /// Leave to act on the record under this ticket from memory, if the log has failed, and not for too long.
    pub(crate) fn by_ring(&mut self, ticket: u64, up: Uptime) -> Option<Unlock> {
        let leave = self.health.ring_leave(up)?;
        let at = self.position(ticket)?;
        self.kept.get_mut(at)?.effect.by_ring(leave)
    }

    /// Whether the ring gives leave now.
    pub(crate) fn ring_opens(&self, up: Uptime) -> bool {
        self.health.ring_leave(up).is_some()
    }

    /// The tickets of the unlocks that wait for their records.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (u64, &Unlock)> {
        self.kept
            .iter()
            .filter_map(|kept| Some((kept.ticket, kept.effect.waiting()?)))
    }

    /// An unlock that has waited too long; its record goes on waiting alone.
    pub(crate) fn give_up(&mut self, up: Uptime) -> Option<(u64, Unlock)> {
        let mut overdue = self.kept.iter_mut().filter(|kept| kept.until <= up);
        overdue.find_map(|kept| Some((kept.ticket, kept.effect.give_up()?)))
    }

    /// How many records found no place since the start.
    pub(crate) const fn lost(&self) -> u64 {
        self.lost
    }

    /// How many lost records no gap record has told yet, if there are any and there is room to tell; asked once.
    pub(crate) fn take_untold(&mut self) -> Option<u64> {
        let untold = self.lost - self.told;
        if untold == 0 || !self.has_room() {
            return None;
        }
        self.told = self.lost;
        Some(untold)
    }

    /// A ticket that no record has.
    pub(crate) const fn spare_ticket(&mut self) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        ticket
    }

    /// The ticket of whatever comes next.
    pub(crate) const fn next_ticket(&self) -> u64 {
        self.next_ticket
    }

    /// When something here is due.
    pub(crate) fn due(&self) -> Option<Uptime> {
        let waiting = self
            .kept
            .iter()
            .filter(|kept| kept.effect.waiting().is_some());
        let give_up = waiting.map(|kept| kept.until).min();
        let probe = self.health.probe_at().filter(|_| !self.kept.is_empty());
        give_up.into_iter().chain(probe).min()
    }

    fn position(&self, ticket: u64) -> Option<usize> {
        self.kept
            .binary_search_by_key(&ticket, |kept| kept.ticket)
            .ok()
    }
}

/// So many records may wait; also the size of the ring.
pub(crate) const RECORDS_MAX: usize = 1_024;
