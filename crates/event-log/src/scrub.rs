//! Scrubbing: parts overwritten where they lie by their own hash, so that the tree does not move.
//!
//! Where and what goes into a journal first, `log/scrub`, which is durable before the first octet changes and gone when the last
//! one is. Opening a log finishes what a journal says; a verifier reads it beside the records. The octets:
//!
//! ```text
//! 0    magic        8    "PVKTSCRB"
//! 8    version      2    u16 little-endian: 1
//! 10   zero         2
//! 12   targets      4    u32 little-endian
//! 16   target      56 each:
//!      0   index    8    u64 little-endian, the record
//!      8   offset   8    u64 little-endian, of its frame in the segment's file
//!      16  segment  4    u32 little-endian
//!      20  part     1    from 0
//!      21  zero     3
//!      24  hash    32    SHA-256 of the part as it was
//!      A part of 255 stands for a remnant: all from the offset to the end of the file becomes zeros.
//! end  check        4    CRC-32C little-endian over everything before
//! ```

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use key_store::disk::{Disk, DiskFile};

use crate::crc32c::{append_check, checked};
use crate::error::LogError;
use crate::record::{FRAME_LEN, Frame, Header, Place, RECORD_LEN_MAX};
use crate::segment::{Sighting, Walk, path_of, write_zeros};
use crate::tree::Hash;

/// A part that is to be overwritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub(crate) index: u64,
    pub(crate) offset: u64,
    pub(crate) segment: u32,
    pub(crate) part: u8,
    pub(crate) hash: Hash,
}

/// What failed flushes left in a segment behind its last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remnant {
    pub(crate) segment: u32,
    pub(crate) offset: u64,
}

/// The targets of an erasure that is under way, by record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Journal {
    records: BTreeMap<u64, Vec<Target>>,
    remnants: Vec<Remnant>,
}

impl Journal {
    /// A journal of these targets.
    pub(crate) fn of(
        targets: impl IntoIterator<Item = Target>,
        remnants: impl IntoIterator<Item = Remnant>,
    ) -> Self {
        let mut records: BTreeMap<u64, Vec<Target>> = BTreeMap::new();
        for target in targets {
            records.entry(target.index).or_default().push(target);
        }
        let remnants = remnants.into_iter().collect();
        Self { records, remnants }
    }

