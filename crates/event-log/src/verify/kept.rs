//! What may have left the log, and what must have.

use std::time::Duration;

use key_store::disk::Disk;

use super::scan::Met;
use super::{Finding, VerifierKey, general};
use crate::retention::{Cuts, Horizon, Keep, Policy};

/// How far the log's own policy and its seals let it begin late, and make it.
pub(super) struct Kept {
    /// With no later record may the log begin.
    begin_max: u64,
    /// What lies before, of each class, must be overwritten.
    overwritten: Cuts,
    /// A segment that ends before must be gone.
    removed: u64,
    policy: Policy,
}

impl Kept {
    /// Asks the seals and the policy, judged at the time of the newest seal.
    pub(super) fn survey(disk: &dyn Disk, key: &VerifierKey) -> Result<Self, Finding> {
        let horizon = Horizon::survey(disk)?;
        let (policy, since) = Policy::load(disk, key)?;
        // A policy that is younger than that may not be carried out yet.
        let is_settled = since.is_none_or(|since| since.saturating_add(GRACE) <= horizon.newest());
        let policy = if is_settled {
            policy
        } else {
            Policy::default()
        };
        Ok(Self {
            begin_max: horizon.cut(Keep::TwoYears, Duration::ZERO)?,
            overwritten: horizon.cuts(&policy, GRACE)?,
            removed: horizon.cut(Keep::TwoYears, GRACE_OF_FILES)?,
            policy,
        })
    }

    /// The log begins with this record.
    pub(super) fn must_begin(&self, first: u64) -> Result<(), Finding> {
        if first <= self.begin_max {
            return Ok(());
        }
        let what = format!(
            "the log begins here, and by its seals only records before {} are two years old: some were lost or left too early",
            self.begin_max
        );
        Err(Finding {
            index: Some(first),
            what,
        })
    }

    /// The segment that begins behind another one begins with this record.
    pub(super) fn must_have_left(&self, segment: u32, next: u64) -> Result<(), Finding> {
        // A segment may be empty, its only flush having failed.
        if self.removed == 0 || next > self.removed {
            return Ok(());
        }
        Err(general(format!(
            "over-retention: the records before {next} are more than two years old, and their segment {segment} is still there"
        )))
    }

    /// A record whose time is over says nothing any more.
    pub(super) fn must_be_overwritten(&self, record: &Met) -> Result<(), Finding> {
        let class = record.header.class;
        let parts = record.header.part_lens().count();
        if record.index >= self.overwritten.of(class) || usize::from(record.scrubbed) >= parts {
            return Ok(());
        }
        let what = format!(
            "over-retention: events of class {} are kept for {}, and this one of {} was not overwritten",
            class.name(),
            self.policy.of(class),
            record.header.time
        );
        Err(Finding {
            index: Some(record.index),
            what,
        })
    }
}

/// Expired hours are overwritten hourly.
const GRACE: Duration = Duration::from_secs(3_600);
/// Their files leave daily, and a day's file holds a day: the hour on top of both.
const GRACE_OF_FILES: Duration = Duration::from_secs(25 * 3_600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_seals_bear_out_is_the_measure_to_the_record() {
        let mut kept = Kept {
            begin_max: 70,
            overwritten: Cuts::default(),
            removed: 50,
            policy: Policy::default(),
        };
        assert!(kept.must_begin(70).is_ok());
        assert_eq!(kept.must_begin(71).unwrap_err().index, Some(71));
        assert!(kept.must_have_left(0, 51).is_ok());
        let over = kept.must_have_left(3, 50).unwrap_err();
        assert!(over.what.contains("before 50") && over.what.contains("segment 3"));
        // Nothing is old: not even an empty segment at the beginning has to leave.
        kept.removed = 0;
        assert!(kept.must_have_left(0, 0).is_ok());
    }
}
