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