    /// Reads the journal, if there is one.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub(crate) fn load(disk: &dyn Disk) -> Result<Option<Self>, LogError> {
        let unread = || LogError::io("log/scrub cannot be read");
        if !disk.exists(PATH).map_err(unread())? {
            return Ok(None);
        }
        let read = || -> io::Result<Vec<u8>> {
            let file = disk.open_read(PATH)?;
            let len = usize::try_from(file.len()?).unwrap_or(usize::MAX);
            let mut octets = vec![0; len.min(JOURNAL_LEN_MAX)];
            let read = file.read_at(&mut octets, 0)?;
            octets.truncate(read);
            Ok(octets)
        };
        let octets = match read() {
            Ok(octets) => octets,
            // Its writer has just finished.
            Err(gone) if gone.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(unread()(source)),
        };
        let journal = Self::decode(&octets).ok_or(LogError::DamagedFile {
            file: "log/scrub",
            what: "it is no journal of an erasure",
        });
        journal.map(Some)
    }

    /// Makes the journal durable.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn store(&self, disk: &dyn Disk) -> Result<(), LogError> {
        let octets = self.encode().ok_or(io::ErrorKind::FileTooLarge.into());
        octets
            .and_then(|octets| disk.put_whole(PATH, &octets))
            .map_err(LogError::io("log/scrub cannot be written"))
    }

    /// Overwrites every part that it names, makes that durable, and removes the journal. Repeatable.
    ///
    /// # Errors
    /// [`LogError::Damaged`] if there is no record where one should be, or what the disk says: then the journal stays.
    pub(crate) fn carry_out(&self, disk: &dyn Disk) -> Result<(), LogError> {
        let rest = self.carry_out_some(disk, 0, usize::MAX)?;
        debug_assert_eq!(rest, None);
        Ok(())
    }

    /// The same for so many records from this one on, durably. The record to go on with, or `None` when all is done.
    ///
    /// # Errors
    /// As [`Journal::carry_out`].
    pub(crate) fn carry_out_some(
        &self,
        disk: &dyn Disk,
        from: u64,
        limit: usize,
    ) -> Result<Option<u64>, LogError> {
        let mut files = Files {
            disk,
            open: BTreeMap::new(),
        };
        let mut records = self.records.range(from..);
        for (index, targets) in records.by_ref().take(limit) {
            if let Some(first) = targets.first() {
                self.overwrite(&mut files, *index, first)?;
            }
        }
        let rest = records.next().map(|(index, _)| *index);
        if rest.is_none() {
            self.overwrite_remnants(&mut files)?;
        }
        for file in files.open.values() {
            file.sync().map_err(failed())?;
        }
        if rest.is_none() {
            remove(disk).map_err(LogError::io("log/scrub cannot be removed"))?;
        }
        Ok(rest)
    }

    fn overwrite_remnants(&self, files: &mut Files<'_>) -> Result<(), LogError> {
        for remnant in &self.remnants {
            let file = files.of(remnant.segment)?;
            let end = file.len().map_err(failed())?;
            write_zeros(file.as_ref(), remnant.offset, end).map_err(failed())?;
        }
        Ok(())
    }

    fn overwrite(&self, files: &mut Files<'_>, index: u64, first: &Target) -> Result<(), LogError> {
        let (segment, offset) = (first.segment, first.offset);
        let file = files.of(segment)?;
        let mut octets = vec![0; RECORD_LEN_MAX];
        let read = file.read_at(&mut octets, offset).map_err(failed())?;
        octets.truncate(read);
        let place = Place { segment, index };
        let record = self.scrubbed(place, &octets).ok_or(LogError::Damaged {
            segment,
            offset,
            what: format!("record {index}, of which a part is to be erased, is not here"),
        })?;
        file.write_at(&record, offset).map_err(failed())
    }

    /// Whether parts of this record are to be erased.
    pub(crate) fn names(&self, index: u64) -> bool {
        self.records.contains_key(&index)
    }

    fn targets(&self) -> impl Iterator<Item = Target> + '_ {
        let remnants = self.remnants.iter().map(|remnant| Target {
            index: 0,
            offset: remnant.offset,
            segment: remnant.segment,
            part: REMNANT,
            hash: [0; 32],
        });
        self.records.values().flatten().copied().chain(remnants)
    }

    /// The record at the beginning of `octets` as it is when its erasure is done, with its frame, however much of that is done
    /// now. `None` if there is none of this form.
    pub(crate) fn scrubbed(&self, place: Place, octets: &[u8]) -> Option<Vec<u8>> {
        let targets = self.records.get(&place.index)?;
        let (mut frame, record) = Frame::form(octets).ok()?;
        let mut record = record.to_vec();
        let header = Header::decode(&record)?;
        for target in targets {
            let number = usize::from(target.part);
            let before: usize = header.part_lens().take(number).sum();
            let len = header.part_lens().nth(number)?;
            let start = header.len().checked_add(before)?;
            let part = record.get_mut(start..start.checked_add(len)?)?;
            part.fill(0);
            part.get_mut(..target.hash.len())?
                .copy_from_slice(&target.hash);
            frame.scrubbed |= 1 << target.part;
        }
        let mut whole = Vec::with_capacity(FRAME_LEN + record.len());
        frame.wrap(place, &record, &mut whole)?;
        Some(whole)
    }

    fn encode(&self) -> Option<Vec<u8>> {
        let mut octets = MAGIC.to_vec();
        octets.extend(VERSION.to_le_bytes());
        octets.extend([0; 2]);
        let count = u32::try_from(self.targets().count()).ok()?;
        octets.extend(count.to_le_bytes());
        for target in self.targets() {
            octets.extend(target.index.to_le_bytes());
            octets.extend(target.offset.to_le_bytes());
            octets.extend(target.segment.to_le_bytes());
            octets.extend([target.part, 0, 0, 0]);
            octets.extend(target.hash);
        }
        append_check(&mut octets);
        (octets.len() <= JOURNAL_LEN_MAX).then_some(octets)
    }

    fn decode(octets: &[u8]) -> Option<Self> {
        let (magic, rest) = checked(octets)?.split_first_chunk::<8>()?;
        let (version, rest) = rest.split_first_chunk()?;
        let (_, rest) = rest.split_first_chunk::<2>()?;
        let (count, rest) = rest.split_first_chunk()?;
        let (targets, over) = rest.as_chunks::<TARGET_LEN>();
        let counted = u32::try_from(targets.len()) == Ok(u32::from_le_bytes(*count));
        if magic != MAGIC || u16::from_le_bytes(*version) != VERSION || !counted || !over.is_empty()
        {
            return None;
        }
        let targets: Option<Vec<Target>> = targets.iter().map(decode_target).collect();
        let (remnants, targets): (Vec<_>, Vec<_>) =
            targets?.into_iter().partition(|it| it.part == REMNANT);
        let remnants = remnants.iter().map(|it| Remnant {
            segment: it.segment,
            offset: it.offset,
        });
        Some(Self::of(targets, remnants))
    }
}

