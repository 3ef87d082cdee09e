//! The keyring: what was derived from owners' keys, kept so long as no key of the store is made or destroyed.
//!
//! Reading a key from its slot and deriving from it costs more than everything else an event costs; but a key that was
//! destroyed must be gone, so the first change of the store empties the ring.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use access::Day;
use key_store::Key32;

use crate::error::LogError;
use crate::keys::{Keys, PartOwner};
use crate::record::{BodyKey, HANDLE_LEN, InstanceId};

/// Derived keys, by owner.
#[derive(Default)]
pub(super) struct Keyring {
    /// The state of the store they are of.
    stamp: Option<u64>,
    derived: BTreeMap<Name, Derived>,
}

/// What was derived of one key, and the handle of a day.
pub(super) struct Derived {
    /// The keys.
    pub(super) key: BodyKey,
    day: Day,
    handle: [u8; HANDLE_LEN],
}

/// An owner as the ring sorts them.
type Name = (u8, u32, u32);

impl Keyring {
    /// Empties the ring if the store has changed since, or does not say.
    pub(super) fn look_at(&mut self, keys: &dyn Keys) {
        let stamp = keys.stamp();
        if stamp.is_none() || stamp != self.stamp || self.derived.len() >= DERIVED_MAX {
            self.derived.clear();
            self.stamp = stamp;
        }
    }

    /// Empties the ring.
    pub(super) fn forget(&mut self) {
        self.derived.clear();
    }

    /// An owner's keys and their handle on a day.
    ///
    /// # Errors
    /// What the key store says.
    pub(super) fn of(
        &mut self,
        keys: &dyn Keys,
        instance: &InstanceId,
        (owner, day): (PartOwner, Day),
    ) -> Result<(&BodyKey, [u8; HANDLE_LEN]), LogError> {
        let name = name_of(owner);
        let derived = match self.derived.entry(name) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(place) => place.insert(Derived::of(&keys.key(owner)?, instance, day)),
        };
        if derived.day != day {
            (derived.day, derived.handle) = (day, derived.key.handle(day));
        }
        Ok((&derived.key, derived.handle))
    }
}

impl Derived {
    fn of(key: &Key32, instance: &InstanceId, day: Day) -> Self {
        let key = BodyKey::derive(key, instance);
        let handle = key.handle(day);
        Self { key, day, handle }
    }
}

fn name_of(owner: PartOwner) -> Name {
    match owner {
        PartOwner::House => (0, 0, 0),
        PartOwner::Day(day) => (1, day.get(), 0),
        PartOwner::Holder(holder) => (2, holder.issuance.get(), holder.slot.get()),
        PartOwner::Operator(operator) => (3, u32::from(operator.id.get()), operator.slot.get()),
    }
}

/// Owners whose keys are kept at once: more than come to a house between two changes of its keys.
const DERIVED_MAX: usize = 4_096;
