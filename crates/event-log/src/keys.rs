//! Keys: whose key a part lies under, and where the writer and the reader get it.

use std::sync::{Arc, Mutex, PoisonError};

use access::{Day, Holder, IssuanceId, KeySlot, OperatorId};
use key_store::{Entropy, Fixed, Key32, KeyError, KeyStore, Owner, Slot};

use crate::event::Operator;

/// Whose key a part lies under: one person, one part. A person is named beside the slot, for a slot is given out anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOwner {
    /// The house: doors, readers, the system.
    House,
    /// A UTC day: cards that nobody knows.
    Day(Day),
    /// A card's holder.
    Holder(Holder),
    /// An operator.
    Operator(Operator),
}

/// Where keys come from. The log never keeps one.
pub trait Keys: Send + Sync {
    /// The key of an owner.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] if it was destroyed, or what the key store says.
    fn key(&self, owner: PartOwner) -> Result<Key32, KeyError>;

    /// A number that is another one after each change of any key; `None` if that is not known, and then no key is kept.
    fn stamp(&self) -> Option<u64> {
        None
    }

    /// Everybody who has a living key; a reader tries them against the handle of a part.
    fn owners(&self) -> Vec<PartOwner>;

    /// The seed of the key that seals epochs of odd or even number; `None` until it is made. Only a writer needs it.
    ///
    /// # Errors
    /// What the key store says.
    fn epoch_key(&self, odd: bool) -> Result<Option<Key32>, KeyError> {
        let _either = odd;
        Ok(None)
    }

    /// Makes that key anew; the old one is gone from the disk when this returns. `None` where there are no such keys, and so
    /// no epochs.
    ///
    /// # Errors
    /// What the key store says.
    fn renew_epoch_key(&self, odd: bool) -> Result<Option<Key32>, KeyError> {
        let _either = odd;
        Ok(None)
    }
}

/// The keys of a key store.
pub struct StoreKeys {
    store: Arc<KeyStore>,
    entropy: Option<Mutex<Box<dyn Entropy + Send>>>,
}

impl StoreKeys {
    /// The keys of this store, for one who reads.
    #[must_use]
    pub const fn new(store: Arc<KeyStore>) -> Self {
        Self {
            store,
            entropy: None,
        }
    }

    /// The keys of this store, for the writer, who makes those of epochs.
    #[must_use]
    pub fn of_writer(store: Arc<KeyStore>, entropy: Box<dyn Entropy + Send>) -> Self {
        Self {
            store,
            entropy: Some(Mutex::new(entropy)),
        }
    }
}

impl Keys for StoreKeys {
    fn key(&self, owner: PartOwner) -> Result<Key32, KeyError> {
        match owner {
            PartOwner::House => self.store.fixed(Fixed::House),
            PartOwner::Holder(holder) => {
                self.of(holder.slot, Owner::Issuance(holder.issuance.get()))
            }
            PartOwner::Operator(operator) => {
                self.of(operator.slot, Owner::Operator(operator.id.get()))
            }
            PartOwner::Day(day) => match self.store.find(Owner::Day(day.get())) {
                Some(slot) => Ok(self.store.key(slot.index)?.1),
                // The day's key is made when the day's first card is expected; at the turn of a day it may be missing for a
                // moment, and an event must not be lost for that.
                None => self.store.fixed(Fixed::House),
            },
        }
    }

    fn stamp(&self) -> Option<u64> {
        Some(self.store.changes())
    }

    fn owners(&self) -> Vec<PartOwner> {
        let living = self.store.live().into_iter().filter_map(part_owner);
        std::iter::once(PartOwner::House).chain(living).collect()
    }

    fn epoch_key(&self, odd: bool) -> Result<Option<Key32>, KeyError> {
        match self.store.fixed(epoch_slot(odd)) {
            Ok(key) => Ok(Some(key)),
            Err(KeyError::NoKey { .. }) => Ok(None),
            Err(cause) => Err(cause),
        }
    }

    fn renew_epoch_key(&self, odd: bool) -> Result<Option<Key32>, KeyError> {
        let Some(entropy) = &self.entropy else {
            return Ok(None);
        };
        let mut entropy = entropy.lock().unwrap_or_else(PoisonError::into_inner);
        let key = self.store.renew(epoch_slot(odd), entropy.as_mut())?;
        Ok(Some(key))
    }
}

const fn epoch_slot(odd: bool) -> Fixed {
    if odd {
        Fixed::OddEpoch
    } else {
        Fixed::EvenEpoch
    }
}

impl StoreKeys {
    /// The key in a slot, if it still is this person's: a stranger's key must not seal what is about somebody forgotten.
    fn of(&self, slot: KeySlot, whose: Owner) -> Result<Key32, KeyError> {
        match self.store.key(slot.get())? {
            (owner, key) if owner == whose => Ok(key),
            _ => Err(KeyError::NoKey { index: slot.get() }),
        }
    }
}

/// A living key's owner as parts name them.
#[must_use]
pub fn part_owner((slot, owner): (Slot, Owner)) -> Option<PartOwner> {
    let slot = KeySlot::new(slot.index);
    Some(match owner {
        Owner::Day(day) => PartOwner::Day(Day::new(day)),
        Owner::Operator(id) => PartOwner::Operator(Operator {
            id: OperatorId::new(id),
            slot,
        }),
        Owner::Issuance(id) => PartOwner::Holder(Holder {
            issuance: IssuanceId::new(id)?,
            slot,
        }),
        // It seals nothing: readers are written of under the house's key.
        Owner::Reader(_) | Owner::Approval(_) => return None,
    })
}