/// Has the record seen at which a walk stopped, if an erasure was in the midst of it: as it will be when that is done which the log's
/// journal speaks of, or as it is by now if none does any more. The walk has passed it then. `None` if no record is there; the tree
/// says whether it is the one.
///
/// # Errors
/// As [`Journal::load`].
pub(crate) fn half_erased<T>(
    disk: &dyn Disk,
    walk: &mut Walk,
    see: impl FnOnce(&Sighting<'_>) -> T,
) -> Result<Option<T>, LogError> {
    let place = Place {
        segment: walk.segment(),
        index: walk.index(),
    };
    // Before the record is read: if the journal is gone already, what is read then is the whole of it.
    let journal = Journal::load(disk)?.filter(|journal| journal.names(place.index));
    let mut octets = vec![0; RECORD_LEN_MAX];
    let read = walk
        .file()
        .read_at(&mut octets, walk.offset())
        .map_err(LogError::io("a segment cannot be read"))?;
    octets.truncate(read);
    let whole = match journal {
        Some(journal) => journal.scrubbed(place, &octets),
        None => Some(octets),
    };
    let record = whole
        .as_deref()
        .and_then(|whole| Sighting::of(place, whole));
    Ok(record.map(|record| {
        walk.pass(&record.frame);
        see(&record)
    }))
}

/// The segments an erasure writes to, each opened once.
struct Files<'a> {
    disk: &'a dyn Disk,
    open: BTreeMap<u32, Arc<dyn DiskFile>>,
}

impl Files<'_> {
    fn of(&mut self, segment: u32) -> Result<Arc<dyn DiskFile>, LogError> {
        if let Some(file) = self.open.get(&segment) {
            return Ok(Arc::clone(file));
        }
        let file: Arc<dyn DiskFile> =
            Arc::from(self.disk.open(&path_of(segment)).map_err(failed())?);
        self.open.insert(segment, Arc::clone(&file));
        Ok(file)
    }
}

fn remove(disk: &dyn Disk) -> io::Result<()> {
    if disk.exists(PATH)? {
        disk.remove(PATH)?;
    }
    disk.sync_dir("")
}

fn failed() -> impl Fn(io::Error) -> LogError {
    LogError::io("a part cannot be overwritten")
}

fn decode_target(octets: &[u8; TARGET_LEN]) -> Option<Target> {
    let (index, rest) = octets.split_first_chunk()?;
    let (offset, rest) = rest.split_first_chunk()?;
    let (segment, rest) = rest.split_first_chunk()?;
    let (&[part, 0, 0, 0], hash) = rest.split_first_chunk()? else {
        return None;
    };
    Some(Target {
        index: u64::from_le_bytes(*index),
        offset: u64::from_le_bytes(*offset),
        segment: u32::from_le_bytes(*segment),
        part,
        hash: hash.try_into().ok()?,
    })
}

/// The part number of a remnant.
const REMNANT: u8 = 255;
const PATH: &str = "scrub";
const MAGIC: &[u8; 8] = b"PVKTSCRB";
const VERSION: u16 = 1;
const TARGET_LEN: usize = 56;
/// Octets of the longest journal: a million parts of one person are more than anybody leaves behind in two years.
const JOURNAL_LEN_MAX: usize = 64 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Journal {
        let target = |index, part| Target {
            index,
            offset: 0x1122,
            segment: 3,
            part,
            hash: [7; 32],
        };
        let remnant = Remnant {
            segment: 4,
            offset: 0x3344,
        };
        Journal::of([target(5, 0), target(5, 1), target(9, 0)], [remnant])
    }

    #[test]
    fn a_journal_is_these_octets() {
        let octets = journal().encode().unwrap();
        assert_eq!(octets.len(), 16 + 4 * TARGET_LEN + 4);
        assert_eq!(octets[..16], *b"PVKTSCRB\x01\0\0\0\x04\0\0\0");
        assert_eq!(
            octets[16..40],
            *b"\x05\0\0\0\0\0\0\0\x22\x11\0\0\0\0\0\0\x03\0\0\0\0\0\0\0"
        );
        assert_eq!(octets[40..72], [7; 32]);
        assert_eq!(Journal::decode(&octets), Some(journal()));
        assert_eq!(
            octets[16 + 3 * TARGET_LEN..][8..24],
            *b"\x44\x33\0\0\0\0\0\0\x04\0\0\0\xff\0\0\0"
        );
        for at in 0..octets.len() {
            let mut changed = octets.clone();
            changed[at] ^= 4;
            assert_eq!(Journal::decode(&changed), None, "octet {at}");
        }
    }

    #[test]
    fn a_journal_knows_its_records_and_segments() {
        let journal = journal();
        assert!(journal.names(5) && journal.names(9) && !journal.names(6));
        assert_eq!(journal.targets().count(), 4);
    }
}
