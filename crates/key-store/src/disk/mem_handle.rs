//! An open file of the disk in memory.

use std::io::{self, ErrorKind};

use super::DiskFile;
use super::mem::{FaultOn, MemDisk};
use super::mem_file::Chance;
use super::mem_state::State;

/// Dead after the next crash, as a descriptor is.
pub(super) struct Handle {
    pub(super) disk: MemDisk,
    pub(super) id: u64,
    pub(super) boot: u64,
}

impl Handle {
    fn with<T>(&self, act: impl FnOnce(&mut State, u64) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.disk.lock();
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
            let from = file.live().get(place(offset)?..).unwrap_or_default();
            let count = from.len().min(buf.len());
            for (to, octet) in buf.iter_mut().zip(from) {
                *to = *octet;
            }
            Ok(count)
        })
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.with(|state, id| {
            let admitted = state.admit(FaultOn::Write);
            let (half, _) = bytes.split_at(bytes.len() / 2);
            let arrived = if admitted.is_ok() { bytes } else { half };
            let file = state.files.get_mut(&id).ok_or(ErrorKind::NotFound)?;
            file.write(arrived, place(offset)?);
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

fn place(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}
