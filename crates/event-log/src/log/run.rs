//! The run: part of every nonce. It is raised durably at each opening and after each flush that failed, before anything is sealed.

use std::io;

use key_store::disk::Disk;

use crate::error::LogError;

/// The first run, of the log's making.
pub(super) const FIRST: u32 = 1;

/// Writes the run.
pub(super) fn store(disk: &dyn Disk, run: u32) -> io::Result<()> {
    disk.put_whole(PATH, format!("{run}\n").as_bytes())
}

/// Reads the last run and makes the next one durable.
pub(super) fn raise(disk: &dyn Disk, seen: u32) -> Result<u32, LogError> {
    let run = next(disk, seen)?;
    store(disk, run).map_err(LogError::io("log/run cannot be written"))?;
    Ok(run)
}

/// The run that comes next, which is nobody's before it is durable. It is also above `seen`, the newest run that a record names: an
/// old copy of the file put back must not bring old nonces back.
pub(super) fn next(disk: &dyn Disk, seen: u32) -> Result<u32, LogError> {
    let damaged = |what| LogError::DamagedFile {
        file: "log/run",
        what,
    };
    let file = disk
        .open_read(PATH)
        .map_err(LogError::io("log/run cannot be read"))?;
    let mut octets = [0; 16];
    let read = file
        .read_at(&mut octets, 0)
        .map_err(LogError::io("log/run cannot be read"))?;
    let text = octets
        .get(..read)
        .and_then(|octets| std::str::from_utf8(octets).ok());
    let last: u32 = text
        .and_then(|text| text.trim_end().parse().ok())
        .ok_or(damaged("it is not a number"))?;
    last.max(seen)
        .checked_add(1)
        .ok_or(damaged("the log was opened more than 4,294,967,295 times"))
}

const PATH: &str = "run";
