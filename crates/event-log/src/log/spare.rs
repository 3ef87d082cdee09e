//! Spares: the next segment's file, made ahead, and an emergency reserve, so that a full disk stops no segment that is open.
//!
//! `log/segments/spare` becomes the next segment by getting its head and its name. `log/reserve` is room that is given up when
//! the disk is full, so that the log has some more while somebody is told. Both hold zeros, and nothing is lost with them.

use std::io;
use std::sync::Arc;

use key_store::disk::{Disk, DiskFile, SubDisk};

use super::FOLDER;
use crate::error::LogError;
use crate::segment::{DIR, RECORDS_AT, path_of, write_zeros};

/// The spares of a log; they may be made beside its writer, on any thread.
pub struct Spares {
    disk: SubDisk,
}

impl Spares {
    /// Those of the log in `log/` of this disk.
    #[must_use]
    pub fn of(disk: &Arc<dyn Disk>) -> Self {
        Self {
            disk: SubDisk::new(Arc::clone(disk), FOLDER),
        }
    }

    /// Makes what is missing of the two.
    ///
    /// # Errors
    /// What the disk says; a full one is no reason to stop.
    pub fn prepare(&self) -> Result<(), LogError> {
        let prepare = || -> io::Result<()> {
            if !self.disk.exists(SPARE)? {
                make(&self.disk, DIR, SPARE, FRESH_LEN)?;
            }
            if !self.disk.exists(RESERVE)? {
                make(&self.disk, "", RESERVE, RESERVE_LEN)?;
            }
            Ok(())
        };
        prepare().map_err(LogError::io("the log's next segment cannot be made ahead"))
    }

    /// Whether the emergency reserve is there; it is given up when the disk is full.
    #[must_use]
    pub fn has_reserve(&self) -> bool {
        self.disk.exists(RESERVE).unwrap_or(false)
    }
}

/// The spare segment's file, if there is a whole one.
pub(super) fn take(disk: &dyn Disk) -> io::Result<Option<Box<dyn DiskFile>>> {
    if !disk.exists(SPARE)? {
        return Ok(None);
    }
    let file = disk.open(SPARE)?;
    Ok((file.len()? == FRESH_LEN).then_some(file))
}

/// Gives the reserve up; `false` if it was given up before.
pub(super) fn give_up_reserve(disk: &dyn Disk) -> io::Result<bool> {
    let is_there = disk.exists(RESERVE)?;
    if is_there {
        disk.remove(RESERVE)?;
        disk.sync_dir("")?;
    }
    Ok(is_there)
}

/// Takes a segment out of the log, and keeps its file as the spare if there is none: all of it is zeros then.
pub(super) fn recycle(disk: &dyn Disk, segment: u32) -> io::Result<()> {
    let path = path_of(segment);
    if !disk.exists(&path)? {
        return disk.sync_dir(DIR);
    }
    if disk.exists(SPARE)? {
        disk.remove(&path)?;
        return disk.sync_dir(DIR);
    }
    clear(disk, USED)?;
    disk.rename(&path, USED)?;
    disk.sync_dir(DIR)?;
    let file = disk.open(USED)?;
    file.set_len(FRESH_LEN)?;
    write_zeros(file.as_ref(), 0, FRESH_LEN)?;
    file.sync()?;
    disk.rename(USED, SPARE)?;
    disk.sync_dir(DIR)
}

/// A file of zeros, durable under its name.
fn make(disk: &dyn Disk, dir: &str, path: &str, len: u64) -> io::Result<()> {
    let new = format!("{path}.new");
    clear(disk, &new)?;
    let file = disk.create(&new)?;
    let written = write_zeros(file.as_ref(), 0, len).and_then(|()| file.sync());
    if let Err(cause) = written {
        // Half a reserve would hold the room that it is to give.
        drop(file);
        disk.remove(&new).ok();
        return Err(cause);
    }
    disk.rename(&new, path)?;
    disk.sync_dir(dir)
}

fn clear(disk: &dyn Disk, path: &str) -> io::Result<()> {
    if disk.exists(path)? {
        disk.remove(path)?;
    }
    Ok(())
}

/// The path of the spare segment.
pub(super) const SPARE: &str = "segments/spare";
/// Octets of a segment without records: its head and the zeros ahead.
pub(super) const FRESH_LEN: u64 = RECORDS_AT + ZEROS_AHEAD;
/// Zeros kept ahead.
pub(super) const ZEROS_AHEAD: u64 = 1024 * 1024;
/// A segment that left, on its way to be the spare.
const USED: &str = "segments/used";
const RESERVE: &str = "reserve";
/// Room for some seventy thousand events.
const RESERVE_LEN: u64 = 8 * 1024 * 1024;
