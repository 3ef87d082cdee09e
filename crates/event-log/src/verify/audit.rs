//! The audit: what a verifier knows on its way from the first record to the last.

use std::sync::Arc;

use key_store::disk::{Disk, DiskFile};

use super::epochs::Epochs;
use super::{Finding, Progress, general};
use crate::checkpoint::Checkpoint;
use crate::log::{End, Rest, rest_of};
use crate::record::{Place, RECORD_LEN_MAX};
use crate::scrub::Journal;
use crate::segment::{Found, Head, Segments, Sighting, Walk};
use crate::tree::{Hash, Tree};

/// What is known on the way.
pub(super) struct Audit {
    pub(super) tree: Tree,
    begun: bool,
    log: Option<([u8; 16], String)>,
    run: u32,
    pub(super) torn: u64,
    pub(super) scrubbed: u64,
    signed: u64,
    expected: Vec<(u64, Hash, &'static str)>,
    pub(super) epochs: Epochs,
}

impl Audit {
    pub(super) fn begin(
        (checkpoint, anchor): (&Checkpoint, Option<&Checkpoint>),
        epochs: Epochs,
    ) -> Self {
        let mut expected = vec![(checkpoint.size, checkpoint.root, "the newest checkpoint")];
        expected.extend(anchor.map(|anchor| (anchor.size, anchor.root, "the anchor")));
        Self {
            tree: Tree::new(),
            begun: false,
            log: None,
            run: 0,
            torn: 0,
            scrubbed: 0,
            signed: checkpoint.size,
            expected,
            epochs,
        }
    }

