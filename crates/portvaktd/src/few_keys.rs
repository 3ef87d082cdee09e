//! Few keys: only those of the house, or of house and operators, for questions about the log that need no holder's.
//!
//! A reader of the log tries every living key against the parts of a day. At the start that would be every holder's; what
//! is asked there lies under keys that are few.

use std::sync::Arc;

use event_log::{Keys, PartOwner, StoreKeys, part_owner};
use key_store::{Key32, KeyError, KeyStore, Owner, Slot};

/// Some of a key store's keys.
pub(crate) struct FewKeys {
    all: StoreKeys,
    owners: Vec<PartOwner>,
}

impl FewKeys {
    /// The house's key alone: what doors, readers and the system did.
    pub(crate) fn of_the_house(store: &Arc<KeyStore>) -> Self {
        Self {
            all: StoreKeys::new(Arc::clone(store)),
            owners: vec![PartOwner::House],
        }
    }

    /// The house's key and those of these owners.
    pub(crate) fn of(store: &Arc<KeyStore>, owners: impl Iterator<Item = (Slot, Owner)>) -> Self {
        let mut few = Self::of_the_house(store);
        few.owners.extend(owners.filter_map(part_owner));
        few
    }

    /// The operators' keys too: what they did.
    pub(crate) fn of_operators(store: &Arc<KeyStore>) -> Self {
        let living = store.live().into_iter();
        let operators = living.filter(|(_, owner)| matches!(owner, Owner::Operator(_)));
        Self::of(store, operators)
    }
}

impl Keys for FewKeys {
    fn key(&self, owner: PartOwner) -> Result<Key32, KeyError> {
        self.all.key(owner)
    }

    fn stamp(&self) -> Option<u64> {
        self.all.stamp()
    }

    fn owners(&self) -> Vec<PartOwner> {
        self.owners.clone()
    }
}
