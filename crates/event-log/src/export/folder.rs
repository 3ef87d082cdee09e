//! The folder an export goes to: its paths, and how a file in it becomes durable.

use std::collections::BTreeSet;
use std::io;

use key_store::disk::Disk;

use super::TILE_WIDTH;
use super::error::ExportError;
use crate::checkpoint::Checkpoint;
use crate::error::LogError;
use crate::newest::{PATH as CHECKPOINT, newest_checkpoint};
use crate::note::VerifierKey;

/// The folder.
pub(super) struct Folder<'a> {
    disk: &'a dyn Disk,
    /// Directories in which a name may not be durable yet.
    unsynced: BTreeSet<String>,
    written: u64,
}

impl<'a> Folder<'a> {
    /// Opens a folder that is empty or was exported to.
    ///
    /// # Errors
    /// [`ExportError::Foreign`], or what the disk says.
    pub(super) fn open(disk: &'a dyn Disk) -> Result<Self, ExportError> {
        let mut foreign = None;
        let mut note = |name: &str| {
            if ![CHECKPOINT, CHECKPOINT_NEW, TILE].contains(&name) {
                foreign.get_or_insert_with(|| name.to_owned());
            }
        };
        disk.for_each_name("", &mut note)
            .map_err(ExportError::io("the folder"))?;
        match foreign {
            Some(name) => Err(ExportError::Foreign { name }),
            None => Ok(Self {
                disk,
                unsynced: BTreeSet::new(),
                written: 0,
            }),
        }
    }

    /// What was exported here before; `None` also where that was not finished.
    ///
    /// # Errors
    /// [`ExportError::OtherLog`], or what the disk says.
    pub(super) fn former(&self, key: &VerifierKey) -> Result<Option<Checkpoint>, ExportError> {
        if !self
            .disk
            .exists(CHECKPOINT)
            .map_err(ExportError::io(CHECKPOINT))?
        {
            return Ok(None);
        }
        match newest_checkpoint(self.disk, key) {
            Ok((_, checkpoint)) => Ok(Some(checkpoint)),
            Err(LogError::Io { source, .. }) => Err(ExportError::io(CHECKPOINT)(source)),
            Err(_) => Err(ExportError::OtherLog),
        }
    }

    /// Files written so far.
    pub(super) const fn written(&self) -> u64 {
        self.written
    }

    /// Writes a tile of this level, by its number and how many hashes or entries it has. One that is there stays, and must
    /// say the same.
    ///
    /// # Errors
    /// [`ExportError::Differs`], or what the disk says.
    pub(super) fn put(
        &mut self,
        level: &str,
        (number, width): (u64, usize),
        octets: &[u8],
    ) -> Result<(), ExportError> {
        let path = path_of(level, number, width);
        let parents = path.match_indices('/').map(|(at, _)| path.get(..at));
        for parent in parents.flatten() {
            if self.unsynced.insert(parent.to_owned()) {
                self.disk
                    .create_dir(parent, DIR_MODE)
                    .map_err(ExportError::io(parent))?;
            }
        }
        match self.says(&path, octets).map_err(ExportError::io(&path))? {
            Some(true) => Ok(()),
            Some(false) => Err(ExportError::Differs { path }),
            None => self.write(&path, octets),
        }
    }

    /// Writes the checkpoint, when everything that it speaks of is durable.
    ///
    /// # Errors
    /// What the disk says.
    pub(super) fn publish(&mut self, note: &str) -> Result<(), ExportError> {
        // A directory's names, then its own name in the one above.
        for dir in self.unsynced.iter().rev().map(String::as_str).chain([""]) {
            self.disk.sync_dir(dir).map_err(ExportError::io(dir))?;
        }
        let said = self.says(CHECKPOINT, note.as_bytes());
        if said.map_err(ExportError::io(CHECKPOINT))? == Some(true) {
            return Ok(());
        }
        self.write(CHECKPOINT, note.as_bytes())?;
        self.disk.sync_dir("").map_err(ExportError::io(CHECKPOINT))
    }

    /// Whether the file of this path holds these octets; `None` if there is none.
    fn says(&self, path: &str, octets: &[u8]) -> io::Result<Option<bool>> {
        if !self.disk.exists(path)? {
            return Ok(None);
        }
        // One more than wanted, so that a longer file is told.
        let mut found = vec![0; octets.len().saturating_add(1)];
        let read = self.disk.open_read(path)?.read_at(&mut found, 0)?;
        Ok(Some(found.get(..read) == Some(octets)))
    }

    /// Writes a file under another name, synced, and gives it its own.
    fn write(&mut self, path: &str, octets: &[u8]) -> Result<(), ExportError> {
        let new = format!("{path}.new");
        let whole = || -> io::Result<()> {
            if self.disk.exists(&new)? {
                self.disk.remove(&new)?;
            }
            let file = self.disk.create(&new)?;
            file.write_at(octets, 0)?;
            file.sync()?;
            self.disk.rename(&new, path)
        };
        whole().map_err(ExportError::io(path))?;
        self.written = self.written.saturating_add(1);
        Ok(())
    }
}

/// C2SP tlog-tiles: the number in groups of three digits, all but the last behind an `x`; `.p` and the width if not full.
fn path_of(level: &str, number: u64, width: usize) -> String {
    let mut path = format!("{:03}", number % GROUP);
    let mut rest = number / GROUP;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % GROUP);
        rest /= GROUP;
    }
    let part = if width < TILE_WIDTH {
        format!(".p/{width}")
    } else {
        String::new()
    };
    format!("{TILE}/{level}/{path}{part}")
}

const TILE: &str = "tile";
const CHECKPOINT_NEW: &str = "checkpoint.new";
const GROUP: u64 = 1_000;
const DIR_MODE: u32 = 0o755;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        assert_eq!(path_of("0", 0, 256), "tile/0/000");
        assert_eq!(path_of("1", 273, 112), "tile/1/273.p/112");
        assert_eq!(
            path_of("entries", 1_234_067, 256),
            "tile/entries/x001/x234/067"
        );
        assert_eq!(path_of("0", 1_000, 1), "tile/0/x001/000.p/1");
    }
}
