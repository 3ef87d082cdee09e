//! Receipts: proof to the rest of the program that a record is on disk.

/// A record is durable. Made only by the log, after its sync; not `Clone`: what may happen once cannot be kept.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a receipt is what an unlock waits for"]
pub struct Receipt {
    ticket: u64,
    index: u64,
}

impl Receipt {
    pub(crate) const fn new(ticket: u64, index: u64) -> Self {
        Self { ticket, index }
    }

    /// The ticket the event was given in with.
    #[must_use]
    pub const fn ticket(&self) -> u64 {
        self.ticket
    }

    /// The record's index in the log.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }
}
