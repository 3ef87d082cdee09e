//! State: the three open files, and which slot is whose.

use std::collections::BTreeMap;

use subtle::ConstantTimeEq;

use crate::error::KeyError;
use crate::key::Key32;
use crate::owner::{Owner, Slot};
use crate::slot::{Holding, SlotState};
use crate::slot_file::SlotFile;

/// What an open key store works with.
pub(super) struct State {
    pub(super) slots: SlotFile,
    pub(super) fixed: SlotFile,
    pub(super) readers: SlotFile,
    /// Living keys: slot to generation and owner.
    pub(super) live: BTreeMap<u32, (u32, Owner)>,
    /// The slots of owners who have names of their own.
    pub(super) shared_by_name: BTreeMap<Owner, u32>,
    /// Slots without a key, and the generation they last had.
    free: BTreeMap<u32, u32>,
    /// From here on no slot was ever looked at or given out.
    next: u32,
}

impl State {
    /// Reads every slot of every file.
    pub(super) fn read(
        slots: SlotFile,
        fixed: SlotFile,
        readers: SlotFile,
    ) -> Result<Self, KeyError> {
        let next = slots.slots();
        let (live, shared_by_name, free) = Default::default();
        let mut state = Self {
            slots,
            fixed,
            readers,
            live,
            shared_by_name,
            free,
            next,
        };
        let mut found = Vec::new();
        state
            .slots
            .scan(&mut |index, head, _| found.push((index, head)))?;
        for (index, head) in found {
            let slot = Slot {
                index,
                generation: head.generation,
            };
            match head.state {
                SlotState::Live(Holding::Person(owner)) => state.enter(slot, owner),
                SlotState::Live(Holding::House | Holding::Reader) => {
                    return Err(KeyError::OtherOwner { index });
                }
                SlotState::Unused | SlotState::Destroyed => {
                    state.free.insert(index, head.generation);
                }
            }
        }
        state.readers.scan(&mut |_, _, _| ())?;
        Ok(state)
    }

    /// Slots to give out, freed ones first. They are not given out again in this run, whatever becomes of the write.
    pub(super) fn take_places(&mut self, count: usize) -> Result<Vec<Slot>, KeyError> {
        let floor = self.slots.floor();
        let last = floor.saturating_add(GENERATIONS_OF_A_LIFE);
        let freed = self.free.iter().filter_map(|(index, generation)| {
            let next = generation.max(&floor).checked_add(1)?;
            // What is above may be given out after a restore.
            (next <= last).then_some(Slot {
                index: *index,
                generation: next,
            })
        });
        let fresh = (self.next..SLOTS_MAX).map(|index| Slot {
            index,
            generation: floor.saturating_add(1),
        });
        let places: Vec<Slot> = freed.chain(fresh).take(count).collect();
        if places.len() < count {
            return Err(KeyError::Full {
                slots_max: SLOTS_MAX,
            });
        }
        for slot in &places {
            self.free.remove(&slot.index);
            self.next = self.next.max(slot.index.saturating_add(1));
        }
        Ok(places)
    }

    /// Whether this very slot still holds its key, or nothing since.
    pub(super) fn is_of(&self, slot: Slot) -> Result<bool, KeyError> {
        let (found, _) = self.slots.read(slot.index)?;
        if found.generation < slot.generation {
            if slot.generation <= self.slots.floor() {
                // Of before a restore: it went with the disk.
                return Ok(false);
            }
            return Err(KeyError::NoKey { index: slot.index });
        }
        let is_its = matches!(found.state, SlotState::Live(_) | SlotState::Destroyed);
        Ok(found.generation == slot.generation && is_its)
    }

    /// Notes a key that was made durable.
    pub(super) fn enter(&mut self, slot: Slot, owner: Owner) {
        self.live.insert(slot.index, (slot.generation, owner));
        match owner {
            Owner::Operator(_) | Owner::Day(_) | Owner::Reader(_) => {
                self.shared_by_name.insert(owner, slot.index);
            }
            Owner::Issuance(_) | Owner::Approval(_) => {}
        }
    }

    /// Notes a key that was destroyed.
    pub(super) fn leave(&mut self, slot: Slot) {
        if let Some((_, owner)) = self.live.remove(&slot.index)
            && self.shared_by_name.get(&owner) == Some(&slot.index)
        {
            self.shared_by_name.remove(&owner);
        }
        self.free.insert(slot.index, slot.generation);
    }

    /// The reader that has this base key already or is about to get it, apart from one.
    pub(super) fn reader_with(
        &self,
        key: &[u8; 16],
        besides: u16,
    ) -> Result<Option<u16>, KeyError> {
        let mut shared = None;
        let is_same = |other: &Key32| {
            let base = other.as_bytes().first_chunk::<16>();
            base.is_some_and(|base| bool::from(base.ct_eq(key)))
        };
        self.readers.scan(&mut |index, _, other| {
            if other.as_ref().is_some_and(is_same) && index != u32::from(besides) {
                shared = u16::try_from(index).ok();
            }
        })?;
        for (owner, index) in &self.shared_by_name {
            if let Owner::Reader(reader) = owner
                && *reader != besides
                && self.slots.read(*index)?.1.as_ref().is_some_and(is_same)
            {
                shared = Some(*reader);
            }
        }
        Ok(shared)
    }
}

/// How often a slot is given out between two restores, at most.
pub(super) const GENERATIONS_OF_A_LIFE: u32 = (1 << 24) - 1;
/// The most slots a store may have.
pub(super) const SLOTS_MAX: u32 = 1 << 24;
