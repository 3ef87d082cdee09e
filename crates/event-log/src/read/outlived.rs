//! Finding segments that have outlived their two years: everything in them is overwritten, and what follows stands without them.

use std::fmt;
use std::sync::Arc;

use super::Reader;
use crate::error::LogError;
use crate::segment::{Found, Head, Segments, Walk};
use crate::tree::{Hash, Tree};

/// Segments that may leave the log.
#[derive(Debug)]
pub struct Outlived {
    /// Their numbers, oldest first.
    pub(crate) segments: Vec<u32>,
    /// The index of their first record.
    pub first: u64,
    /// The index of the first record behind them.
    pub until: u64,
    /// The root of the tree over everything that has left with them.
    pub(crate) root: Hash,
}

impl fmt::Display for Outlived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = (self.segments.first(), self.segments.last());
        let (first, last) = (numbers.0.unwrap_or(&0), numbers.1.unwrap_or(&0));
        write!(
            f,
            "segments {first} to {last} with records {} to {}; root over all before record {}: ",
            self.first,
            self.until.saturating_sub(1),
            self.until
        )?;
        self.root
            .iter()
            .try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl Reader {
    /// The oldest segments whose records all lie before `cut`, if everything in them is overwritten. They are hashed once
    /// more: what follows must begin with their tree, or nothing leaves.
    ///
    /// # Errors
    /// [`LogError::Damaged`], or what the disk says.
    pub fn outlived(&self, cut: u64) -> Result<Option<Outlived>, LogError> {
        if cut == 0 {
            return Ok(None);
        }
        let disk = self.disk.as_ref();
        let segments = Segments::list(disk)?;
        let oldest = segments.head(disk, segments.first())?;
        let first = oldest.first_index();
        let mut tree = oldest.before;
        let mut leaving = Vec::new();
        for number in segments.from(0) {
            let next = segments.after(disk, number)?;
            let Some(next) = next.filter(|next| next.first_index() <= cut) else {
                break;
            };
            if !self.is_overwritten(&mut tree, number, &next)? {
                break;
            }
            leaving.push(number);
        }
        Ok((!leaving.is_empty()).then(|| Outlived {
            segments: leaving,
            first,
            until: tree.size(),
            root: tree.root(),
        }))
    }

    /// Hashes a segment to where the next one begins; whether nothing in it can be read any more.
    fn is_overwritten(&self, tree: &mut Tree, number: u32, next: &Head) -> Result<bool, LogError> {
        let (file, head) = Segments::open_read(self.disk.as_ref(), number)?;
        let damaged = |offset, what: &str| LogError::Damaged {
            segment: number,
            offset,
            what: what.to_owned(),
        };
        if head.before != *tree {
            return Err(damaged(0, "it does not continue the segment before it"));
        }
        let mut walk = Walk::new(Arc::clone(&file), number, head.first_index());
        let mut after = tree.clone();
        while walk.index() < next.first_index() {
            let offset = walk.offset();
            match walk
                .next()
                .map_err(LogError::io("a segment cannot be read"))?
            {
                Found::Record(record) if record.parts().all(|(_, scrubbed)| scrubbed) => {
                    after.push(record.leaf());
                }
                Found::Record(_) => return Ok(false),
                Found::End => return Err(damaged(offset, "a record is damaged")),
            }
        }
        if next.before != after {
            return Err(damaged(
                walk.offset(),
                "the segment behind it does not continue it",
            ));
        }
        *tree = after;
        Ok(true)
    }
}
