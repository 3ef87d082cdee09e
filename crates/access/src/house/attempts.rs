//! Attempts: wrong PINs, counted for each card, and the time in which no further is taken.

use std::collections::HashMap;
use std::time::Duration;

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

    pub(super) fn wrong(&mut self, card: IssuanceId, now: UtcMicros) -> bool {
        let first = Wrong {
            count: 0,
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
