//! Keys of readers: the one each has, the one on its way to it, and who the reader is that has it.

use zeroize::Zeroizing;

use super::KeyStore;
use super::state::{SLOTS_MAX, State};
use crate::entropy::Entropy;
use crate::error::KeyError;
use crate::key::Key32;
use crate::owner::Owner;
use crate::reader_key::Weakness;
use crate::slot::{Holding, SlotHead, SlotState};

/// A Secure Channel base key, wiped when dropped.
pub type BaseKey = Zeroizing<[u8; 16]>;

/// Who the reader is that has a key, in eight octets of the caller's own making.
pub type Identity = [u8; 8];

impl KeyStore {
    /// Gives a reader its Secure Channel base key, overwriting the one it had; one that was on its way is destroyed. Who the
    /// reader is stays known.
    ///
    /// # Errors
    /// [`KeyError::Weak`] or [`KeyError::Shared`], which change nothing, or what the disk says.
    pub fn set_reader_key(&self, reader: u16, key: [u8; 16]) -> Result<(), KeyError> {
        let key = Zeroizing::new(key);
        self.check_reader_key(reader, &key)?;
        let entry = Entry {
            key,
            identity: self.reader_identity(reader)?,
        };
        entry.write(&mut self.lock(), reader)?;
        self.forget_next_reader_key(reader)
    }

    /// Whether a reader could be given this key.
    ///
    /// # Errors
    /// [`KeyError::Weak`], [`KeyError::Shared`], or what the disk says.
    pub fn check_reader_key(&self, reader: u16, key: &[u8; 16]) -> Result<(), KeyError> {
        if let Some(weakness) = Weakness::of(key) {
            return Err(KeyError::Weak { weakness });
        }
        match self.lock().reader_with(key, reader)? {
            Some(with) => Err(KeyError::Shared { with }),
            None => Ok(()),
        }
    }

    /// A reader's Secure Channel base key, or `None` if it has not been given one.
    ///
    /// # Errors
    /// [`KeyError::Damaged`], or what the disk says.
    pub fn reader_key(&self, reader: u16) -> Result<Option<BaseKey>, KeyError> {
        Ok(Entry::read(&self.lock(), reader)?.map(|entry| entry.key))
    }

    /// Draws the key a reader is to get, and keeps it beside the one it has; another that was on its way is destroyed.
    ///
    /// # Errors
    /// As [`KeyStore::allocate`]; [`KeyError::Weak`] or [`KeyError::Shared`] from a source of entropy that is none.
    pub fn draw_next_reader_key(
        &self,
        reader: u16,
        entropy: &mut dyn Entropy,
    ) -> Result<BaseKey, KeyError> {
        self.forget_next_reader_key(reader)?;
        self.allocate(Owner::Reader(reader), entropy)?;
        let drawn = self.next_reader_key(reader)?;
        let key = drawn.ok_or(KeyError::NoKey {
            index: u32::from(reader),
        })?;
        if let Err(unfit) = self.check_reader_key(reader, &key) {
            self.forget_next_reader_key(reader)?;
            return Err(unfit);
        }
        Ok(key)
    }

    /// The key on its way to a reader, if there is one.
    ///
    /// # Errors
    /// [`KeyError::Damaged`], or what the disk says.
    pub fn next_reader_key(&self, reader: u16) -> Result<Option<BaseKey>, KeyError> {
        let Some(slot) = self.find(Owner::Reader(reader)) else {
            return Ok(None);
        };
        Ok(base_key(&self.key(slot.index)?.1))
    }

    /// The reader has the key that was on its way: the one it had is overwritten, then the other copy destroyed. Who the
    /// reader is stays known. Without a key on its way nothing changes. Repeatable.
    ///
    /// # Errors
    /// What the disk says; until success both keys are kept.
    pub fn adopt_next_reader_key(&self, reader: u16) -> Result<(), KeyError> {
        let Some(key) = self.next_reader_key(reader)? else {
            return Ok(());
        };
        let identity = self.reader_identity(reader)?;
        Entry { key, identity }.write(&mut self.lock(), reader)?;
        self.forget_next_reader_key(reader)
    }

    /// The reader did not take the key that was on its way, or was given another: it is destroyed.
    ///
    /// # Errors
    /// What the disk says.
    pub fn forget_next_reader_key(&self, reader: u16) -> Result<(), KeyError> {
        match self.find(Owner::Reader(reader)) {
            Some(slot) => self.destroy(slot),
            None => Ok(()),
        }
    }

    /// Who the reader is that has a key, if that is known.
    ///
    /// # Errors
    /// [`KeyError::Damaged`], or what the disk says.
    pub fn reader_identity(&self, reader: u16) -> Result<Option<Identity>, KeyError> {
        Ok(Entry::read(&self.lock(), reader)?.and_then(|entry| entry.identity))
    }

    /// Notes who the reader is that has its key.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] if it has none, or what the disk says.
    pub fn pin_reader_identity(&self, reader: u16, identity: Identity) -> Result<(), KeyError> {
        let mut state = self.lock();
        let entry = Entry::read(&state, reader)?.ok_or(KeyError::NoKey {
            index: u32::from(reader),
        })?;
        let pinned = Entry {
            identity: Some(identity),
            ..entry
        };
        pinned.write(&mut state, reader)
    }
}

/// What the 32 octets of a slot of `readers.bin` hold.
///
/// ```text
///  0 16  the Secure Channel base key
/// 16  1  0 the reader is not known, 1 it is
/// 17  8  who it is; zero if it is not known
/// 25  7  zero
/// ```
struct Entry {
    key: BaseKey,
    identity: Option<Identity>,
}

impl Entry {
    fn read(state: &State, reader: u16) -> Result<Option<Self>, KeyError> {
        let (_, held) = state.readers.read(u32::from(reader))?;
        let Some(held) = held else {
            return Ok(None);
        };
        let identity = match held.as_bytes().split_first_chunk::<16>() {
            Some((_, [KNOWN, rest @ ..])) => rest.first_chunk::<8>().copied(),
            Some(_) | None => None,
        };
        Ok(base_key(&held).map(|key| Self { key, identity }))
    }

    fn held(&self) -> Key32 {
        let mut held = Key32::new([0; 32]);
        let known = self
            .identity
            .iter()
            .flat_map(|identity| std::iter::once(&KNOWN).chain(identity));
        let octets = self.key.iter().chain(known);
        for (to, octet) in held.as_mut_bytes().iter_mut().zip(octets) {
            *to = *octet;
        }
        held
    }

    fn write(&self, state: &mut State, reader: u16) -> Result<(), KeyError> {
        let held = self.held();
        let index = u32::from(reader);
        let (found, _) = state.readers.read(index)?;
        let generation = found.generation.checked_add(1).ok_or(KeyError::Full {
            slots_max: SLOTS_MAX,
        })?;
        let head = SlotHead {
            generation,
            state: SlotState::Live(Holding::Reader),
        };
        state.readers.write(&[(index, head, Some(held))])?;
        state.readers.sync()
    }
}

/// What the slot of a reader with this key holds.
pub(super) fn entry_of(key: BaseKey, identity: Option<Identity>) -> Key32 {
    Entry { key, identity }.held()
}

fn base_key(held: &Key32) -> Option<BaseKey> {
    let base = held.as_bytes().first_chunk::<16>();
    base.map(|base| Zeroizing::new(*base))
}

const KNOWN: u8 = 1;
