//! The scan: a segment read, checked and hashed record by record, on whatever thread there is.

use std::ops::ControlFlow;
use std::sync::Arc;

use key_store::disk::{Disk, DiskFile};

use super::{Finding, general};
use crate::log::{End, Rest, rest_of};
use crate::record::{Header, Place};
use crate::scrub::half_erased;
use crate::segment::{Found, Segments, Sighting, Walk};
use crate::tree::Hash;

/// What is left of a record when it is hashed.
pub(super) struct Met {
    /// Its leaf number.
    pub(super) index: u64,
    /// Its leaf.
    pub(super) leaf: Hash,
    /// Its header.
    pub(super) header: Header,
    /// Parts of it that were erased.
    pub(super) scrubbed: u8,
}

/// What a scan hands on.
pub(super) enum Handed {
    /// Records, in order.
    Records(Vec<Met>),
    /// The segment ended; so many octets of an unfinished flush lie behind it.
    End {
        /// Octets of an unfinished flush.
        torn: u64,
    },
    /// The first bad point; nothing follows.
    Bad(Finding),
}

/// Scans a segment, and hands on what it finds until nobody takes it.
pub(super) fn scan(
    disk: &dyn Disk,
    segments: &Segments,
    number: u32,
    hand: &mut dyn FnMut(Handed) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let scan = Scan {
        disk,
        number,
        batch: Vec::with_capacity(BATCH),
        doubts: Doubts::default(),
        hand,
    };
    scan.run(segments)
}

struct Scan<'a> {
    disk: &'a dyn Disk,
    number: u32,
    batch: Vec<Met>,
    doubts: Doubts,
    hand: &'a mut dyn FnMut(Handed) -> ControlFlow<()>,
}

impl Scan<'_> {
    fn run(mut self, segments: &Segments) -> ControlFlow<()> {
        let scanned = self.records(segments);
        let rest = std::mem::take(&mut self.batch);
        (self.hand)(Handed::Records(rest))?;
        match scanned {
            Ok(ControlFlow::Break(())) => ControlFlow::Break(()),
            Ok(ControlFlow::Continue(torn)) => (self.hand)(Handed::End { torn }),
            Err(finding) => (self.hand)(Handed::Bad(finding)),
        }
    }

    /// Goes to the segment's end, or to where the next one begins; gives the octets that are torn there.
    fn records(&mut self, segments: &Segments) -> Result<ControlFlow<(), u64>, Finding> {
        let number = self.number;
        let (file, head) = Segments::open_read(self.disk, number)?;
        let until = segments.after(self.disk, number)?;
        let until = until.map(|next| next.first_index());
        let mut walk = Walk::new(Arc::clone(&file), number, head.first_index());
        let mut flush = head.flush;
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
                Found::Record(record) => {
                    flush = self.meet(&record)?;
                    if self.batch.len() == BATCH && self.hand_on().is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Found::End => {
                    let disk = self.disk;
                    if let Some(met) = half_erased(disk, &mut walk, |record| self.meet(record))? {
                        flush = met?;
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
                    if let Some(torn) = self.ends(file.as_ref(), end)? {
                        return Ok(ControlFlow::Continue(torn));
                    }
                    walk.look_again();
                }
            }
        }
        Ok(ControlFlow::Continue(0))
    }

    fn hand_on(&mut self) -> ControlFlow<()> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        (self.hand)(Handed::Records(batch))
    }

    /// Hashes a record; gives the flush that is under way behind it. A scrubbed part is its hash and zeros; anything else there
    /// would be hidden from the tree.
    fn meet(&mut self, record: &Sighting<'_>) -> Result<u32, Finding> {
        let mut scrubbed = 0;
        for (part, _) in record.parts().filter(|(_, scrubbed)| *scrubbed) {
            let rest = part.get(HASH_LEN..).unwrap_or_default();
            if rest.iter().any(|octet| *octet != 0) {
                return Err(Finding {
                    index: Some(record.index),
                    what: "something is hidden behind a part that was erased".to_owned(),
                });
            }
            scrubbed += 1;
        }
        self.batch.push(Met {
            index: record.index,
            leaf: record.leaf(),
            header: record.header,
            scrubbed,
        });
        let last = u32::from(record.frame.last);
        Ok(record.frame.batch.wrapping_add(last))
    }

    /// Whether the log ends here, and how many octets are torn. A writer at work may have finished meanwhile what was torn a moment ago, and flushed more behind
    /// it: then it is looked at once more.
    fn ends(&mut self, file: &dyn DiskFile, end: End) -> Result<Option<u64>, Finding> {
        let doubts = &mut self.doubts;
        let Place { segment, index } = end.place;
        let here = Some(end.offset);
        let rest =
            rest_of(file, end).map_err(|cause| general(format!("segment {segment}: {cause}")))?;
        match rest {
            Rest::Nothing => Ok(Some(0)),
            Rest::Torn(torn) if doubts.torn_at == here => Ok(Some(torn.octets)),
            Rest::Torn(_) => {
                doubts.torn_at = here;
                Ok(None)
            }
            Rest::Damage(_) if doubts.damage_at == here => Err(damaged(index, segment, end.offset)),
            Rest::Damage(_) => {
                doubts.damage_at = here;
                Ok(None)
            }
        }
    }
}

/// Where an end was seen that a writer at work may have left behind meanwhile.
#[derive(Default)]
struct Doubts {
    torn_at: Option<u64>,
    damage_at: Option<u64>,
}

fn damaged(index: u64, segment: u32, offset: u64) -> Finding {
    Finding {
        index: Some(index),
        what: format!("damaged (segment {segment}, octet {offset})"),
    }
}

const HASH_LEN: usize = 32;
/// Records handed on at once.
const BATCH: usize = 4_096;
