//! Keys: whose key a part lies under, and where the writer and the reader get it.

use std::sync::Arc;

use access::{Day, KeySlot};
use key_store::{Fixed, Key32, KeyError, KeyStore, Owner};

/// Whose key a part lies under. Operators and holders both have a slot; one person, one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartOwner {
    /// The house: doors, readers, the system.
    House,
    /// A UTC day: cards that nobody knows.
    Day(Day),
    /// A person: a holder or an operator, by the slot of their key.
    Slot(KeySlot),
}

/// Where keys come from. The log never keeps one.
pub trait Keys: Send + Sync {
    /// The key of an owner.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] if it was destroyed, or what the key store says.
    fn key(&self, owner: PartOwner) -> Result<Key32, KeyError>;

    /// Everybody who has a living key; a reader tries them against the handle of a part.
    fn owners(&self) -> Vec<PartOwner>;
}

/// The keys of a key store.
pub struct StoreKeys {
    store: Arc<KeyStore>,
}

impl StoreKeys {
    /// The keys of this store.
    #[must_use]
    pub const fn new(store: Arc<KeyStore>) -> Self {
        Self { store }
    }
}

impl Keys for StoreKeys {
    fn key(&self, owner: PartOwner) -> Result<Key32, KeyError> {
        match owner {
            PartOwner::House => self.store.fixed(Fixed::House),
            PartOwner::Slot(slot) => Ok(self.store.key(slot.get())?.1),
            PartOwner::Day(day) => match self.store.find(Owner::Day(day.get())) {
                Some(slot) => Ok(self.store.key(slot.index)?.1),
                // The day's key is made when the day's first card is expected; at the turn of a day it may be missing for a
                // moment, and an event must not be lost for that.
                None => self.store.fixed(Fixed::House),
            },
        }
    }

    fn owners(&self) -> Vec<PartOwner> {
        let living = self
            .store
            .live()
            .into_iter()
            .map(|(slot, owner)| match owner {
                Owner::Day(day) => PartOwner::Day(Day::new(day)),
                Owner::Issuance(_) | Owner::Operator(_) => {
                    PartOwner::Slot(KeySlot::new(slot.index))
                }
            });
        std::iter::once(PartOwner::House).chain(living).collect()
    }
}
