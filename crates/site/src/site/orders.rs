//! Orders to readers and who they are: handed to their lines, and what becomes of them recorded and told to the owner.

use access::ReaderId;
use event_log::ReaderKind;
use reader_bus::{DropCause, FailCause, Identity, Order, OrderOutcome};

use crate::error::SiteError;
use crate::notice::Notice;
use crate::now::Now;
use crate::site::Site;

/// What was ordered, once the order itself is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ordered {
    /// Another key.
    SetKey,
    /// A first key.
    Pair,
    /// Another address or speed.
    Communicate,
    /// A file.
    File,
}

impl Site {
    /// Has a reader carry something out. What becomes of it is recorded and told by [`Notice::OrderEnded`] under the ticket
    /// given back.
    ///
    /// # Errors
    /// [`SiteError::UnknownReader`]; [`SiteError::Order`] if its line does not take it, and then no notice follows.
    pub fn order(&mut self, reader: ReaderId, order: Order) -> Result<u64, SiteError> {
        let ticket = self.journal.spare_ticket();
        let ordered = match &order {
            Order::SetKey(_) => Ordered::SetKey,
            Order::Pair { .. } => Ordered::Pair,
            Order::Communicate(_) => Ordered::Communicate,
            Order::File { .. } => Ordered::File,
        };
        let (line, index) = self
            .wiring
            .line_of(reader)
            .ok_or(SiteError::UnknownReader { reader })?;
        line.order(index, ticket, order)
            .map_err(|error| SiteError::Order { reader, error })?;
        self.ordered.insert(ticket, (reader, ordered));
        Ok(ticket)
    }

    /// Serves what [`Notice::FileWanted`] asked for under this ticket. Anything else is let pass.
    pub fn serve_file(&mut self, ticket: u64, piece: (u32, &[u8]), now: Now) {
        let reader = self.ordered.get(&ticket).map(|(reader, _)| *reader);
        if let Some((line, index)) = reader.and_then(|reader| self.wiring.line_of(reader)) {
            line.serve_file(index, ticket, piece);
        }
        self.settle(now);
    }

    /// Takes an order back, if it is not over; its end is told as any other.
    pub fn withdraw(&mut self, ticket: u64, now: Now) {
        let Some((reader, _)) = self.ordered.get(&ticket) else {
            return;
        };
        if let Some((line, index)) = self.wiring.line_of(*reader) {
            line.withdraw(index, ticket);
        }
        self.settle(now);
    }

    /// Takes every order back: the owner is stopping, and a window for pairing must not stand open unseen.
    pub fn withdraw_all(&mut self, now: Now) {
        let tickets: Vec<u64> = self.ordered.keys().copied().collect();
        for ticket in tickets {
            self.withdraw(ticket, now);
        }
        self.dismiss_pins(self.floor.lift(now));
    }

    /// Who a keyed reader must be from now on; one that was out of service for being someone else is asked again.
    ///
    /// # Errors
    /// [`SiteError::UnknownReader`].
    pub fn pin_reader(&mut self, reader: ReaderId, identity: Identity) -> Result<(), SiteError> {
        let (line, index) = self
            .wiring
            .line_of(reader)
            .ok_or(SiteError::UnknownReader { reader })?;
        line.pin(index, identity);
        Ok(())
    }

    pub(super) fn order_ended(
        &mut self,
        reader: ReaderId,
        (ticket, outcome): (u64, OrderOutcome),
        now: Now,
    ) {
        let Some((_, ordered)) = self.ordered.remove(&ticket) else {
            return;
        };
        let kind = match (ordered, outcome) {
            (Ordered::Pair, OrderOutcome::Done) => Some(ReaderKind::Paired),
            (Ordered::Pair, _) => Some(ReaderKind::PairingClosed),
            // That it has the key is recorded by itself.
            (Ordered::SetKey, OrderOutcome::Done | OrderOutcome::KeyKept) => None,
            (Ordered::Communicate, OrderOutcome::Done) => Some(ReaderKind::Readdressed),
            (Ordered::File, OrderOutcome::Done | OrderOutcome::Restarting) => {
                Some(ReaderKind::FileTaken)
            }
            (Ordered::SetKey | Ordered::Communicate | Ordered::File, _) => {
                Some(ReaderKind::OrderFailed)
            }
        };
        if let Some(kind) = kind {
            self.reader_record(reader, kind, &how_it_ended(ordered, outcome), now);
        }
        let is_key = matches!(ordered, Ordered::SetKey | Ordered::Pair);
        if is_key && matches!(outcome, OrderOutcome::Dropped(_)) {
            // The key never left, so nobody has it.
            let taken = false;
            self.notices.push(Notice::KeySettled { reader, taken });
        }
        self.notices.push(Notice::OrderEnded {
            ticket,
            reader,
            outcome,
        });
    }

    pub(super) fn key_settled(&mut self, reader: ReaderId, taken: bool, now: Now) {
        let kind = if taken {
            ReaderKind::KeyChanged
        } else {
            ReaderKind::KeyKept
        };
        self.reader_record(reader, kind, "", now);
        self.notices.push(Notice::KeySettled { reader, taken });
    }

    pub(super) fn firmware_changed(
        &mut self,
        reader: ReaderId,
        (from, to): ([u8; 3], [u8; 3]),
        now: Now,
    ) {
        let said = |[major, minor, build]: [u8; 3]| format!("{major}.{minor}.{build}");
        let detail = format!("{} after {}", said(to), said(from));
        self.reader_record(reader, ReaderKind::FirmwareChanged, &detail, now);
    }

    pub(super) fn pinned(&mut self, reader: ReaderId, identity: Identity) {
        self.notices.push(Notice::ReaderPinned { reader, identity });
    }

    pub(super) fn swapped(
        &mut self,
        reader: ReaderId,
        (expected, said): (Identity, Option<Identity>),
        now: Now,
    ) {
        let said_so = said.map_or_else(|| "nobody".to_owned(), |said| said.to_string());
        let detail = format!("{said_so} in place of {expected}");
        self.reader_record(reader, ReaderKind::Swapped, &detail, now);
        self.notices.push(Notice::ReaderSwapped {
            reader,
            expected,
            said,
        });
    }

    /// Whether a reader is carrying something out.
    #[must_use]
    pub fn has_order(&self, reader: ReaderId) -> bool {
        self.ordered.values().any(|(whose, _)| *whose == reader)
    }
}

/// The end of an order in the words of the log.
fn how_it_ended(ordered: Ordered, outcome: OrderOutcome) -> String {
    match (ordered, outcome) {
        (Ordered::Pair, OrderOutcome::Done) => {
            "it stands in a session under its own key".to_owned()
        }
        (Ordered::Pair, OrderOutcome::Dropped(DropCause::Expired)) => {
            "no reader in install mode came in time".to_owned()
        }
        (Ordered::Pair, OrderOutcome::Failed(FailCause::NoReply)) => {
            "a key was sent and not proved in time".to_owned()
        }
        (_, outcome) => outcome.to_string(),
    }
}
