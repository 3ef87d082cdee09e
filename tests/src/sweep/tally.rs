//! What came of a sweep, in figures.

use std::fmt;

/// How one case went.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outcome {
    /// Calls that were struck.
    pub(super) hits: usize,
    /// The daemon ended, with this code; negative is a signal.
    pub(super) ended: Option<i32>,
    /// It went on without its register, and said so; the next start had it back.
    pub(super) without_register: bool,
    /// Changes that were refused meanwhile.
    pub(super) refused: u64,
    /// Unlocks from memory that a daemon which ended took along, told as a gap.
    pub(super) untold: usize,
}

/// Figures of the cases that held.
#[derive(Debug, Default)]
pub struct Tally {
    /// Cases that held.
    pub held: u64,
    /// Of these, cases whose call nobody made meanwhile.
    pub unhit: u64,
    /// Calls that were struck.
    pub hits: u64,
    /// Daemons that ended with one clear line, and started well afterwards.
    pub ended: u64,
    /// Daemons that served the doors without their register after a start, and said so.
    pub without_register: u64,
    /// Changes acknowledged, each found again.
    pub answered: u64,
    /// Changes refused.
    pub refused: u64,
    /// Unlocks, each with its record or in a gap that is told.
    pub unlocks: u64,
    /// Of these, in a gap.
    pub untold: u64,
    /// Whole logs verified.
    pub verified: u64,
}

impl Tally {
    pub(super) fn add(&mut self, outcome: Outcome) {
        let count = |of: usize| u64::try_from(of).unwrap_or(u64::MAX);
        self.held += 1;
        self.unhit += u64::from(outcome.hits == 0);
        self.hits += count(outcome.hits);
        self.ended += u64::from(outcome.ended.is_some());
        self.without_register += u64::from(outcome.without_register);
        self.refused += outcome.refused;
        self.untold += count(outcome.untold);
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.held += other.held;
        self.unhit += other.unhit;
        self.hits += other.hits;
        self.ended += other.ended;
        self.without_register += other.without_register;
        self.answered += other.answered;
        self.refused += other.refused;
        self.unlocks += other.unlocks;
        self.untold += other.untold;
        self.verified += other.verified;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { held, unhit, .. } = self;
        writeln!(
            f,
            "{held} faults that held: {} calls struck, in {unhit} nobody made the call; {} times the daemon ended with one line and started again, {} times it served the doors without its register until then",
            self.hits, self.ended, self.without_register
        )?;
        write!(
            f,
            "{} unlocks, {} of them in a gap that is told; {} changes acknowledged and found again, {} refused; {} whole logs verified",
            self.unlocks, self.untold, self.answered, self.refused, self.verified
        )
    }
}
