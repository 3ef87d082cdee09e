//! The rules, checked while the trial runs.

use std::collections::BTreeMap;

use access::DoorId;
use event_log::{Event, Passage, PassageKind, Receipt, Ticketed, What, Who};

use super::broken::Broken;
use super::cast::Cast;

/// What was shown, recorded, durable and released.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Cards shown that a reader took.
    pub(super) shown: u64,
    /// Passages granted.
    pub(super) granted: u64,
    /// Passages denied.
    pub(super) denied: u64,
    /// Cards a reader had kept.
    pub(super) buffered: u64,
    /// Strikes released.
    pub(super) unlocks: u64,
    durable: BTreeMap<DoorId, Durable>,
}

/// One door's grants that are durable, by their place in the log, and how many of them were used.
#[derive(Debug, Default)]
struct Durable {
    grants: Vec<u64>,
    used: usize,
}

impl Ledger {
    /// A record was made: a decision must be the one the rights give at its time (I1).
    pub(super) fn recorded(&mut self, event: &Event, cast: &Cast) -> Result<(), Broken> {
        let What::Passage(passage) = &event.what else {
            return Ok(());
        };
        match passage.kind {
            PassageKind::Granted => self.granted = self.granted.saturating_add(1),
            PassageKind::Denied => self.denied = self.denied.saturating_add(1),
            PassageKind::Buffered => self.buffered = self.buffered.saturating_add(1),
        }
        let Some(door) = passage.door else {
            return Ok(());
        };
        let may = match &passage.who {
            Who::Holder(holder) => cast.may(*holder, door, event.time),
            Who::Unknown { .. } => false,
        };
        let recorded = passage.kind.name();
        match passage.kind {
            PassageKind::Granted if !may => Err(Broken::WrongDecision { door, recorded }),
            PassageKind::Denied if may => Err(Broken::WrongDecision { door, recorded }),
            PassageKind::Granted | PassageKind::Denied | PassageKind::Buffered => Ok(()),
        }
    }

    /// The log has taken a batch.
    pub(super) fn durable(&mut self, batch: &[Ticketed], receipts: &[Receipt]) {
        for (record, receipt) in batch.iter().zip(receipts) {
            if let Some(door) = granted_door(&record.event) {
                self.durable
                    .entry(door)
                    .or_default()
                    .grants
                    .push(receipt.index());
            }
        }
    }

    /// A reader has released a strike; gives the place in the log of the grant behind it.
    ///
    /// # Errors
    /// There is none that is durable (I3).
    pub(super) fn unlocked(&mut self, door: DoorId) -> Result<u64, Broken> {
        self.unlocks = self.unlocks.saturating_add(1);
        let durable = self.durable.entry(door).or_default();
        let grant = durable.grants.get(durable.used).copied();
        durable.used = durable.used.saturating_add(1);
        grant.ok_or(Broken::UnlockedWithoutRecord {
            door,
            unlocks: durable.used,
            grants: durable.grants.len(),
        })
    }

    /// On quiet wires each card that a reader took has become one passage.
    pub(super) fn close(&self) -> Result<(), Broken> {
        let recorded = self.granted + self.denied + self.buffered;
        if recorded == self.shown {
            return Ok(());
        }
        Err(Broken::CardsAndRecordsDiffer {
            shown: self.shown,
            recorded,
        })
    }
}

fn granted_door(event: &Event) -> Option<DoorId> {
    match &event.what {
        What::Passage(Passage {
            kind: PassageKind::Granted,
            door,
            ..
        }) => *door,
        What::Passage(_)
        | What::Door(_)
        | What::Reader(_)
        | What::Administration(_)
        | What::Reading(_)
        | What::System(_) => None,
    }
}