    pub(super) fn segment(
        &mut self,
        disk: &dyn Disk,
        number: u32,
        next: Option<Head>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Finding> {
        let (file, head) = Segments::open_read(disk, number)?;
        self.enter(&head)?;
        let mut walk = Walk::new(Arc::clone(&file), number, head.first_index());
        let mut flush = head.flush;
        let until = next.map(|next| next.first_index());
        let mut doubts = Doubts::default();
        while until != Some(walk.index()) {
            let (index, offset) = (walk.index(), walk.offset());
            let place = Place {
                segment: number,
                index,
            };
            let found = walk
                .next()
                .map_err(|cause| general(format!("segment {number}: {cause}")))?;
            match found {
                Found::Record(record) => flush = self.record(&record, progress)?,
                Found::End if doubts.again(offset) => walk.look_again(),
                Found::End => {
                    if let Some(whole) = self.half_erased(disk, file.as_ref(), (place, offset))?
                        && let Some(record) = Sighting::of(place, &whole)
                    {
                        flush = self.record(&record, progress)?;
                        walk.pass(&record.frame);
                        continue;
                    }
                    if until.is_some() {
                        return Err(damaged(index, number, offset));
                    }
                    let end = End {
                        offset,
                        place,
                        flush,
                    };
                    if self.ends(file.as_ref(), end, &mut doubts)? {
                        return Ok(());
                    }
                    walk.look_again();
                }
            }
        }
        Ok(())
    }

    /// Enters a record; gives the flush that is under way behind it.
    fn record(
        &mut self,
        record: &Sighting<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<u32, Finding> {
        self.enter_run(record.index, record.header.run)?;
        self.epochs.enter(record.index, &record.header)?;
        self.enter_scrubbed(record)?;
        self.push(record.leaf(), progress)?;
        let last = u32::from(record.frame.last);
        Ok(record.frame.batch.wrapping_add(last))
    }

    /// The record here as it will be when the erasure is done that its journal speaks of. The tree says whether it is the one.
    fn half_erased(
        &mut self,
        disk: &dyn Disk,
        file: &dyn DiskFile,
        (place, offset): (Place, u64),
    ) -> Result<Option<Vec<u8>>, Finding> {
        let Some(journal) = Journal::load(disk)? else {
            return Ok(None);
        };
        if !journal.names(place.index) {
            return Ok(None);
        }
        let mut octets = vec![0; RECORD_LEN_MAX];
        let read = file
            .read_at(&mut octets, offset)
            .map_err(|cause| general(format!("segment {}: {cause}", place.segment)))?;
        octets.truncate(read);
        Ok(journal.scrubbed(place, &octets))
    }

    /// Whether the log ends here. A writer at work may have finished meanwhile what was torn a moment ago, and flushed more behind
    /// it: then it is looked at once more.
    fn ends(
        &mut self,
        file: &dyn DiskFile,
        end: End,
        doubts: &mut Doubts,
    ) -> Result<bool, Finding> {
        let Place { segment, index } = end.place;
        let here = Some(end.offset);
        let rest =
            rest_of(file, end).map_err(|cause| general(format!("segment {segment}: {cause}")))?;
        match rest {
            Rest::Nothing => Ok(true),
            Rest::Torn(torn) if doubts.torn_at == here => {
                self.torn = torn.octets;
                Ok(true)
            }
            Rest::Torn(_) => {
                doubts.torn_at = here;
                Ok(false)
            }
            Rest::Damage(_) if doubts.damage_at == here => Err(damaged(index, segment, end.offset)),
            Rest::Damage(_) => {
                doubts.damage_at = here;
                Ok(false)
            }
        }
    }

    fn enter(&mut self, head: &Head) -> Result<(), Finding> {
        let segment = head.segment;
        if !self.begun {
            self.begun = true;
            if head.first_index() != 0 {
                return Err(general(format!(
                    "segment {segment}: the log begins with record {}, not 0",
                    head.first_index()
                )));
            }
            self.check_roots()?;
        }
        self.epochs.must_be_of(head)?;
        let log = (head.instance, head.origin.clone());
        if self.log.get_or_insert_with(|| log.clone()) != &log {
            return Err(general(format!(
                "segment {segment}: it belongs to another log"
            )));
        }
        if head.before != self.tree {
            return Err(Finding {
                index: Some(self.tree.size()),
                what: format!("segment {segment} does not continue what stands before it"),
            });
        }
        Ok(())
    }

    fn enter_run(&mut self, index: u64, run: u32) -> Result<(), Finding> {
        if run < self.run {
            return Err(Finding {
                index: Some(index),
                what: format!("its run {run} is before the run {}", self.run),
            });
        }
        self.run = run;
        Ok(())
    }

    /// A scrubbed part is its hash and zeros; anything else there would be hidden from the tree.
    fn enter_scrubbed(&mut self, record: &Sighting<'_>) -> Result<(), Finding> {
        for (part, _) in record.parts().filter(|(_, scrubbed)| *scrubbed) {
            let rest = part.get(HASH_LEN..).unwrap_or_default();
            if rest.iter().any(|octet| *octet != 0) {
                return Err(Finding {
                    index: Some(record.index),
                    what: "something is hidden behind a part that was erased".to_owned(),
                });
            }
            self.scrubbed = self.scrubbed.saturating_add(1);
        }
        Ok(())
    }

    fn push(&mut self, leaf: Hash, progress: &mut dyn FnMut(Progress)) -> Result<(), Finding> {
        self.tree.push(leaf);
        self.check_roots()?;
        if self.tree.size().is_multiple_of(PROGRESS_EVERY) {
            progress(Progress {
                done: self.tree.size(),
                total: self.signed.max(self.tree.size()),
            });
        }
        Ok(())
    }

    fn check_roots(&mut self) -> Result<(), Finding> {
        self.epochs.reach(&self.tree)?;
        let size = self.tree.size();
        for (_, root, whose) in self.expected.iter().filter(|(at, ..)| *at == size) {
            if self.tree.root() != *root {
                return Err(general(format!(
                    "the first {size} records are not those of {whose}: the log was changed"
                )));
            }
        }
        Ok(())
    }

    pub(super) fn close(&self, anchor: Option<&Checkpoint>) -> Result<(), Finding> {
        let found = self.tree.size();
        let missing = self.expected.iter().find(|(size, ..)| *size > found);
        if let Some((size, _, whose)) = missing {
            let what = format!(
                "the log ends here, {whose} was signed for {size} records: its end was cut or damaged"
            );
            return Err(Finding {
                index: Some(found),
                what,
            });
        }
        self.epochs.close(found)?;
        match anchor {
            Some(anchor) if anchor.size > self.signed => Err(general(format!(
                "the anchor covers {} records, the log's own checkpoint only {}",
                anchor.size, self.signed
            ))),
            Some(_) | None => Ok(()),
        }
    }
}

/// Where an end was seen that a writer at work may have left behind meanwhile.
#[derive(Default)]
struct Doubts {
    at: Option<u64>,
    torn_at: Option<u64>,
    damage_at: Option<u64>,
}

impl Doubts {
    /// Whether this place is doubted for the first time: a part may be erased there this moment.
    fn again(&mut self, offset: u64) -> bool {
        self.at.replace(offset) != Some(offset)
    }
}

fn damaged(index: u64, segment: u32, offset: u64) -> Finding {
    Finding {
        index: Some(index),
        what: format!("damaged (segment {segment}, octet {offset})"),
    }
}

const HASH_LEN: usize = 32;
const PROGRESS_EVERY: u64 = 1_024;
