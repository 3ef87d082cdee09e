//! An open file of the disk in memory.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};

use super::DiskFile;
use super::fault::FaultOn;
use super::mem_file::{Chance, SECTOR_LEN};
use super::mem_state::{State, lock};

/// Dead after the next crash, as a descriptor is.
pub(super) struct Handle {
    pub(super) state: Arc<Mutex<State>>,
    pub(super) id: u64,
    pub(super) boot: u64,
}

impl Handle {
    fn with<T>(&self, act: impl FnOnce(&mut State, u64) -> io::Result<T>) -> io::Result<T> {
        let mut state = lock(&self.state);
        if state.boot != self.boot {
            return Err(io::Error::other(
                "the power was cut since this file was opened",
            ));
        }
        act(&mut state, self.id)
    }
}

impl DiskFile for Handle {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.with(|state, id| {
            let file = state.files.get(&id).ok_or(ErrorKind::NotFound)?;
            Ok(file.live().read(buf, place(offset)?))
        })
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.with(|state, id| {
            let admitted = state.admit(FaultOn::Write);
            let at = place(offset)?;
            state.require_room(id, at.saturating_add(bytes.len()))?;
            let arrived = if admitted.is_ok() {
                bytes
            } else {
                whole_sectors_of_half(bytes, at)
            };
            let file = state.files.get_mut(&id).ok_or(ErrorKind::NotFound)?;
            file.write(arrived, at);
            admitted
        })
    }

    fn sync(&self) -> io::Result<()> {
        self.with(|state, id| {
            let admitted = state.admit(FaultOn::Sync);
            let mut chance = Chance(state.changes);
            let file = state.files.get_mut(&id).ok_or(ErrorKind::NotFound)?;
            match admitted {
                Ok(()) => file.sync(),
                Err(_) => file.lose(&mut chance),
            }
            admitted
        })
    }

    fn len(&self) -> io::Result<u64> {
        self.with(|state, id| {
            let file = state.files.get(&id).ok_or(ErrorKind::NotFound)?;
            u64::try_from(file.live().len()).map_err(io::Error::other)
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.with(|state, id| {
            state.admit(FaultOn::Write)?;
            let file = state.files.get_mut(&id).ok_or(ErrorKind::NotFound)?;
            file.set_len(place(len)?);
            Ok(())
        })
    }
}

/// What has arrived when a write fails half-way; no sector is ever torn.
fn whole_sectors_of_half(bytes: &[u8], at: usize) -> &[u8] {
    let half = at.saturating_add(bytes.len() / 2);
    let boundary = half.saturating_sub(half % SECTOR_LEN);
    bytes.get(..boundary.saturating_sub(at)).unwrap_or_default()
}

fn place(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}
