//! The index of a segment: in which of its records each handle stands, so that one person's records are found without reading
//! everybody's.
//!
//! Derived from the segment by anybody, without keys, and the same each time; never believed to be complete. What it leads to is
//! checked as every record is. `log/index/0000000000.idx` for segment 0 and so on, once another segment has begun:
//!
//! ```text
//! 0     magic         8    "PVKTINDX"
//! 8     version       2    u16 little-endian: 1
//! 10    zero          2
//! 12    segment       4    u32 little-endian
//! 16    first index   8    u64 little-endian, of the segment
//! 24    first day     4    u32 little-endian, UTC days since 1970: the earliest of a record's
//! 28    last day      4    the latest
//! 32    entries       4    u32 little-endian
//! 36    zero         28
//! 64    entries      16 each, by handle, then by record:
//!       0   handle    8    as it stands before the part
//!       8   record    4    u32 little-endian, its index behind the first
//!       12  offset    4    u32 little-endian, of its frame in the segment's file
//! ```

use std::io;
use std::sync::Arc;

use access::Day;
use key_store::disk::{Disk, DiskFile};
use sha2::{Digest, Sha256};

use crate::error::LogError;
use crate::record::HANDLE_LEN;
use crate::segment::{Found, Segments, Walk, write_zeros};
use crate::tree::Hash;

/// A handle as it stands before a part.
pub(crate) type Handle = [u8; HANDLE_LEN];

/// Where a record is that a handle stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// The handle.
    pub(crate) handle: Handle,
    /// The record's index behind the segment's first.
    pub(crate) record: u32,
    /// Where its frame begins.
    pub(crate) offset: u32,
}

/// An index, open to be asked.
pub(crate) struct Index {
    file: Box<dyn DiskFile>,
    /// The index of the segment's first record.
    pub(crate) first_index: u64,
    /// The days that its records are of.
    pub(crate) days: (Day, Day),
    count: u64,
}

impl Index {
    /// Opens the index of a segment; `None` if there is none, or it is not whole.
    pub(crate) fn open(disk: &dyn Disk, segment: u32) -> Option<Self> {
        let file = disk.open_read(&path_of(segment)).ok()?;
        let mut head = [0; HEAD_LEN];
        let read = file.read_at(&mut head, 0).ok()?;
        let (magic, rest) = head.get(..read)?.split_first_chunk::<8>()?;
        let (version, rest) = rest.split_first_chunk::<4>()?;
        let (number, rest) = rest.split_first_chunk()?;
        let (first_index, rest) = rest.split_first_chunk()?;
        let (first_day, rest) = rest.split_first_chunk()?;
        let (last_day, rest) = rest.split_first_chunk()?;
        let count = u64::from(u32::from_le_bytes(*rest.first_chunk()?));
        let is_whole = magic == MAGIC
            && *version == VERSION
            && u32::from_le_bytes(*number) == segment
            && file.len().ok()? == offset_of(count);
        let day = |octets: &[u8; 4]| Day::new(u32::from_le_bytes(*octets));
        is_whole.then_some(Self {
            file,
            first_index: u64::from_le_bytes(*first_index),
            days: (day(first_day), day(last_day)),
            count,
        })
    }

    /// The entries of a handle, by record.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn find(&self, handle: Handle) -> io::Result<Vec<Entry>> {
        let mut found = Vec::new();
        let mut at = self.first_of(handle)?;
        loop {
            let window = self.read(at, WINDOW)?;
            let count = window.partition_point(|entry| entry.handle == handle);
            found.extend(window.into_iter().take(count));
            if u64::try_from(count).unwrap_or(0) < WINDOW {
                return Ok(found);
            }
            at = at.saturating_add(WINDOW);
        }
    }

    /// The number of the first entry whose handle is not before this one.
    fn first_of(&self, handle: Handle) -> io::Result<u64> {
        let (mut low, mut high) = (0, self.count);
        // Handles are as good as random, so their place is guessed; a handle with many entries upsets that, and halving ends it.
        let mut guess = place_of(handle, self.count);
        while high.saturating_sub(low) > WINDOW {
            let begin = guess.saturating_sub(WINDOW / 2).max(low);
            let window = self.read(begin, WINDOW)?;
            let behind = window.partition_point(|entry| entry.handle < handle);
            match u64::try_from(behind).unwrap_or(0) {
                0 => high = begin,
                all if all >= WINDOW => low = begin.saturating_add(WINDOW),
                some => return Ok(begin.saturating_add(some)),
            }
            guess = low.midpoint(high);
        }
        let window = self.read(low, high.saturating_sub(low))?;
        let behind = window.partition_point(|entry| entry.handle < handle);
        Ok(low.saturating_add(u64::try_from(behind).unwrap_or(0)))
    }

    fn read(&self, first: u64, count: u64) -> io::Result<Vec<Entry>> {
        debug_assert!(count <= WINDOW, "an index is never read whole");
        let count = count.min(self.count.saturating_sub(first));
        let len = usize::try_from(count.saturating_mul(ENTRY_LEN_ON_DISK)).unwrap_or(0);
        let mut octets = vec![0; len];
        let read = self.file.read_at(&mut octets, offset_of(first))?;
        let (entries, _) = octets
            .get(..read)
            .unwrap_or_default()
            .as_chunks::<ENTRY_LEN>();
        Ok(entries.iter().map(Entry::decode).collect())
    }
}

