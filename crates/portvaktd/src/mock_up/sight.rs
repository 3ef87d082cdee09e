//! Sight: everything that a refusal must leave as it was.

use std::fs;

use access::CardEntry;

use super::MockUp;

/// The register octet for octet, the list by which the doors decide, and how long the log is.
#[derive(PartialEq, Eq)]
pub(crate) struct Sight {
    register: Vec<u8>,
    cards: Vec<CardEntry>,
    generation: u64,
    pub(crate) logged: u64,
}

impl Sight {
    /// What is there now.
    pub(crate) fn of(house: &MockUp) -> Self {
        let mut register = Vec::new();
        for name in ["register.db", "register.db-wal"] {
            register.extend(fs::read(house.data().join(name)).unwrap_or_default());
        }
        let list = house.controller.allowlist();
        let mut cards: Vec<CardEntry> = list.entries().collect();
        cards.sort_by_key(|card| card.holder.issuance);
        Self {
            register,
            cards,
            generation: list.generation().get(),
            logged: house.controller.ledger.log.state().size,
        }
    }

    /// What changed, but for the log.
    pub(crate) fn difference(&self, later: &Self) -> Option<&'static str> {
        if self.cards != later.cards || self.generation != later.generation {
            return Some("the list at the doors");
        }
        (self.register != later.register).then_some("the register")
    }
}
