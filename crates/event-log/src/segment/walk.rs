//! A walk through a segment, record by record, in bounded memory.

use std::io;
use std::sync::Arc;

use key_store::disk::DiskFile;

use super::{HEAD_LEN, Head, HeadFault, RECORDS_AT};
use crate::record::{FRAME_LEN, Frame, Header, Place, RECORD_LEN_MAX, leaf, part_hash};
use crate::tree::Hash;

/// A place in a segment that moves on.
pub(crate) struct Walk {
    file: Arc<dyn DiskFile>,
    segment: u32,
    index: u64,
    offset: u64,
    window: Vec<u8>,
    window_at: u64,
    window_len: usize,
}

/// What stands at the walk's place.
pub(crate) enum Found<'w> {
    /// A whole record; the walk has passed it.
    Record(Sighting<'w>),
    /// None; the walk stays.
    End,
}

/// A record as it was met.
pub(crate) struct Sighting<'w> {
    /// Its leaf number.
    pub(crate) index: u64,
    /// Its header.
    pub(crate) header: Header,
    /// Its frame.
    pub(crate) frame: Frame,
    octets: &'w [u8],
}

impl<'w> Sighting<'w> {
    /// The record at the beginning of these octets, frame included, if it is whole and of this place.
    pub(crate) fn of(place: Place, octets: &'w [u8]) -> Option<Self> {
        let (frame, record) = Frame::unwrap(place, octets).ok()?;
        Some(Self {
            index: place.index,
            header: Header::decode(record)?,
            frame,
            octets: record,
        })
    }

    /// The header's octets.
    pub(crate) fn header_octets(&self) -> &'w [u8] {
        self.octets.get(..self.header.len()).unwrap_or_default()
    }

    /// The parts, each with whether it was scrubbed.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&'w [u8], bool)> + '_ {
        let mut rest = self.octets.get(self.header.len()..).unwrap_or_default();
        self.header
            .part_lens()
            .zip(0_u8..)
            .map(move |(len, number)| {
                let (part, after) = rest.split_at_checked(len).unwrap_or_default();
                rest = after;
                (part, self.frame.scrubbed >> number & 1 == 1)
            })
    }

    /// What its leaf is the hash of: the header, then the hash of each part. It says nothing of a person.
    pub(crate) fn entry(&self) -> Vec<u8> {
        let mut entry = self.header_octets().to_vec();
        let hashes = self
            .parts()
            .map(|(part, scrubbed)| part_hash(part, scrubbed));
        hashes.for_each(|hash| entry.extend(hash));
        entry
    }

    /// Its leaf in the tree.
    pub(crate) fn leaf(&self) -> Hash {
        leaf(
            self.header_octets(),
            self.parts()
                .map(|(part, scrubbed)| part_hash(part, scrubbed)),
        )
    }
}

/// Reads the head of a segment.
pub(crate) fn read_head(file: &dyn DiskFile) -> io::Result<Result<Head, HeadFault>> {
    let mut octets = vec![0; HEAD_LEN];
    let read = file.read_at(&mut octets, 0)?;
    octets.truncate(read);
    Ok(Head::decode(&octets))
}

impl Walk {
    /// Begins at the first record of a segment.
    pub(crate) const fn new(file: Arc<dyn DiskFile>, segment: u32, first_index: u64) -> Self {
        Self {
            file,
            segment,
            index: first_index,
            offset: RECORDS_AT,
            window: Vec::new(),
            window_at: RECORDS_AT,
            window_len: WINDOW_LEN,
        }
    }

    /// Begins at a record further on: its index, and where its frame is.
    pub(crate) const fn from(
        file: Arc<dyn DiskFile>,
        segment: u32,
        (index, offset): (u64, u64),
    ) -> Self {
        Self {
            file,
            segment,
            index,
            offset,
            window: Vec::new(),
            window_at: offset,
            window_len: WINDOW_LEN,
        }
    }

    /// The same, but reading so many octets at once, which must be more than a record's.
    pub(crate) const fn reading(mut self, octets: usize) -> Self {
        self.window_len = octets;
        self
    }

    /// Where the walk stands in the file.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// The file it reads.
    pub(crate) const fn file(&self) -> &Arc<dyn DiskFile> {
        &self.file
    }

    /// The segment it walks through.
    pub(crate) const fn segment(&self) -> u32 {
        self.segment
    }

    /// The index the next record has.
    pub(crate) const fn index(&self) -> u64 {
        self.index
    }

    /// Forgets what was read ahead, for a file that grows meanwhile.
    pub(crate) fn look_again(&mut self) {
        self.window.clear();
        self.window_at = self.offset;
    }

    /// What stands here.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn next(&mut self) -> io::Result<Found<'_>> {
        self.look_ahead()?;
        let at = usize::try_from(self.offset - self.window_at).unwrap_or(usize::MAX);
        let octets = self.window.get(at..).unwrap_or_default();
        let place = Place {
            segment: self.segment,
            index: self.index,
        };
        let Some(record) = Sighting::of(place, octets) else {
            return Ok(Found::End);
        };
        self.offset = self.offset.saturating_add(octets_of(&record.frame));
        self.index = self.index.saturating_add(1);
        Ok(Found::Record(record))
    }

    /// Passes a record that was read by another way.
    pub(crate) fn pass(&mut self, frame: &Frame) {
        self.offset = self.offset.saturating_add(octets_of(frame));
        self.index = self.index.saturating_add(1);
        self.look_again();
    }

    /// Makes sure that the window holds a whole record from here, unless the file ends before.
    fn look_ahead(&mut self) -> io::Result<()> {
        let behind = usize::try_from(self.offset - self.window_at).unwrap_or(usize::MAX);
        if self.window.len().saturating_sub(behind) >= RECORD_LEN_MAX {
            return Ok(());
        }
        self.window.resize(self.window_len, 0);
        self.window_at = self.offset;
        let read = self.file.read_at(&mut self.window, self.offset)?;
        self.window.truncate(read);
        Ok(())
    }
}

/// Octets of a record with its frame.
fn octets_of(frame: &Frame) -> u64 {
    u64::try_from(FRAME_LEN.saturating_add(frame.len)).unwrap_or(u64::MAX)
}

/// Read at once.
const WINDOW_LEN: usize = 256 * 1024;
