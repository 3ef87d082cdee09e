//! The horizon: how far back the seals reach in time that is corroborated.
//!
//! The present is the newest seal's time. How much of it a seal of the past may count as its age is what the seals between bear
//! out: of a step longer than [`STEP_MAX`] from one seal to the next, only that much. So a clock that jumps, also while the
//! controller is off, makes nothing older than a week; and every verifier comes to the same result without a key.

use std::time::Duration;

use access::UtcMicros;
use key_store::disk::Disk;

use super::{Cuts, Keep, Policy};
use crate::epoch::Seal;
use crate::error::LogError;
use crate::seals::SealTable;

/// What the seals say of time.
pub(crate) struct Horizon {
    table: Option<SealTable>,
    newest: UtcMicros,
    /// Steps that are longer than they may count: the seal at their end, and by how much.
    excesses: Vec<(u64, Duration)>,
    /// The log is over: what the logs that went on from it do not bear out, its own newest seal being one of the past.
    is_over: bool,
    behind: Duration,
}

impl Horizon {
    /// Looks at the seals there are now. A log without seals has no horizon: nothing in it is old.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub(crate) fn survey(disk: &dyn Disk) -> Result<Self, LogError> {
        let table = SealTable::open(disk)?.filter(|table| table.count() > 0);
        let mut horizon = Self {
            newest: UtcMicros::from_micros(i64::MIN),
            excesses: Vec::new(),
            is_over: false,
            behind: Duration::ZERO,
            table,
        };
        if let Some(last) = horizon.last() {
            horizon.newest = horizon.at(last)?.time;
            let first = (0, horizon.at(0)?.time);
            horizon.note_excesses(first, (last, horizon.newest))?;
        }
        Ok(horizon)
    }

    /// The same, seen from the present of the log that went on from this one. Between the two time counts as between two seals.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub(crate) fn followed_by(mut self, next: &Self) -> Result<Self, LogError> {
        if next.last().is_none() {
            return Ok(self);
        }
        let between = next.at(0)?.time.saturating_since(self.newest);
        let excess = between.saturating_sub(STEP_MAX);
        let within = next.excess_after(0);
        self.behind = self.behind.saturating_add(excess).saturating_add(within);
        self.newest = self.newest.max(next.newest);
        self.is_over = true;
        Ok(self)
    }

    /// The time of the newest seal.
    pub(crate) const fn newest(&self) -> UtcMicros {
        self.newest
    }

    /// For each class the first record that the policy keeps, of what was sealed before; `grace` later than that.
    pub(crate) fn cuts(&self, policy: &Policy, grace: Duration) -> Result<Cuts, LogError> {
        let two_years = self.cut(Keep::TwoYears, grace)?;
        let mut days = Vec::new();
        for class in crate::event::Class::ALL {
            let cut = match policy.of(*class) {
                Keep::TwoYears => two_years,
                keep @ Keep::Days(_) => self.cut(keep, grace)?.max(two_years),
            };
            days.push((*class, cut));
        }
        let of = |class| {
            days.iter()
                .find(|(of, _)| *of == class)
                .map(|(_, cut)| *cut)
        };
        Ok(Cuts::new(|class| of(class).unwrap_or(two_years)))
    }

    /// Records under the newest seal that is older than that, by so much `grace`.
    pub(crate) fn cut(&self, keep: Keep, grace: Duration) -> Result<u64, LogError> {
        let oldest = self.newest_before(keep, grace)?;
        Ok(oldest.map_or(0, |seal| seal.size))
    }

    /// The newest seal that is older than that, by so much `grace`.
    pub(crate) fn newest_before(
        &self,
        keep: Keep,
        grace: Duration,
    ) -> Result<Option<Seal>, LogError> {
        let Some(last) = self.last() else {
            return Ok(None);
        };
        // The seals before `low` are old enough, those from `high` on are not.
        let (mut low, mut high) = (0, last.saturating_add(u64::from(self.is_over)));
        let mut found = None;
        while low < high {
            let middle = low.midpoint(high);
            let seal = self.at(middle)?;
            let due = keep
                .until(seal.time)
                .saturating_add(grace)
                .saturating_add(self.excess_after(middle))
                .saturating_add(self.behind);
            if due <= self.newest {
                (low, found) = (middle.saturating_add(1), Some(seal));
            } else {
                high = middle;
            }
        }
        Ok(found)
    }

    /// The number of the newest seal of this log itself.
    pub(crate) fn last(&self) -> Option<u64> {
        self.table.as_ref()?.count().checked_sub(1)
    }

    fn at(&self, number: u64) -> Result<Seal, LogError> {
        let missing = LogError::DamagedFile {
            file: "log/seals",
            what: "a seal before the last is not whole",
        };
        let table = self.table.as_ref().ok_or(LogError::Missing)?;
        table.at(number)?.ok_or(missing)
    }

    fn excess_after(&self, number: u64) -> Duration {
        let later = self.excesses.iter().filter(|(at, _)| *at > number);
        later.fold(Duration::ZERO, |sum, (_, excess)| {
            sum.saturating_add(*excess)
        })
    }

    /// Between two seals that are not further apart than a step may be there is no longer step: their times never fall.
    fn note_excesses(
        &mut self,
        (first, from): (u64, UtcMicros),
        (last, to): (u64, UtcMicros),
    ) -> Result<(), LogError> {
        let Some(excess) = to.saturating_since(from).checked_sub(STEP_MAX) else {
            return Ok(());
        };
        if excess.is_zero() || last <= first {
            return Ok(());
        }
        if last - first == 1 {
            if self.excesses.len() >= EXCESSES_MAX {
                return Err(LogError::DamagedFile {
                    file: "log/seals",
                    what: "its times have more gaps than a log ever has",
                });
            }
            self.excesses.push((last, excess));
            return Ok(());
        }
        let middle = first.midpoint(last);
        let time = self.at(middle)?.time;
        self.note_excesses((first, from), (middle, time))?;
        self.note_excesses((middle, time), (last, to))
    }
}

