//! Records: what goes to the log, what comes back from it, and what happens when it fails.

use event_log::{DoorKind, Event, Receipt, SystemEvent, SystemKind, Text, Ticketed, What};

use crate::effect::{Action, Effect};
use crate::error::SiteError;
use crate::notice::Notice;
use crate::now::Now;
use crate::plan::DoorClass;
use crate::release::Release;
use crate::site::Site;

impl Site {
    /// The next record for the log.
    pub fn poll_record(&mut self) -> Option<Ticketed> {
        self.journal.poll()
    }

    /// A record is durable: what was to follow it follows now.
    pub fn handle_receipt(&mut self, receipt: Receipt, now: Now) {
        let lifted = self.floor.lift(now);
        if let Some(settled) = self.journal.settle(&receipt) {
            self.act(settled.then, &receipt, lifted);
            if settled.recovered {
                let kind = SystemKind::LogRecovered;
                self.record(
                    What::System(SystemEvent {
                        kind,
                        detail: Text::new("the log takes records again"),
                    }),
                    lifted,
                );
            }
        }
        drop(receipt);
        self.settle(now);
    }

    /// The log took nothing of what it was given and has not receipted.
    pub fn handle_log_failure(&mut self, now: Now) {
        let lifted = self.floor.lift(now);
        self.journal.fail(now.up);
        let waiting: Vec<_> = self
            .journal
            .waiting()
            .map(|(ticket, unlock)| (ticket, unlock.door()))
            .collect();
        for (ticket, door) in waiting {
            self.open_from_ring(ticket, door, lifted);
        }
        self.settle(now);
    }

    /// Records something of the owner's own; [`Notice::Recorded`] tells when it is durable, under the ticket given back.
    ///
    /// # Errors
    /// [`SiteError::LogNotDurable`] if the log has failed or too many records wait.
    pub fn note(&mut self, event: Event) -> Result<u64, SiteError> {
        if self.journal.has_failed() || !self.journal.has_room() {
            return Err(SiteError::LogNotDurable);
        }
        self.journal
            .push(Effect::note(event), reader_bus::Uptime::START)
            .ok_or(SiteError::LogNotDurable)
    }

    /// An event of this moment; the floor of time rises to it.
    pub(super) fn event(&mut self, what: What, now: Now) -> Event {
        self.floor.raise(now);
        Event {
            time: now.utc,
            clock: now.clock,
            late: false,
            what,
        }
    }

    /// Records something that nothing follows.
    pub(super) fn record(&mut self, what: What, now: Now) {
        let event = self.event(what, now);
        // A record that finds no place is counted there and told as a gap.
        let _ticket: Option<u64> = self.journal.push(Effect::record(event), now.up);
    }

    /// What time alone brings about among the records.
    pub(super) fn tick_records(&mut self, now: Now) {
        self.journal.tick(now.up);
        while let Some((ticket, overdue)) = self.journal.give_up(now.up) {
            self.not_unlocked(
                Release::of(&overdue, ticket),
                DoorKind::UnlockDropped,
                "its record was not durable in time",
                now,
            );
        }
        if !self.journal.has_failed()
            && let Some(lost) = self.journal.take_untold()
        {
            let kind = SystemKind::LogGap;
            self.record(
                What::System(SystemEvent {
                    kind,
                    detail: Text::new(&format!("{lost} records lost")),
                }),
                now,
            );
        }
    }

    /// A standard door opens on a record in memory once the log has failed; a strict one never does.
    pub(super) fn open_from_ring(&mut self, ticket: u64, door: access::DoorId, now: Now) {
        if self.class(door) == Some(DoorClass::Standard)
            && let Some(unlock) = self.journal.by_ring(ticket, now.up)
        {
            self.unlock(unlock, ticket, now);
        }
    }

    fn act(&mut self, action: Action, receipt: &Receipt, now: Now) {
        match action {
            Action::Nothing => {}
            Action::Unlock(unlock) => self.unlock(unlock, receipt.ticket(), now),
            Action::Tell => self.notices.push(Notice::Recorded {
                ticket: receipt.ticket(),
                index: receipt.index(),
            }),
        }
    }
}
