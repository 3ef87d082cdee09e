//! Finding one person's parts, by the handle that stands before them on each day.

use std::io;
use std::ops::Range;

use access::Day;

use super::Reader;
use crate::error::LogError;
use crate::keys::PartOwner;
use crate::log::end_of;
use crate::record::{BodyKey, HANDLE_LEN, part_hash};
use crate::scrub::{Remnant, Target};
use crate::segment::path_of;
use crate::tiles::Spot;

/// One person's parts in a stretch of the log.
#[derive(Debug)]
pub struct PartsOf {
    /// Whose they are.
    pub owner: PartOwner,
    /// Where they lie.
    pub targets: Vec<Target>,
    /// What flushes that failed left behind the records of segments; anybody's parts may be among it, and nobody reads it.
    pub remnants: Vec<Remnant>,
    /// The first record that was not looked at.
    pub until: u64,
}

impl PartsOf {
    /// How many parts there are.
    #[must_use]
    pub fn targets_len(&self) -> usize {
        self.targets.len()
    }
}

impl Reader {
    /// Every part that lies under this owner's key in these records, which is what an erasure overwrites.
    ///
    /// # Errors
    /// [`LogError::Damaged`], [`LogError::Keys`] if the key is gone, or what the disk says.
    pub fn parts_of(&self, owner: PartOwner, range: Range<u64>) -> Result<PartsOf, LogError> {
        let key = BodyKey::derive(&self.keys.key(owner)?, &self.instance);
        let mut handle: Option<(Day, [u8; HANDLE_LEN])> = None;
        let mut targets = Vec::new();
        let mut entries = self.entries(range)?;
        entries.sight(&mut |spot, record| {
            let day = record.header.time.day();
            let of_day = match handle {
                Some((same, of_day)) if same == day => of_day,
                Some(_) | None => key.handle(day),
            };
            handle = Some((day, of_day));
            for (number, (part, scrubbed)) in (0_u8..).zip(record.parts()) {
                if !scrubbed && part.starts_with(&of_day) {
                    targets.push(Target {
                        index: record.index,
                        offset: spot.offset,
                        segment: spot.segment,
                        part: number,
                        hash: part_hash(part, false),
                    });
                }
            }
            None::<()>
        })?;
        let left = entries.left.iter();
        let remnants = left.filter_map(|spot| self.remnant(*spot).transpose());
        Ok(PartsOf {
            owner,
            targets,
            remnants: remnants.collect::<Result<_, _>>()?,
            until: entries.walk.index(),
        })
    }

    /// What lies behind the end of a segment's records, if it is not zeros.
    pub(super) fn remnant(&self, end: Spot) -> Result<Option<Remnant>, LogError> {
        let failed = LogError::io("a segment cannot be read");
        let read = || -> io::Result<bool> {
            let file = self.disk.open_read(&path_of(end.segment))?;
            let mut octets = vec![0; WINDOW_LEN];
            let mut at = end.offset;
            loop {
                let read = file.read_at(&mut octets, at)?;
                let window = octets.get(..read).unwrap_or_default();
                if end_of(window) > 0 {
                    return Ok(true);
                }
                if read == 0 {
                    return Ok(false);
                }
                at = at.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            }
        };
        Ok(read().map_err(failed)?.then_some(Remnant {
            segment: end.segment,
            offset: end.offset,
        }))
    }
}

const WINDOW_LEN: usize = 256 * 1024;
