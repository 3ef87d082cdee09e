//! The key store: every key of the house, each in one place.

mod create;
mod readers;
mod restore;
mod state;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::disk::Disk;
use crate::entropy::Entropy;
use crate::error::KeyError;
use crate::key::{FreshKeys, Key32};
use crate::owner::{Fixed, Owner, Slot};
use crate::slot::{Holding, SlotHead, SlotState};
pub use readers::{BaseKey, Identity};
use state::{SLOTS_MAX, State};

/// The keys of one house.
///
/// Keys are read from the file when asked for, so a million issuances cost no memory for keys. Every method that changes
/// something returns after it is durable. Shared by reference between threads; they take turns.
pub struct KeyStore {
    state: Mutex<State>,
    changes: AtomicU64,
}

impl KeyStore {
    /// Makes a key store in `keys/` of this disk, with fresh fixed keys.
    ///
    /// # Errors
    /// [`KeyError::Exists`], or what the disk says. Before success there is no store, and another try may follow.
    pub fn create(disk: &Arc<dyn Disk>, entropy: &mut dyn Entropy) -> Result<Self, KeyError> {
        create::create(disk.as_ref(), entropy)?;
        Self::open(disk)
    }

    /// Opens the key store in `keys/` of this disk and checks every slot.
    ///
    /// # Errors
    /// [`KeyError::Missing`], [`KeyError::Damaged`], [`KeyError::Newer`], or what the disk says. Nothing is changed.
    pub fn open(disk: &Arc<dyn Disk>) -> Result<Self, KeyError> {
        Ok(Self {
            state: Mutex::new(create::open(disk.as_ref())?),
            changes: AtomicU64::new(0),
        })
    }

    /// One of the house's own keys.
    ///
    /// # Errors
    /// [`KeyError::Damaged`], or what the disk says.
    pub fn fixed(&self, which: Fixed) -> Result<Key32, KeyError> {
        let (_, key) = self.lock().fixed.read(which.index())?;
        key.ok_or(KeyError::NoKey {
            index: which.index(),
        })
    }

    /// One of the house's own keys, made now if there is none: a store older than the key has none.
    ///
    /// # Errors
    /// As [`KeyStore::fixed`] and [`KeyStore::renew`].
    pub fn fixed_or_new(&self, which: Fixed, entropy: &mut dyn Entropy) -> Result<Key32, KeyError> {
        match self.fixed(which) {
            Err(KeyError::NoKey { .. }) => self.renew(which, entropy),
            known => known,
        }
    }

    /// How often keys of people were made or destroyed since the store was opened. Whoever keeps something derived from a key
    /// lets go of it when this has changed.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Makes one of the house's own keys anew: the old one is overwritten where it lies, and synced.
    ///
    /// # Errors
    /// What the disk says: then it is not known which of the two there is. It may be tried again: nothing else in the file is
    /// ever written, so the next success stands for itself.
    pub fn renew(&self, which: Fixed, entropy: &mut dyn Entropy) -> Result<Key32, KeyError> {
        let mut state = self.lock();
        let index = which.index();
        state.fixed.forget_failures();
        let (before, _) = state.fixed.read(index)?;
        let head = SlotHead {
            generation: before.generation.checked_add(1).ok_or(KeyError::Full {
                slots_max: SLOTS_MAX,
            })?,
            state: SlotState::Live(Holding::House),
        };
        let fresh = Key32::random(entropy);
        state.fixed.write(&[(index, head, Some(fresh))])?;
        state.fixed.sync()?;
        let (_, key) = state.fixed.read(index)?;
        key.ok_or(KeyError::NoKey { index })
    }

    /// Makes a key for an owner. An owner may have several, as after a crash between this and the caller's own note.
    ///
    /// # Errors
    /// [`KeyError::Full`], or what the disk says.
    pub fn allocate(&self, owner: Owner, entropy: &mut dyn Entropy) -> Result<Slot, KeyError> {
        let slots = self.allocate_many(&[owner], entropy)?;
        slots.first().copied().ok_or(KeyError::Full {
            slots_max: SLOTS_MAX,
        })
    }

