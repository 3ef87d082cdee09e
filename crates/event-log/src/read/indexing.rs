//! Keeping indexes: each is made when its segment is complete, and goes when somebody in it is forgotten.

use std::fmt;

use super::{Expired, PartsOf, Reader};
use crate::error::LogError;
use crate::index;
use crate::segment::Segments;

/// A segment that was indexed, and the SHA-256 of its index, to be put on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// The segment.
    pub segment: u32,
    /// The SHA-256 of its index.
    pub hash: [u8; 32],
    /// It was not made anew: no later segment had an index before it.
    pub is_new: bool,
}

impl fmt::Display for Indexed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "segment {}; SHA-256 of its index ", self.segment)?;
        self.hash
            .iter()
            .try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl Reader {
    /// Makes the index of the oldest complete segment that has none. `None` if all have one. Not to be called while somebody's
    /// parts are being erased: what is read before they are overwritten would stand in the index afterwards.
    ///
    /// # Errors
    /// [`LogError::Damaged`] if the segment is, or what the disk says.
    pub fn index_next(&self) -> Result<Option<Indexed>, LogError> {
        let disk = self.disk.as_ref();
        let segments = Segments::list(disk)?;
        let mut complete = segments.from(0).filter(|number| *number != segments.last());
        let Some(segment) = complete.find(|number| !index::is_there(disk, *number)) else {
            return Ok(None);
        };
        let is_new = !complete.any(|number| index::is_there(disk, number));
        let hash = index::build(disk, &segments, segment)?;
        Ok(Some(Indexed {
            segment,
            hash,
            is_new,
        }))
    }

    /// Destroys the indexes in which an owner's handles stand, before the parts are overwritten.
    ///
    /// # Errors
    /// What the disk says.
    pub fn unindex(&self, found: &PartsOf) -> Result<(), LogError> {
        self.destroy_indexes(found.targets.iter().map(|target| target.segment))
    }

    /// Destroys the indexes in which handles of expired parts stand.
    ///
    /// # Errors
    /// What the disk says.
    pub fn unindex_expired(&self, expired: &Expired) -> Result<(), LogError> {
        self.destroy_indexes(expired.targets.iter().map(|target| target.segment))
    }

    fn destroy_indexes(&self, segments: impl Iterator<Item = u32>) -> Result<(), LogError> {
        let mut segments: Vec<u32> = segments.collect();
        segments.dedup();
        let disk = self.disk.as_ref();
        segments
            .into_iter()
            .try_for_each(|segment| index::destroy(disk, segment))
    }
}
