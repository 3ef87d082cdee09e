//! Retention, as the one writer carries it out: what is kept long enough is overwritten, and segments leave, oldest first.

use std::time::Duration;

use access::{ClockQuality, UtcMicros};

use super::{Log, spare};
use crate::error::LogError;
use crate::event::{Event, SystemEvent, SystemKind, Text, Ticketed, What};
use crate::index;
use crate::read::{Expired, Outlived};
use crate::retention::{Horizon, Keep, Policy};
use crate::scrub::Journal;

impl Log {
    /// For how long each class is kept.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Signs another policy and makes it durable. Whoever calls has recorded it before.
    ///
    /// # Errors
    /// What the disk says; then the one before still stands.
    pub fn set_policy(&mut self, policy: Policy, now: UtcMicros) -> Result<(), LogError> {
        let now = self.newest.map_or(now, |newest| newest.max(now));
        policy.store(self.disk.as_ref(), &self.signer, (&self.origin, now))?;
        self.policy = policy;
        Ok(())
    }

    /// Overwrites what a reader found to be kept long enough, durably. `false` while a person is being erased: then nothing is
    /// done, and it is to be tried again.
    ///
    /// # Errors
    /// What the disk says; the next call or the next opening finishes it.
    pub fn expire(&mut self, expired: Expired) -> Result<bool, LogError> {
        if self.is_erasing_somebody() {
            return Ok(false);
        }
        if expired.is_empty() {
            self.finish_erasure()?;
        } else {
            self.erase_expired(Journal::of(expired.targets, expired.remnants))?;
        }
        Ok(true)
    }

    /// Lets segments go that have outlived their two years: it is on record, and sealed, before the first of them is removed;
    /// each is gone before the next. A crash anywhere between leaves a log that verifies, and this is done again.
    ///
    /// # Errors
    /// What the disk says; or [`LogError::Early`] for what the seals do not bear out.
    pub fn prune(
        &mut self,
        outlived: &Outlived,
        (now, clock): (UtcMicros, ClockQuality),
    ) -> Result<(), LogError> {
        let cut = Horizon::survey(self.disk.as_ref())?.cut(Keep::TwoYears, Duration::ZERO)?;
        if outlived.until > cut || outlived.segments.contains(&self.active.segment()) {
            return Err(LogError::Early { cut });
        }
        // What is noted may lie in one of them.
        self.finish_erasure()?;
        let time = self.newest.map_or(now, |newest| newest.max(now));
        let event = Event {
            time,
            clock,
            late: false,
            what: What::System(SystemEvent {
                kind: SystemKind::SegmentDeleted,
                detail: Text::new(&outlived.to_string()),
            }),
        };
        drop(self.append(&[Ticketed { ticket: 0, event }])?);
        self.seal(time)?;
        for segment in &outlived.segments {
            index::destroy(self.disk.as_ref(), *segment)?;
            spare::recycle(self.disk.as_ref(), *segment)
                .map_err(LogError::io("a segment cannot be removed"))?;
        }
        Ok(())
    }
}