    /// Makes a key for each owner, in order, and makes all durable at once.
    ///
    /// # Errors
    /// As [`KeyStore::allocate`]; then the caller has none of them.
    pub fn allocate_many(
        &self,
        owners: &[Owner],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Slot>, KeyError> {
        let mut state = self.lock();
        self.changes.fetch_add(1, Ordering::AcqRel);
        let places = state.take_places(owners.len())?;
        let mut keys = FreshKeys::of(entropy, places.len());
        // Room from the start, and the keys drawn where they stand: what is moved leaves a copy.
        let mut fresh = Vec::with_capacity(places.len());
        for ((slot, owner), key) in places.iter().zip(owners).zip(keys.by_ref()) {
            let state = SlotState::Live(Holding::Person(*owner));
            let head = SlotHead {
                generation: slot.generation,
                state,
            };
            fresh.push((slot.index, head, Some(key)));
        }
        state.slots.write(&fresh)?;
        state.slots.sync()?;
        for (slot, owner) in places.iter().zip(owners) {
            state.enter(*slot, *owner);
        }
        Ok(places)
    }

    /// The key in a slot, and whose it is.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] if it was destroyed or never made, [`KeyError::Damaged`], or what the disk says.
    pub fn key(&self, index: u32) -> Result<(Owner, Key32), KeyError> {
        match self.lock().slots.read(index)? {
            (
                SlotHead {
                    state: SlotState::Live(Holding::Person(owner)),
                    ..
                },
                Some(key),
            ) => Ok((owner, key)),
            _ => Err(KeyError::NoKey { index }),
        }
    }

    /// Destroys a key: overwritten where it lies, and synced. Repeatable: what is destroyed is overwritten again, since after a sync
    /// that failed only the system's memory may say so. A slot given out anew since is left alone.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] for a slot that was never given out, or what the disk says: then ask again after a restart.
    pub fn destroy(&self, slot: Slot) -> Result<(), KeyError> {
        self.destroy_many(&[slot])
    }

    /// Destroys many keys with one sync.
    ///
    /// # Errors
    /// As [`KeyStore::destroy`]; some of the keys may be destroyed then.
    pub fn destroy_many(&self, slots: &[Slot]) -> Result<(), KeyError> {
        let mut state = self.lock();
        let mut gone = Vec::new();
        for slot in slots {
            if state.is_of(*slot)? {
                gone.push(*slot);
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        let destroyed = |slot: &Slot| {
            let head = SlotHead {
                generation: slot.generation,
                state: SlotState::Destroyed,
            };
            (slot.index, head, None)
        };
        self.changes.fetch_add(1, Ordering::AcqRel);
        let overwritten: Vec<_> = gone.iter().map(destroyed).collect();
        state.slots.write(&overwritten)?;
        state.slots.sync()?;
        for slot in gone {
            state.leave(slot);
        }
        Ok(())
    }

    /// The key of a UTC day, made on first use.
    ///
    /// # Errors
    /// As [`KeyStore::allocate`] and [`KeyStore::key`].
    pub fn day_key(&self, day: u32, entropy: &mut dyn Entropy) -> Result<Key32, KeyError> {
        let owner = Owner::Day(day);
        let index = match self.find(owner) {
            Some(slot) => slot.index,
            None => self.allocate(owner, entropy)?.index,
        };
        Ok(self.key(index)?.1)
    }

    /// The slot of an owner's key: at once for operators, days and readers; for an issuance or a change that waits, whose slot the register knows, by search.
    #[must_use]
    pub fn find(&self, owner: Owner) -> Option<Slot> {
        let state = self.lock();
        let slot = |index: &u32| {
            let (generation, _) = state.live.get(index)?;
            Some(Slot {
                index: *index,
                generation: *generation,
            })
        };
        match owner {
            Owner::Operator(_) | Owner::Day(_) | Owner::Reader(_) => {
                state.shared_by_name.get(&owner).and_then(slot)
            }
            Owner::Issuance(_) | Owner::Approval(_) => {
                let mut live = state.live.iter();
                live.find(|(_, (_, whose))| *whose == owner)
                    .and_then(|(index, _)| slot(index))
            }
        }
    }

    /// Every living key's slot and owner, by slot; what lives without its register row is a crash's leftover.
    #[must_use]
    pub fn live(&self) -> Vec<(Slot, Owner)> {
        let slot = |(index, (generation, owner)): (&u32, &(u32, Owner))| {
            (
                Slot {
                    index: *index,
                    generation: *generation,
                },
                *owner,
            )
        };
        self.lock().live.iter().map(slot).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
