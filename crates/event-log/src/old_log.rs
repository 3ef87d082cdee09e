//! An old log: of an earlier life of a restored house. Nobody adds to it, so how old it is only the logs that went on from it
//! tell; what it says leaves at the end of its time all the same.

use std::sync::Arc;
use std::time::Duration;

use key_store::disk::Disk;

use crate::error::LogError;
use crate::keys::Keys;
use crate::read::Reader;
use crate::retention::{Cuts, Horizon, Keep, Policy};
use crate::scrub::Journal;
use crate::segment::Segments;

/// The log in a folder of its own, and how long ago it was.
pub struct OldLog {
    folder: Arc<dyn Disk>,
    horizon: Horizon,
}

impl OldLog {
    /// Looks at the seals of the log in this folder, and at those of the logs that went on from it, in order; the last is the one
    /// that is written.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub fn open(folder: Arc<dyn Disk>, later: &[Arc<dyn Disk>]) -> Result<Self, LogError> {
        let mut horizon = Horizon::survey(folder.as_ref())?;
        for next in later {
            horizon = horizon.followed_by(&Horizon::survey(next.as_ref())?)?;
        }
        Ok(Self { folder, horizon })
    }

    /// Whether even what is newest in it is two years old. A day is added: behind the last seal there may be a little more.
    ///
    /// # Errors
    /// As [`OldLog::open`].
    pub fn is_over(&self) -> Result<bool, LogError> {
        let newest = self.horizon.newest_before(Keep::TwoYears, A_DAY)?;
        Ok(newest.is_some_and(|seal| Some(seal.mark.number) == self.horizon.last()))
    }

    /// Overwrites what this policy keeps no longer and was not overwritten `before`, durably; gives how far that is done now. A
    /// crash anywhere leaves a log that verifies, and this is done again.
    ///
    /// # Errors
    /// [`LogError::Damaged`], or what the disk says.
    pub fn expire(
        &self,
        keys: &Arc<dyn Keys>,
        (policy, before): (&Policy, &Cuts),
    ) -> Result<Cuts, LogError> {
        let disk = self.folder.as_ref();
        if let Some(begun) = Journal::load(disk)? {
            begun.carry_out(disk)?;
        }
        let cuts = self.horizon.cuts(policy, Duration::ZERO)?;
        let segments = Segments::list(disk)?;
        let instance = segments.head(disk, segments.last())?.instance;
        let reader = Reader::new(&self.folder, keys, instance);
        let first = reader.first_index()?;
        for only in cuts.apart() {
            let mut from = first.max(only.begin_after(before));
            while from < only.furthest() {
                let found = reader.expired(&only, from..u64::MAX, AT_ONCE)?;
                reader.unindex_expired(&found)?;
                from = found.until.max(from.saturating_add(1));
                if !found.is_empty() {
                    let journal = Journal::of(found.targets, found.remnants);
                    journal.store(disk)?;
                    journal.carry_out(disk)?;
                }
            }
        }
        Ok(cuts)
    }
}

const A_DAY: Duration = Duration::from_secs(86_400);
/// Parts overwritten with one journal.
const AT_ONCE: usize = 4_096;
