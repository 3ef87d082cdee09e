//! What the office does to forget a holder, and what it has of one before.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::Holder;
use event_log::disk::{Disk, Fault, FaultOn};
use event_log::read::Reader;
use event_log::{LogError, PartOwner, StoreKeys};
use key_store::{KeyError, Owner, Slot};

use super::{EIO, Office};
use crate::simulation::traces::Traces;
use crate::simulation::violation::{Breach, Invariant};

impl Office {
    /// Notes what is to be overwritten, destroys the key, overwrites, as the daemon does it. `dies_after`: so many changes of the disk
    /// later it takes no more.
    pub(in crate::simulation) fn erase(
        &mut self,
        (holder, slot): (Holder, Option<Slot>),
        dies_after: Option<u64>,
    ) -> Result<(), LogError> {
        if let Some(after) = dies_after {
            self.disk.inject(Some(Fault {
                on: FaultOn::Change,
                after,
                times: u64::MAX,
                errno: EIO,
            }));
        }
        let reader = self.reader()?;
        let Some(log) = self.log.as_mut() else {
            return Ok(());
        };
        log.finish_erasure()?;
        match reader.parts_of(PartOwner::Holder(holder), 0..log.size()) {
            Ok(found) => log.begin_erasure(found)?,
            // The key went in an earlier try, and what it noted before was overwritten at the start.
            Err(LogError::Keys(KeyError::NoKey { .. })) => {}
            Err(cause) => return Err(cause),
        }
        if let Some(slot) = slot {
            self.keys.destroy(slot).map_err(LogError::Keys)?;
        }
        log.finish_erasure()
    }

    /// Where a holder's key lies.
    pub(in crate::simulation) fn slot(&self, holder: Holder) -> Option<Slot> {
        self.keys.find(Owner::Issuance(holder.issuance.get()))
    }

    /// What the disk has of a holder: the key, each part in the log, and the handles before them.
    pub(in crate::simulation) fn traces(
        &self,
        holder: Holder,
        traces: &mut Traces,
    ) -> Result<(), Breach> {
        let Ok((owner, key)) = self.keys.key(holder.slot.get()) else {
            return Ok(());
        };
        if owner != Owner::Issuance(holder.issuance.get()) {
            // The slot was given out anew: what lies there is somebody else's.
            return Ok(());
        }
        let added = traces.add_key(&self.disk, holder.slot, &key);
        added.map_err(|cause| Invariant::Setting.breach(cause.to_string()))?;
        let mut reader = self.reader()?;
        let mut handles = BTreeSet::new();
        for entry in reader.entries(0..self.size())? {
            let entry = entry?;
            if reader.view(&entry)?.issuance != Some(holder.issuance) {
                continue;
            }
            let part = entry.last_part();
            traces.add(part);
            handles.extend(part.first_chunk::<HANDLE_LEN>().copied());
        }
        handles.iter().for_each(|handle| traces.add(handle));
        Ok(())
    }

    fn reader(&self) -> Result<Reader, LogError> {
        let shared: Arc<dyn Disk> = Arc::new(self.disk.clone());
        let keys = Arc::new(StoreKeys::new(Arc::clone(&self.keys)));
        Reader::open(&shared, keys)
    }
}

/// Octets of the handle that stands before each part: whose it is, on one day.
const HANDLE_LEN: usize = 8;
