//! Finding what is kept long enough: the parts of records whose class's time is over.

use std::ops::Range;
use std::time::Duration;

use access::UtcMicros;

use super::Reader;
use crate::error::LogError;
use crate::record::part_hash;
use crate::retention::{Cuts, Horizon, Keep, Policy};
use crate::scrub::{Remnant, Target};

/// Parts that are to be overwritten because their time is over.
#[derive(Debug)]
pub struct Expired {
    /// Where they lie.
    pub(crate) targets: Vec<Target>,
    /// What flushes that failed left behind the records of segments.
    pub(crate) remnants: Vec<Remnant>,
    /// The first record that was not looked at, or of which the class is still kept.
    pub until: u64,
}

impl Expired {
    /// Whether there is nothing to overwrite.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty() && self.remnants.is_empty()
    }
}

impl Reader {
    /// For each class the first record that this policy keeps, by what the seals bear out of the time that has passed.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub fn cuts(&self, policy: &Policy) -> Result<Cuts, LogError> {
        Horizon::survey(self.disk.as_ref())?.cuts(policy, Duration::ZERO)
    }

    /// When the newest seal was made whose two years are over: what is no older than this leaves now or has left. `None` in a
    /// log that is younger.
    ///
    /// # Errors
    /// As [`Reader::cuts`].
    pub fn two_years_ago(&self) -> Result<Option<UtcMicros>, LogError> {
        let horizon = Horizon::survey(self.disk.as_ref())?;
        let seal = horizon.newest_before(Keep::TwoYears, Duration::ZERO)?;
        Ok(seal.map(|seal| seal.time))
    }

    /// The parts among these records that no class's policy keeps any longer, at most about `limit` of them.
    ///
    /// # Errors
    /// [`LogError::Damaged`], or what the disk says.
    pub fn expired(
        &self,
        cuts: &Cuts,
        range: Range<u64>,
        limit: usize,
    ) -> Result<Expired, LogError> {
        let range = range.start..range.end.min(cuts.furthest());
        let mut targets = Vec::new();
        let mut entries = self.entries(range.clone())?;
        entries.sight(&mut |spot, record| {
            if record.index < cuts.of(record.header.class) {
                for (number, (part, scrubbed)) in (0_u8..).zip(record.parts()) {
                    if !scrubbed {
                        targets.push(Target {
                            index: record.index,
                            offset: spot.offset,
                            segment: spot.segment,
                            part: number,
                            hash: part_hash(part, false),
                        });
                    }
                }
            }
            (targets.len() >= limit).then_some(())
        })?;
        let left = entries.left.iter();
        let remnants = left.filter_map(|spot| self.remnant(*spot).transpose());
        Ok(Expired {
            targets,
            remnants: remnants.collect::<Result<_, _>>()?,
            until: entries.walk.index().max(range.start).min(range.end),
        })
    }
}
