//! Sight: everything that a refusal must leave as it was.

use std::fs;

use access::CardEntry;
use control::{Class, Row};
use serde_json::json;

use super::MockUp;
use super::caller::Caller;

/// The register octet for octet, the list by which the doors decide, and how long the log is.
#[derive(PartialEq, Eq)]
pub(crate) struct Sight {
    register: Vec<u8>,
    cards: Vec<CardEntry>,
    generation: u64,
    logged: u64,
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

    /// Whether the doors decide by the same cards.
    pub(crate) fn has_cards_of(&self, other: &Self) -> bool {
        self.cards == other.cards
    }

    /// The register and the doors are as they were then, and the log tells of nothing since but refusals and readings.
    pub(crate) fn must_hold(&self, house: &MockUp, asker: &mut Caller, told: &str) {
        let later = Self::of(house);
        assert!(
            self.cards == later.cards,
            "{told} changes the list at the doors"
        );
        assert_eq!(self.generation, later.generation, "{told}");
        assert!(
            self.register == later.register,
            "{told} changes the register"
        );
        let limit = later.logged - self.logged;
        if limit == 0 {
            return;
        }
        for row in asker.rows(&json!({"verb":"log-show","denied":false,"limit":limit})) {
            let Row::Event(event) = row else {
                panic!("{row:?}")
            };
            let is_allowed = READ.contains(&event.event.as_str()) || event.class == Class::Reading;
            assert!(is_allowed, "{told} is logged as {}", event.event);
        }
    }
}

/// What is on record of a refusal, or of what was read and changed nothing.
const READ: [&str; 3] = ["refused", "form-printed", "reconciled"];