impl Entry {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.handle);
        out.extend(self.record.to_le_bytes());
        out.extend(self.offset.to_le_bytes());
    }

    fn decode(octets: &[u8; ENTRY_LEN]) -> Self {
        let [h0, h1, h2, h3, h4, h5, h6, h7, rest @ ..] = *octets;
        let [r0, r1, r2, r3, o0, o1, o2, o3] = rest;
        Self {
            handle: [h0, h1, h2, h3, h4, h5, h6, h7],
            record: u32::from_le_bytes([r0, r1, r2, r3]),
            offset: u32::from_le_bytes([o0, o1, o2, o3]),
        }
    }
}

/// Makes the index of a segment that another one follows, durably; gives the hash of its octets.
///
/// # Errors
/// [`LogError::Damaged`] if the segment is, or what the disk says.
pub(crate) fn build(disk: &dyn Disk, segments: &Segments, number: u32) -> Result<Hash, LogError> {
    let octets = derive(disk, segments, number)?;
    let hash = Sha256::digest(&octets).into();
    let write = || -> io::Result<()> {
        disk.create_dir(DIR, DIR_MODE)?;
        let new = format!("{DIR}/new");
        if disk.exists(&new)? {
            disk.remove(&new)?;
        }
        let file = disk.create(&new)?;
        file.write_at(&octets, 0)?;
        file.sync()?;
        disk.rename(&new, &path_of(number))?;
        disk.sync_dir(DIR)
    };
    write().map_err(LogError::io("an index cannot be written"))?;
    Ok(hash)
}

/// Whether there is one for this segment.
pub(crate) fn is_there(disk: &dyn Disk, segment: u32) -> bool {
    disk.exists(&path_of(segment)).unwrap_or(false)
}

/// Overwrites an index and removes it, if there is one: of somebody who is to be forgotten not even a handle stays.
///
/// # Errors
/// What the disk says.
pub(crate) fn destroy(disk: &dyn Disk, segment: u32) -> Result<(), LogError> {
    let path = path_of(segment);
    let destroy = || -> io::Result<()> {
        if disk.exists(&path)? {
            let file = disk.open(&path)?;
            write_zeros(file.as_ref(), 0, file.len()?)?;
            file.sync()?;
            disk.remove(&path)?;
            disk.sync_dir(DIR)?;
        }
        Ok(())
    };
    destroy().map_err(LogError::io("an index cannot be overwritten"))
}

/// The octets of a segment's index.
fn derive(disk: &dyn Disk, segments: &Segments, number: u32) -> Result<Vec<u8>, LogError> {
    let (file, head) = Segments::open_read(disk, number)?;
    let until = segments.after(disk, number)?.ok_or(LogError::Missing)?;
    let mut walk = Walk::new(Arc::clone(&file), number, head.first_index());
    let mut entries = Vec::new();
    let (mut first_day, mut last_day) = (u32::MAX, 0);
    while walk.index() < until.first_index() {
        let offset = walk.offset();
        let damaged = LogError::Damaged {
            segment: number,
            offset,
            what: "a record is damaged, and another segment follows".to_owned(),
        };
        let found = walk.next();
        let Found::Record(record) = found.map_err(LogError::io("a segment cannot be read"))? else {
            return Err(damaged);
        };
        let day = record.header.time.day().get();
        (first_day, last_day) = (first_day.min(day), last_day.max(day));
        let place = record.index.saturating_sub(head.first_index());
        let place = (u32::try_from(place), u32::try_from(offset));
        let (Ok(place), Ok(offset)) = place else {
            return Err(damaged);
        };
        let living = record.parts().filter(|(_, scrubbed)| !scrubbed);
        entries.extend(living.filter_map(|(part, _)| {
            Some(Entry {
                handle: *part.first_chunk()?,
                record: place,
                offset,
            })
        }));
    }
    entries.sort_unstable();
    entries.dedup();
    let count = u32::try_from(entries.len()).map_err(|_| LogError::TooLong)?;
    let mut octets = MAGIC.to_vec();
    octets.extend(VERSION);
    octets.extend(number.to_le_bytes());
    octets.extend(head.first_index().to_le_bytes());
    octets.extend(first_day.to_le_bytes());
    octets.extend(last_day.to_le_bytes());
    octets.extend(count.to_le_bytes());
    octets.resize(HEAD_LEN, 0);
    entries.iter().for_each(|entry| entry.encode(&mut octets));
    Ok(octets)
}

/// Where a handle would stand if handles were spread evenly.
fn place_of(handle: Handle, count: u64) -> u64 {
    let share = u128::from(u64::from_be_bytes(handle)) * u128::from(count);
    u64::try_from(share >> u64::BITS).unwrap_or(count)
}

const fn offset_of(entry: u64) -> u64 {
    HEAD_LEN_ON_DISK.saturating_add(entry.saturating_mul(ENTRY_LEN_ON_DISK))
}

fn path_of(segment: u32) -> String {
    format!("{DIR}/{segment:010}.idx")
}

const DIR: &str = "index";
const DIR_MODE: u32 = 0o750;
const MAGIC: &[u8; 8] = b"PVKTINDX";
const VERSION: [u8; 4] = [1, 0, 0, 0];
const HEAD_LEN: usize = 64;
const HEAD_LEN_ON_DISK: u64 = 64;
const ENTRY_LEN: usize = 16;
const ENTRY_LEN_ON_DISK: u64 = 16;
/// Entries read at once: 4 KiB.
const WINDOW: u64 = 256;

#[cfg(test)]
mod tests;
