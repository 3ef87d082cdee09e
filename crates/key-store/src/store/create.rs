//! Making a key store, anew or from a backup, and opening one.

use std::io;

use super::state::State;
use crate::disk::Disk;
use crate::entropy::Entropy;
use crate::error::KeyError;
use crate::key::Key32;
use crate::owner::Fixed;
use crate::seal::{self, Seal};
use crate::slot::{Holding, SlotHead, SlotState};
use crate::slot_file::{FileKind, SlotFile};

/// Makes a store with fresh keys of the house.
pub(super) fn create(disk: &dyn Disk, entropy: &mut dyn Entropy) -> Result<(), KeyError> {
    let keys = Fixed::ALL.map(|which| (which.index(), HOUSE, Some(Key32::random(entropy))));
    lay(
        disk,
        (
            &Filling {
                fixed: &keys,
                slots: &[],
                readers: &[],
            },
            0,
        ),
        entropy,
    )
}

/// What the three files hold from the start.
pub(super) struct Filling<'a> {
    pub(super) fixed: &'a [Filled],
    pub(super) slots: &'a [Filled],
    pub(super) readers: &'a [Filled],
}

/// A slot, what is known of it, and its key.
pub(super) type Filled = (u32, SlotHead, Option<Key32>);

/// Makes the files, whose slots are to be given out at generations above a floor. The seal gets its name last: until then there is no store, and what a broken try left is cleared away.
pub(super) fn lay(
    disk: &dyn Disk,
    (filling, floor): (&Filling<'_>, u32),
    entropy: &mut dyn Entropy,
) -> Result<(), KeyError> {
    let at_disk = |source| KeyError::Io {
        file: seal::DIR,
        source,
    };
    if disk.exists(seal::PATH).map_err(at_disk)? {
        return Err(KeyError::Exists);
    }
    disk.create_dir(seal::DIR, DIR_MODE).map_err(at_disk)?;
    clear(disk).map_err(at_disk)?;
    let seal = Seal::in_file(entropy);
    for kind in FileKind::ALL {
        let (filled, floor) = match kind {
            FileKind::Slots => (filling.slots, floor),
            FileKind::Fixed => (filling.fixed, 0),
            FileKind::Readers => (filling.readers, 0),
        };
        let mut file = SlotFile::create(disk, (kind, floor), seal.cipher())?;
        if !filled.is_empty() {
            file.write(filled)?;
            file.sync()?;
        }
    }
    disk.sync_dir(seal::DIR).map_err(at_disk)?;
    disk.sync_dir("").map_err(at_disk)?;
    seal.store(disk)
}

/// Opens the files and checks every slot in them.
pub(super) fn open(disk: &dyn Disk) -> Result<State, KeyError> {
    let at_disk = |source| KeyError::Io {
        file: seal::DIR,
        source,
    };
    if !disk.exists(seal::PATH).map_err(at_disk)? {
        return Err(KeyError::Missing);
    }
    let seal = Seal::load(disk)?;
    let file = |kind| SlotFile::open(disk, kind, seal.cipher());
    let state = State::read(
        file(FileKind::Slots)?,
        file(FileKind::Fixed)?,
        file(FileKind::Readers)?,
    )?;
    for which in Fixed::ALL {
        let (head, _) = state.fixed.read(which.index())?;
        if head.state != SlotState::Live(Holding::House) {
            let file = FileKind::Fixed.path();
            return Err(KeyError::Damaged {
                file,
                what: "a key of the house is missing",
            });
        }
    }
    Ok(state)
}

fn clear(disk: &dyn Disk) -> io::Result<()> {
    for path in FileKind::ALL
        .map(FileKind::path)
        .into_iter()
        .chain([seal::NEW_PATH])
    {
        if disk.exists(path)? {
            disk.remove(path)?;
        }
    }
    Ok(())
}

pub(super) const HOUSE: SlotHead = SlotHead {
    generation: 1,
    state: SlotState::Live(Holding::House),
};
const DIR_MODE: u32 = 0o700;