/// So much a step from one seal to the next may count at most: a log at work is sealed every five minutes, and a controller that
/// was off longer than this keeps events so much longer.
const STEP_MAX: Duration = Duration::from_secs(7 * 86_400);
/// Longer steps that are counted; a log that was off every second week has a hundred in four years.
const EXCESSES_MAX: usize = 10_000;

#[cfg(test)]
mod tests {
    use key_store::disk::MemDisk;
    use proptest::prelude::*;

    use super::*;
    use crate::checkpoint::EpochMark;
    use crate::seals::{Seals, SealsHead};

    const DAY: i64 = 86_400_000_000;

    /// Seals at these days, each over ten records more.
    fn sealed(days: &[i64]) -> Horizon {
        let disk = MemDisk::new();
        let head = SealsHead {
            instance: [9; 16],
            origin: "house.example/portvakt".to_owned(),
            first_key: [4; 32],
        };
        let mut seals = Seals::create(&disk, head).unwrap();
        for (number, day) in (0_u64..).zip(days) {
            let seal = Seal {
                mark: EpochMark {
                    number,
                    next_key: [1; 32],
                },
                size: number * 10 + 10,
                root: [2; 32],
                time: UtcMicros::from_micros(day * DAY),
                signature: [4; 64],
            };
            seals.append(&disk, &seal).unwrap();
        }
        Horizon::survey(&disk).unwrap()
    }

    fn cut(horizon: &Horizon, keep: Keep) -> u64 {
        horizon.cut(keep, Duration::ZERO).unwrap()
    }

    #[test]
    fn a_seal_is_old_when_its_days_are_over_and_not_a_moment_before() {
        let days: Vec<i64> = (0..=30).collect();
        let horizon = sealed(&days);
        assert_eq!(cut(&horizon, Keep::Days(30)), 10);
        assert_eq!(cut(&horizon, Keep::Days(31)), 0);
        assert_eq!(cut(&horizon, Keep::Days(10)), 210);
        assert_eq!(cut(&horizon, Keep::TwoYears), 0);
        let grace = Duration::from_micros(1);
        assert_eq!(horizon.cut(Keep::Days(30), grace).unwrap(), 0);
        assert_eq!(cut(&sealed(&[]), Keep::Days(1)), 0);
        assert_eq!(cut(&sealed(&[5]), Keep::Days(1)), 0);
    }

    #[test]
    fn two_years_are_years_of_the_calendar() {
        // 2024-02-29 is day 19,782; 2026-02-28 day 20,512; 2026-03-01 day 20,513.
        let mut days: Vec<i64> = (19_780..=20_512).step_by(4).collect();
        days.push(20_512);
        assert_eq!(cut(&sealed(&days), Keep::TwoYears), 10);
        // 2024-02-28 at midnight.
        days.push(20_513);
        let at_19_780_and_19_784 = cut(&sealed(&days), Keep::TwoYears);
        assert_eq!(at_19_780_and_19_784, 10);
        days.push(20_515);
        assert_eq!(cut(&sealed(&days), Keep::TwoYears), 20);
    }

    #[test]
    fn a_clock_that_jumps_makes_nothing_old() {
        let mut days: Vec<i64> = (0..=100).collect();
        days.push(10_000);
        let jumped = sealed(&days);
        assert_eq!(cut(&jumped, Keep::TwoYears), 0);
        // The jump counts as a week, no more.
        assert_eq!(
            cut(&jumped, Keep::Days(30)),
            cut(&sealed(&(0..=107).collect::<Vec<_>>()), Keep::Days(30))
        );
        // Day after day it grows old all the same.
        days.extend(10_001..10_731);
        assert_eq!(cut(&sealed(&days), Keep::TwoYears), 1_020);
    }

    proptest! {
        /// The search by halves finds what a walk over all seals finds.
        #[test]
        fn the_cut_is_that_of_a_plain_walk(steps in prop::collection::vec(0_i64..20, 1..60), keep in 1_u16..200) {
            let mut days = vec![100];
            steps.iter().for_each(|step| days.push(days[days.len() - 1] + step));
            let horizon = sealed(&days);
            let mut expected = 0;
            for (at, day) in days.iter().enumerate().take(days.len() - 1) {
                let age: i64 = days[at..].windows(2).map(|pair| (pair[1] - pair[0]).min(7)).sum();
                if age >= i64::from(keep) {
                    prop_assert!(days[at] == *day);
                    expected = u64::try_from(at).unwrap() * 10 + 10;
                }
            }
            prop_assert_eq!(cut(&horizon, Keep::Days(keep)), expected);
        }
    }
}
