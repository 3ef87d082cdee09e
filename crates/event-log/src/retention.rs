//! Retention: how long each class of events is kept, and from which record on a log may begin.
//!
//! What a record says is overwritten when the time of its class is over; the record itself leaves with its segment when two
//! calendar years are over. Both are told by the seals alone, so that a verifier finds what went too early or stays too long.

mod horizon;
mod policy;

pub(crate) use horizon::Horizon;
pub use policy::{Keep, Policy, PolicyError};

use crate::event::Class;

/// For each class the first record that is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    of: [u64; Class::ALL.len()],
}

impl Cuts {
    pub(crate) fn new(of: impl Fn(Class) -> u64) -> Self {
        let mut cuts = Self::default();
        for (cut, class) in cuts.of.iter_mut().zip(Class::ALL) {
            *cut = of(*class);
        }
        cuts
    }

    /// The first record of this class that is kept.
    #[must_use]
    pub fn of(&self, class: Class) -> u64 {
        let place = Class::ALL.iter().position(|other| *other == class);
        place
            .and_then(|place| self.of.get(place))
            .copied()
            .unwrap_or_default()
    }

    /// The classes of which the same records are kept, apart for each such cut, the shortest time first.
    pub fn apart(&self) -> impl Iterator<Item = Self> + '_ {
        let mut cuts = self.of.to_vec();
        cuts.sort_unstable();
        cuts.dedup();
        cuts.into_iter().rev().map(|only| {
            let kept = |class| Some(self.of(class)).filter(|cut| *cut == only);
            Self::new(|class| kept(class).unwrap_or_default())
        })
    }

    /// Where a sweep to this cut begins, if everything was overwritten that lies before another one.
    #[must_use]
    pub fn begin_after(&self, swept: &Self) -> u64 {
        let meant = |class: &&Class| self.of(**class) > 0;
        let swept = Class::ALL
            .iter()
            .filter(meant)
            .map(|class| swept.of(*class));
        swept.min().unwrap_or_default()
    }

    /// The first record at which every class is kept.
    #[must_use]
    pub fn furthest(&self) -> u64 {
        self.of.into_iter().max().unwrap_or_default()
    }

    /// The first record of which any class is kept: the log may begin there.
    #[must_use]
    pub fn nearest(&self) -> u64 {
        self.of.into_iter().min().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_with_one_cut_are_swept_together_and_from_where_they_were_swept_to() {
        let cuts = |passage, others| {
            Cuts::new(|class| match class {
                Class::Passage => passage,
                Class::Door
                | Class::Reader
                | Class::Administration
                | Class::Reading
                | Class::System => others,
            })
        };
        let apart: Vec<Cuts> = cuts(900, 12).apart().collect();
        assert_eq!(apart, [cuts(900, 0), cuts(0, 12)]);
        let begins: Vec<u64> = apart
            .iter()
            .map(|it| it.begin_after(&cuts(880, 10)))
            .collect();
        assert_eq!(begins, [880, 10]);
        assert_eq!(cuts(5, 5).apart().collect::<Vec<_>>(), [cuts(5, 5)]);
    }
}
