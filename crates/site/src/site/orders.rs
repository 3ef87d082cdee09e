//! Orders to readers: handed to their lines, and what becomes of them told to the owner.

use access::ReaderId;
use reader_bus::{Order, OrderOutcome};

use crate::error::SiteError;
use crate::notice::Notice;
use crate::site::Site;

impl Site {
    /// Has a reader carry something out. What becomes of it is told by [`Notice::OrderEnded`] under the ticket given back.
    ///
    /// # Errors
    /// [`SiteError::UnknownReader`]; [`SiteError::Order`] if its line does not take it, and then no notice follows.
    pub fn order(&mut self, reader: ReaderId, order: Order) -> Result<u64, SiteError> {
        let ticket = self.journal.spare_ticket();
        let (line, index) = self
            .wiring
            .line_of(reader)
            .ok_or(SiteError::UnknownReader { reader })?;
        line.order(index, ticket, order)
            .map_err(|error| SiteError::Order { reader, error })?;
        Ok(ticket)
    }

    pub(super) fn order_ended(&mut self, reader: ReaderId, ticket: u64, outcome: OrderOutcome) {
        self.notices.push(Notice::OrderEnded {
            ticket,
            reader,
            outcome,
        });
    }

    pub(super) fn key_settled(&mut self, reader: ReaderId, taken: bool) {
        self.notices.push(Notice::KeySettled { reader, taken });
    }
}
