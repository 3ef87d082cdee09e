//! One person's records: by the index of each segment where there is one, by reading where there is none.

use std::ops::{ControlFlow, Range};

use super::{Entry, Reader, entry, walk_of};
use crate::error::LogError;
use crate::index::Index;
use crate::keys::PartOwner;
use crate::record::{BodyKey, Place, RECORD_LEN_MAX};
use crate::scrub::half_erased;
use crate::segment::{Found, Segments, Sighting};

/// Takes the records that are found; `None` ends the search early.
type Take<'a> = dyn FnMut(Entry) -> ControlFlow<()> + 'a;

impl Reader {
    /// The records among these in which something lies under this owner's key, oldest first. Indexes are not to be believed: one
    /// that was tampered with may hide records, never invent one. Whoever must have all of them reads all: [`Reader::parts_of`].
    ///
    /// # Errors
    /// [`LogError::Damaged`], [`LogError::Keys`] if the key is gone, or what the disk says.
    pub fn each_of(
        &self,
        owner: PartOwner,
        range: Range<u64>,
        take: &mut Take<'_>,
    ) -> Result<(), LogError> {
        let disk = self.disk.as_ref();
        let key = BodyKey::derive(&self.keys.key(owner)?, &self.instance);
        let segments = Segments::list(disk)?;
        let begin = segments.that_holds(disk, range.start)?;
        for number in segments.from(begin) {
            let search = Search {
                reader: self,
                key: &key,
                range: &range,
            };
            let flow = match Index::open(disk, number) {
                Some(index) => search.by_index(number, &index, take)?,
                None => search.by_reading(&segments, number, take)?,
            };
            if flow.is_break() {
                break;
            }
        }
        Ok(())
    }
}

struct Search<'a> {
    reader: &'a Reader,
    key: &'a BodyKey,
    range: &'a Range<u64>,
}

impl Search<'_> {
    fn by_index(
        &self,
        number: u32,
        index: &Index,
        take: &mut Take<'_>,
    ) -> Result<ControlFlow<()>, LogError> {
        if index.first_index >= self.range.end {
            return Ok(ControlFlow::Break(()));
        }
        let unread = LogError::io("an index cannot be read");
        let (first, last) = index.days;
        let mut hits = Vec::new();
        for day in first.get()..=last.get().min(first.get().saturating_add(DAYS_MAX)) {
            let handle = self.key.handle(access::Day::new(day));
            hits.extend(index.find(handle).map_err(&unread)?);
        }
        hits.sort_unstable_by_key(|hit| hit.record);
        hits.dedup_by_key(|hit| hit.record);
        if hits.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let (file, head) = Segments::open_read(self.reader.disk.as_ref(), number)?;
        let mut octets = vec![0; RECORD_LEN_MAX];
        for hit in hits {
            let place = Place {
                segment: number,
                index: head.first_index().saturating_add(u64::from(hit.record)),
            };
            let window = octets.get_mut(..USUAL_LEN).unwrap_or_default();
            let offset = u64::from(hit.offset);
            let read = file.read_at(window, offset);
            let read = read.map_err(LogError::io("a segment cannot be read"))?;
            let mut found = Sighting::of(place, window.get(..read).unwrap_or_default());
            if found.is_none() {
                let read = file.read_at(&mut octets, offset);
                let read = read.map_err(LogError::io("a segment cannot be read"))?;
                found = Sighting::of(place, octets.get(..read).unwrap_or_default());
            }
            if let Some(record) = found.filter(|record| self.wants(record))
                && take(entry(&record)).is_break()
            {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn by_reading(
        &self,
        segments: &Segments,
        number: u32,
        take: &mut Take<'_>,
    ) -> Result<ControlFlow<()>, LogError> {
        let disk = self.reader.disk.as_ref();
        let mut walk = walk_of(disk, number)?;
        let until = segments.after(disk, number)?;
        let until = until.map_or(u64::MAX, |next| next.first_index());
        while walk.index() < until.min(self.range.end) {
            let (index, offset) = (walk.index(), walk.offset());
            let found = walk.next();
            match found.map_err(LogError::io("a segment cannot be read"))? {
                Found::Record(record) if self.wants(&record) => {
                    if take(entry(&record)).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Found::Record(_) => {}
                Found::End => {
                    let ends = half_erased(disk, &mut walk, |record| {
                        self.wants(record) && take(entry(record)).is_break()
                    })?;
                    match ends {
                        Some(true) => return Ok(ControlFlow::Break(())),
                        Some(false) => {}
                        // The writer is here.
                        None if until == u64::MAX => return Ok(ControlFlow::Continue(())),
                        None => {
                            return Err(LogError::Damaged {
                                segment: number,
                                offset,
                                what: format!("record {index} is damaged"),
                            });
                        }
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// In the range, and with a part of this owner's.
    fn wants(&self, record: &Sighting<'_>) -> bool {
        if !self.range.contains(&record.index) {
            return false;
        }
        let handle = self.key.handle(record.header.time.day());
        record
            .parts()
            .any(|(part, scrubbed)| !scrubbed && part.starts_with(&handle))
    }
}

/// A segment holds a day; one of a house that was off may span more, and a forged index any number.
const DAYS_MAX: u32 = 4_000;
/// Octets of most records.
const USUAL_LEN: usize = 512;
