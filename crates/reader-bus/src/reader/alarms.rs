//! Alarms of one reader, each kind at most once a minute.

use std::collections::VecDeque;
use std::time::Duration;

use crate::{Alarm, Uptime};

/// When which alarm was raised last, and when sessions fell lately.
#[derive(Default)]
pub(crate) struct Alarms {
    raised: Vec<(Alarm, Uptime)>,
    falls: VecDeque<Uptime>,
}

impl Alarms {
    /// Whether this alarm is to be told now; not again within a minute.
    pub(crate) fn raise(&mut self, what: Alarm, now: Uptime) -> bool {
        match self.raised.iter_mut().find(|(known, _)| *known == what) {
            Some((_, at)) if now < *at + QUIET_FOR => false,
            Some((_, at)) => {
                *at = now;
                true
            }
            None => {
                self.raised.push((what, now));
                true
            }
        }
    }

    /// A session fell by a wrong MAC or a clear reply; whether that is once too often.
    pub(crate) fn fall(&mut self, now: Uptime) -> bool {
        self.falls.push_back(now);
        while self.falls.len() > FALLS_TOLERATED {
            self.falls.pop_front();
        }
        self.falls.len() == FALLS_TOLERATED
            && self
                .falls
                .front()
                .is_some_and(|first| now < *first + QUIET_FOR)
    }
}

const QUIET_FOR: Duration = Duration::from_secs(60);
/// So many falls within a minute are an alarm of their own.
const FALLS_TOLERATED: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Uptime {
        Uptime::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn an_alarm_of_one_kind_is_told_once_a_minute() {
        let mut alarms = Alarms::default();
        assert!(alarms.raise(Alarm::WrongKey, at(0)));
        assert!(!alarms.raise(Alarm::WrongKey, at(59)));
        assert!(alarms.raise(Alarm::CardInClear, at(59)));
        assert!(alarms.raise(Alarm::WrongKey, at(60)));
    }

    #[test]
    fn three_falls_within_a_minute_are_too_many() {
        let mut alarms = Alarms::default();
        assert!(!alarms.fall(at(0)));
        assert!(!alarms.fall(at(50)));
        assert!(!alarms.fall(at(70)));
        assert!(alarms.fall(at(80)));
    }
}
