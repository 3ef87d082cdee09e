//! The entries of a log: what its leaves are the hashes of.

use key_store::disk::Disk;

use super::TILE_WIDTH;
use super::error::ExportError;
use super::folder::Folder;
use crate::error::LogError;
use crate::scrub::half_erased;
use crate::segment::{Found, Segments, Walk};

/// Takes an entry and its index.
pub(super) type See<'a> = dyn FnMut(u64, &[u8]) -> Result<(), ExportError> + 'a;

/// Shows the entries of a log that are in it, with their indices and to a size, in their order and bounded memory.
///
/// # Errors
/// [`LogError::Damaged`], [`LogError::Truncated`], what the disk says, or what `see` says.
pub(super) fn each_entry(disk: &dyn Disk, size: u64, see: &mut See<'_>) -> Result<(), ExportError> {
    let segments = Segments::list(disk)?;
    let oldest = segments.head(disk, segments.first())?;
    let mut index = oldest.first_index();
    for number in segments.from(0) {
        let (file, head) = Segments::open_read(disk, number)?;
        let first = head.first_index();
        if first != index {
            return Err(LogError::Damaged {
                segment: number,
                offset: 0,
                what: format!("it begins with record {first}, not {index}"),
            }
            .into());
        }
        let next = segments.after(disk, number)?;
        let until = next.map_or(size, |next| next.first_index().min(size));
        let mut walk = Walk::new(file, number, first);
        in_segment(disk, &mut walk, until, see)?;
        index = walk.index();
        if index == size {
            return Ok(());
        }
    }
    Err(LogError::Truncated {
        signed: size,
        found: index,
    }
    .into())
}

/// Shows the entries of a segment to this index, or to where its records end.
fn in_segment(
    disk: &dyn Disk,
    walk: &mut Walk,
    until: u64,
    see: &mut See<'_>,
) -> Result<(), ExportError> {
    while walk.index() < until {
        let (segment, offset, index) = (walk.segment(), walk.offset(), walk.index());
        let found = walk
            .next()
            .map_err(LogError::io("a segment cannot be read"))?;
        if let Found::Record(record) = found {
            see(index, &record.entry())?;
            continue;
        }
        // A daemon at work may be erasing a part here this moment.
        let seen = half_erased(disk, walk, |record| see(index, &record.entry()))?;
        seen.ok_or_else(|| LogError::Damaged {
            segment,
            offset,
            what: format!("record {index} is damaged or cut off"),
        })??;
    }
    Ok(())
}

/// The bundle of entries that grows.
pub(super) struct Bundle {
    number: u64,
    entries: usize,
    octets: Vec<u8>,
}

impl Bundle {
    /// The bundle of this number, without an entry.
    pub(super) const fn numbered(number: u64) -> Self {
        Self {
            number,
            entries: 0,
            octets: Vec::new(),
        }
    }

    /// Adds an entry, and writes the bundle if that fills it.
    ///
    /// # Errors
    /// As [`Folder::put`].
    pub(super) fn push(
        &mut self,
        entry: &[u8],
        folder: &mut Folder<'_>,
    ) -> Result<(), ExportError> {
        let len = u16::try_from(entry.len()).map_err(|_| LogError::TooLong)?;
        self.octets.extend(len.to_be_bytes());
        self.octets.extend(entry);
        self.entries += 1;
        if self.entries == TILE_WIDTH {
            self.write(folder)?;
            self.number = self.number.saturating_add(1);
            self.entries = 0;
            self.octets.clear();
        }
        Ok(())
    }

    /// Writes what there is of a bundle that is not full.
    ///
    /// # Errors
    /// As [`Folder::put`].
    pub(super) fn finish(self, folder: &mut Folder<'_>) -> Result<(), ExportError> {
        if self.entries == 0 {
            return Ok(());
        }
        self.write(folder)
    }

    fn write(&self, folder: &mut Folder<'_>) -> Result<(), ExportError> {
        folder.put(ENTRIES, (self.number, self.entries), &self.octets)
    }
}

/// The level that entries have in a path.
const ENTRIES: &str = "entries";
