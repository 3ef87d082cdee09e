//! What came of a storm, in figures.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Figures of cycles that held.
#[derive(Debug, Default)]
pub struct Tally {
    /// SIGKILLs.
    pub kills: u64,
    /// Of these, while the daemon started.
    pub in_start: u64,
    /// Of these, in the midst of something an operator had asked for.
    pub in_act: u64,
    /// Requests that were acknowledged.
    pub answered: u64,
    /// The records that they stand for.
    pub acknowledged: BTreeMap<&'static str, u64>,
    /// Connections of clients that keep to no form.
    pub pests: u64,
    /// Requests that a kill cut off.
    pub cut_off: u64,
    /// Releases of a strike, each with its record.
    pub unlocks: u64,
    /// Records read.
    pub records: u64,
    /// Whole logs verified with pinned keys.
    pub verified: u64,
    /// Starts that found an unfinished flush or seal.
    pub torn: u64,
    /// Backups that stood after a kill, each verified.
    pub backups: u64,
    /// Strings of forgotten holders that were sought in every file.
    pub sought: u64,
    /// Comparisons of register and log.
    pub reconciled: u64,
    /// From the start of the process to the first question on a line.
    pub starts: Vec<Duration>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut starts = self.starts.clone();
        starts.sort();
        let millis = |at: usize| starts.get(at).map_or(0, Duration::as_millis);
        let (median, max) = (
            millis(starts.len() / 2),
            millis(starts.len().saturating_sub(1)),
        );
        writeln!(
            f,
            "{} kills: {} while it started, {} in the midst of an operator's act, the others at any instant",
            self.kills, self.in_start, self.in_act
        )?;
        writeln!(
            f,
            "{} changes acknowledged and found again, {} cut off; {} unlocks, each with its record; {} records read",
            self.answered, self.cut_off, self.unlocks, self.records
        )?;
        let each = self.acknowledged.iter();
        let each: Vec<String> = each
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        writeln!(f, "acknowledged: {}", each.join(", "))?;
        writeln!(
            f,
            "{} whole logs verified with pinned keys, {} of them with a torn end; {} comparisons of register and log",
            self.verified, self.torn, self.reconciled
        )?;
        writeln!(
            f,
            "{} traces of forgotten holders sought in every file; {} backups verified; {} clients that keep to no form",
            self.sought, self.backups, self.pests
        )?;
        write!(
            f,
            "from the start to the first question: median {median} ms, longest {max} ms"
        )
    }
}
