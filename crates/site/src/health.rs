//! Health of the log, as far as the site can tell: whether it takes records, when it is asked again, and whether doors may open
//! without it.

use std::time::Duration;

use reader_bus::Uptime;

/// How the log does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Health {
    failed: Option<Failure>,
}

/// It refused records, and has taken none since.
#[derive(Clone, Copy, Debug)]
struct Failure {
    since: Uptime,
    probe: Probe,
}

/// Whether the failed log is asked again.
#[derive(Clone, Copy, Debug)]
enum Probe {
    /// At this time.
    At(Uptime),
    /// With the next record that is polled.
    Due,
    /// It has one record to try.
    Sent,
}

/// Leave to act on a record that is only in memory: the log has failed, and not too long ago. Made here and nowhere else.
#[derive(Debug)]
pub(crate) struct RingLeave(());

impl Health {
    pub(crate) const fn well() -> Self {
        Self { failed: None }
    }

    /// Whether the log has failed.
    pub(crate) const fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// The log refused.
    pub(crate) fn fail(&mut self, up: Uptime) {
        let since = self.failed.map_or(up, |failure| failure.since);
        self.failed = Some(Failure {
            since,
            probe: Probe::At(up + PROBE_EVERY),
        });
    }

    /// The log took a record. Says whether it had failed until then.
    pub(crate) const fn recover(&mut self) -> bool {
        self.failed.take().is_some()
    }

    /// Whether a record may go to the log now: any while it is well, one a second after it has failed.
    pub(crate) const fn may_send(&mut self) -> bool {
        match &mut self.failed {
            None => true,
            Some(Failure {
                probe: probe @ Probe::Due,
                ..
            }) => {
                *probe = Probe::Sent;
                true
            }
            Some(Failure {
                probe: Probe::At(_) | Probe::Sent,
                ..
            }) => false,
        }
    }

    /// Lets the failed log be asked again once its time has come.
    pub(crate) fn tick(&mut self, up: Uptime) {
        if let Some(failure) = &mut self.failed
            && matches!(failure.probe, Probe::At(at) if at <= up)
        {
            failure.probe = Probe::Due;
        }
    }

    /// When the failed log is asked again.
    pub(crate) const fn probe_at(&self) -> Option<Uptime> {
        match self.failed {
            Some(Failure {
                probe: Probe::At(at),
                ..
            }) => Some(at),
            Some(Failure {
                probe: Probe::Due | Probe::Sent,
                ..
            })
            | None => None,
        }
    }

    /// Leave to act without the log, for a while after it has failed (architecture, decision 1).
    pub(crate) fn ring_leave(&self, up: Uptime) -> Option<RingLeave> {
        let since = self.failed?.since;
        (up < since + RING_FOR).then_some(RingLeave(()))
    }
}

/// So long after the log failed a standard door opens without it.
const RING_FOR: Duration = Duration::from_secs(15 * 60);
/// So often a failed log is asked again.
const PROBE_EVERY: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Uptime {
        Uptime::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn a_log_that_is_well_or_slow_gives_no_leave() {
        assert!(Health::well().ring_leave(at(5)).is_none());
    }

    #[test]
    fn leave_ends_fifteen_minutes_after_the_first_failure() {
        let mut health = Health::well();
        health.fail(at(10));
        health.fail(at(500));
        assert!(health.ring_leave(at(909)).is_some());
        assert!(health.ring_leave(at(910)).is_none());
        assert!(health.recover());
        health.fail(at(1_000));
        assert!(health.ring_leave(at(1_899)).is_some());
    }

    #[test]
    fn a_failed_log_is_asked_once_a_second() {
        let mut health = Health::well();
        assert!(health.may_send());
        health.fail(at(10));
        assert!(!health.may_send());
        assert_eq!(health.probe_at(), Some(at(11)));
        health.tick(at(11));
        assert!(health.may_send() && !health.may_send());
        health.fail(at(12));
        assert_eq!(health.probe_at(), Some(at(13)));
    }
}
