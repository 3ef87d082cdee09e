//! The segments of a log, by their numbers.

use std::io;
use std::sync::Arc;

use key_store::disk::{Disk, DiskFile};

use super::{DIR, Head, number_of, path_of, read_head};
use crate::error::LogError;

/// The numbers of a log's segments, in order; never empty.
pub(crate) struct Segments {
    numbers: Vec<u32>,
    last: u32,
}

impl Segments {
    /// Lists them.
    ///
    /// # Errors
    /// [`LogError::Missing`] if there are none, or what the disk says.
    pub(crate) fn list(disk: &dyn Disk) -> Result<Self, LogError> {
        match disk.exists(DIR) {
            Ok(true) => {}
            Ok(false) => return Err(LogError::Missing),
            Err(source) => {
                return Err(LogError::Io {
                    what: "the log's folder cannot be read",
                    source,
                });
            }
        }
        let mut numbers = Vec::new();
        let mut too_many = false;
        let mut note = |name: &str| match number_of(name) {
            Some(number) if numbers.len() < SEGMENTS_MAX => numbers.push(number),
            Some(_) => too_many = true,
            None => {}
        };
        disk.for_each_name(DIR, &mut note)
            .map_err(LogError::io("the log's folder cannot be read"))?;
        if too_many {
            return Err(LogError::DamagedFile {
                file: "log/segments",
                what: "it holds more than 1,000,000 segments",
            });
        }
        numbers.sort_unstable();
        let last = *numbers.last().ok_or(LogError::Missing)?;
        Ok(Self { numbers, last })
    }

    /// The oldest.
    pub(crate) fn first(&self) -> u32 {
        self.numbers.first().copied().unwrap_or(self.last)
    }

    /// The newest.
    pub(crate) const fn last(&self) -> u32 {
        self.last
    }

    /// All from this number on.
    pub(crate) fn from(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        self.numbers
            .iter()
            .copied()
            .filter(move |number| *number >= first)
    }

    /// The head of a segment.
    pub(crate) fn head(&self, disk: &dyn Disk, number: u32) -> Result<Head, LogError> {
        Self::open_read(disk, number).map(|(_, head)| head)
    }

    /// The head of the one after, if there is one.
    pub(crate) fn after(&self, disk: &dyn Disk, number: u32) -> Result<Option<Head>, LogError> {
        let at = self.numbers.partition_point(|other| *other <= number);
        self.numbers
            .get(at)
            .map(|next| self.head(disk, *next))
            .transpose()
    }

    /// The newest segment that begins at or before this index, by halving; the oldest if none does.
    pub(crate) fn that_holds(&self, disk: &dyn Disk, index: u64) -> Result<u32, LogError> {
        let (mut low, mut high) = (0, self.numbers.len());
        while high - low > 1 {
            let middle = low.midpoint(high);
            let number = self.numbers.get(middle).copied().unwrap_or(self.last);
            if self.head(disk, number)?.first_index() <= index {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(self.numbers.get(low).copied().unwrap_or(self.last))
    }

    /// A segment's file and head.
    pub(crate) fn open(
        disk: &dyn Disk,
        number: u32,
    ) -> Result<(Arc<dyn DiskFile>, Head), LogError> {
        let file = disk.open(&path_of(number)).map_err(unopened)?;
        Self::headed(file, number)
    }

    /// As [`Segments::open`], for one who may only read.
    pub(crate) fn open_read(
        disk: &dyn Disk,
        number: u32,
    ) -> Result<(Arc<dyn DiskFile>, Head), LogError> {
        let file = disk.open_read(&path_of(number)).map_err(unopened)?;
        Self::headed(file, number)
    }

    fn headed(file: Box<dyn DiskFile>, number: u32) -> Result<(Arc<dyn DiskFile>, Head), LogError> {
        let damaged = |what: String| LogError::Damaged {
            segment: number,
            offset: 0,
            what,
        };
        let head = read_head(file.as_ref()).map_err(LogError::io("a segment cannot be read"))?;
        let head = head.map_err(|fault| damaged(fault.to_string()))?;
        if head.segment != number {
            return Err(damaged(format!(
                "its head says that it is segment {}",
                head.segment
            )));
        }
        Ok((Arc::from(file), head))
    }
}

/// A segment that was listed and is gone was pruned meanwhile.
fn unopened(cause: io::Error) -> LogError {
    if cause.kind() == io::ErrorKind::NotFound {
        LogError::Pruned { oldest: None }
    } else {
        LogError::io("a segment cannot be opened")(cause)
    }
}

/// A hostile directory must not fill memory.
const SEGMENTS_MAX: usize = 1_000_000;
