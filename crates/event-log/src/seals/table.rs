//! The seals as a table, each found by its number; nothing of them is believed here.

use key_store::disk::{Disk, DiskFile};

use super::{PATH, count_of, offset_of, read_head, unread};
use crate::epoch::{SEAL_LEN, Seal};
use crate::error::LogError;

/// The seals that were there when it was opened.
pub(crate) struct SealTable {
    file: Box<dyn DiskFile>,
    count: u64,
}

impl SealTable {
    /// Opens it. `None` if the log has no seals.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub(crate) fn open(disk: &dyn Disk) -> Result<Option<Self>, LogError> {
        if !disk.exists(PATH).map_err(unread())? {
            return Ok(None);
        }
        let file = disk.open_read(PATH).map_err(unread())?;
        read_head(file.as_ref())?;
        let count = count_of(file.as_ref())?;
        let mut table = Self { file, count };
        // A last one that is not whole was never acknowledged.
        if let Some(last) = count.checked_sub(1)
            && table.at(last)?.is_none()
        {
            table.count = last;
        }
        Ok(Some(table))
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// The seal of this epoch, if it is whole.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn at(&self, number: u64) -> Result<Option<Seal>, LogError> {
        let mut octets = [0; SEAL_LEN];
        let read = self.file.read_at(&mut octets, offset_of(number));
        read.map_err(unread())?;
        Ok(Seal::decode(&octets).filter(|seal| seal.mark.number == number))
    }
}
