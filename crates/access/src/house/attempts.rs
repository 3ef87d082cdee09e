//! Attempts: wrong PINs, counted for each card, and the time in which no further is taken.

use std::time::Duration;

use foldhash::HashMap;

use crate::issuance::IssuanceId;
use crate::time::UtcMicros;

/// How many wrong PINs are allowed, and what follows one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinLimit {
    /// So many wrong ones in a row.
    pub wrong_max: u8,
    /// So long no PIN of that card is taken then.
    pub locked_for: Duration,
}

impl Default for PinLimit {
    fn default() -> Self {
        Self {
            wrong_max: 5,
            locked_for: Duration::from_secs(300),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Attempts {
    limit: PinLimit,
    /// Until when nobody knows what was typed before the start.
    unknown_until: Option<UtcMicros>,
    /// Only cards with a wrong PIN since the last right one; never more than there are PINs.
    wrong: HashMap<IssuanceId, Wrong>,
}

#[derive(Clone, Copy, Debug)]
struct Wrong {
    count: u8,
    last: UtcMicros,
}

impl Attempts {
    pub(super) const fn set_limit(&mut self, limit: PinLimit) {
        self.limit = limit;
    }

    /// Counting begins now: whoever was locked before may have been so until then, so that one wrong PIN is enough to be locked again.
    pub(super) fn begin(&mut self, now: UtcMicros) {
        self.unknown_until = Some(now.saturating_add(self.limit.locked_for));
    }

    pub(super) fn wrong(&mut self, card: IssuanceId, now: UtcMicros) -> bool {
        let unknown = self.unknown_until.is_some_and(|until| now < until);
        let first = Wrong {
            count: if unknown {
                self.limit.wrong_max.saturating_sub(1)
            } else {
                0
            },
            last: now,
        };
        let wrong = self.wrong.entry(card).or_insert(first);
        wrong.count = wrong.count.saturating_add(1);
        wrong.last = now;
        wrong.count >= self.limit.wrong_max
    }

    pub(super) fn right(&mut self, card: IssuanceId) {
        self.wrong.remove(&card);
    }

    /// After the time is over one attempt is allowed, and a wrong one locks again.
    pub(super) fn locked_until(&self, card: IssuanceId, now: UtcMicros) -> Option<UtcMicros> {
        let wrong = self.wrong.get(&card)?;
        let until = wrong.last.saturating_add(self.limit.locked_for);
        (wrong.count >= self.limit.wrong_max && now < until).then_some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{CARD, FRIEND, SPAN, SPAN_MICROS, at};

    fn attempts(wrong_max: u8) -> Attempts {
        let mut attempts = Attempts::default();
        attempts.set_limit(PinLimit {
            wrong_max,
            locked_for: SPAN,
        });
        attempts
    }

    #[test]
    fn after_a_start_one_wrong_pin_locks_until_all_that_was_locked_is_free() {
        let mut attempts = attempts(3);
        attempts.begin(at(0));
        assert!(attempts.wrong(CARD, at(SPAN_MICROS - 1)));
        assert!(!attempts.wrong(FRIEND, at(SPAN_MICROS)));
    }

    #[test]
    fn one_too_many_locks_for_the_time_and_to_the_microsecond() {
        let mut attempts = attempts(3);
        assert!(!attempts.wrong(CARD, at(0)));
        assert!(!attempts.wrong(CARD, at(1)));
        assert_eq!(attempts.locked_until(CARD, at(1)), None);
        assert!(attempts.wrong(CARD, at(2)));
        let end = SPAN_MICROS + 2;
        for now in [2, 3, end - 1] {
            assert_eq!(attempts.locked_until(CARD, at(now)), Some(at(end)));
        }
        for now in [end, end + 1] {
            assert_eq!(attempts.locked_until(CARD, at(now)), None);
        }
        assert_eq!(attempts.locked_until(FRIEND, at(3)), None);
    }

    #[test]
    fn after_the_lock_one_wrong_pin_locks_again() {
        let mut attempts = attempts(3);
        (0..3).for_each(|now| {
            attempts.wrong(CARD, at(now));
        });
        let again = 2 * SPAN_MICROS;
        assert_eq!(attempts.locked_until(CARD, at(again)), None);
        assert!(attempts.wrong(CARD, at(again)));
        assert_eq!(
            attempts.locked_until(CARD, at(again)),
            Some(at(again + SPAN_MICROS))
        );
    }

    #[test]
    fn the_right_pin_begins_the_count_anew() {
        let mut attempts = attempts(2);
        attempts.wrong(CARD, at(0));
        attempts.right(CARD);
        assert!(!attempts.wrong(CARD, at(1)));
        assert_eq!(attempts.locked_until(CARD, at(1)), None);
        assert!(attempts.wrong(CARD, at(2)));
    }

    #[test]
    fn wrong_pins_are_counted_for_each_card() {
        let mut attempts = attempts(2);
        attempts.wrong(CARD, at(0));
        assert!(!attempts.wrong(FRIEND, at(0)));
        assert_eq!(attempts.locked_until(CARD, at(0)), None);
    }

    #[test]
    fn more_wrong_pins_than_can_be_counted_stay_too_many() {
        let mut attempts = attempts(u8::MAX);
        (0..300).for_each(|now| {
            attempts.wrong(CARD, at(now));
        });
        assert!(attempts.locked_until(CARD, at(300)).is_some());
    }

    #[test]
    fn a_stricter_limit_holds_for_those_counted_already() {
        let mut attempts = attempts(5);
        attempts.wrong(CARD, at(0));
        attempts.set_limit(PinLimit {
            wrong_max: 1,
            locked_for: SPAN,
        });
        assert!(attempts.locked_until(CARD, at(1)).is_some());
    }
}
