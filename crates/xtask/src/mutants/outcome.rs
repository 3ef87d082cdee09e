//! What became of a module's mutants, and whether that is good enough.

use std::fmt;
use std::io;

use super::shards::{Shards, lines};

/// The mutants of the shards that were run to their end, by what became of them.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    mutants: usize,
    caught: usize,
    timed_out: usize,
    unviable: usize,
    missed: Vec<String>,
}

/// The same, held against what is argued for.
#[derive(Debug)]
pub(crate) struct Verdict {
    outcome: Outcome,
    survived: usize,
    not_run: usize,
    /// What is not as it should be, each in a line.
    pub(crate) complaints: Vec<String>,
}

impl Outcome {
    /// Reads what cargo-mutants wrote.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn of(shards: &Shards) -> io::Result<Self> {
        let mut outcome = Self {
            mutants: shards.mutants(),
            ..Self::default()
        };
        for (quick, whole) in shards.finished() {
            outcome.caught += lines(&quick.join("caught.txt"))?.len();
            outcome.timed_out += lines(&quick.join("timeout.txt"))?.len();
            outcome.unviable += lines(&quick.join("unviable.txt"))?.len();
            let survivors = lines(&quick.join("missed.txt"))?;
            let Some(whole) = whole else {
                outcome.missed.extend(survivors);
                continue;
            };
            // What survived the quick tests was judged again by all, and some others with it.
            let judged = |list: &str| -> io::Result<Vec<String>> {
                let mut names = lines(&whole.join(list))?;
                names.retain(|name| survivors.contains(name));
                Ok(names)
            };
            outcome.caught += judged("caught.txt")?.len();
            outcome.timed_out += judged("timeout.txt")?.len();
            outcome.missed.extend(judged("missed.txt")?);
        }
        Ok(outcome)
    }

    /// Survivors that nobody argued for are bad; so is, once all are run, an argument for one that does not survive.
    pub(crate) fn verdict(self, argued: &[String]) -> Verdict {
        let is_argued = |line: &&String| argued.contains(&bare(line));
        let mut complaints: Vec<String> = self
            .missed
            .iter()
            .filter(|line| !is_argued(line))
            .map(|line| format!("survived: {line}"))
            .collect();
        let survived = complaints.len();
        let run = self.caught + self.timed_out + self.unviable + self.missed.len();
        let not_run = self.mutants.saturating_sub(run);
        if not_run == 0 {
            let missed: Vec<String> = self.missed.iter().map(|line| bare(line)).collect();
            let idle = argued.iter().filter(|mutant| !missed.contains(mutant));
            complaints.extend(idle.map(|it| format!("argued for, but does not survive: {it}")));
        }
        Verdict {
            outcome: self,
            survived,
            not_run,
            complaints,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome {
            mutants,
            caught,
            timed_out,
            unviable,
            missed,
        } = &self.outcome;
        let argued = missed.len().saturating_sub(self.survived);
        let (survived, not_run) = (self.survived, self.not_run);
        write!(
            f,
            "{mutants} mutants: {caught} killed, {timed_out} timed out, {unviable} unviable, {argued} argued, {survived} survived, {not_run} not run"
        )
    }
}

/// A mutant without its line and column, which change with every edit above it: `FILE: WHAT`.
fn bare(line: &str) -> String {
    let mut words = line.splitn(4, ':');
    match (words.next(), words.nth(2)) {
        (Some(file), Some(what)) => format!("{file}:{what}"),
        (_, _) => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(missed: &[&str], mutants: usize) -> Outcome {
        Outcome {
            caught: 5,
            unviable: 2,
            missed: missed.iter().map(|line| (*line).to_owned()).collect(),
            mutants,
            ..Outcome::default()
        }
    }

    #[test]
    fn a_mutant_is_known_by_its_file_and_what_is_done_there() {
        let line = "src/a.rs:12:9: replace A::b -> bool with true";
        assert_eq!(bare(line), "src/a.rs: replace A::b -> bool with true");
        assert_eq!(bare("odd"), "odd");
    }

    #[test]
    fn a_survivor_is_a_complaint_unless_it_is_argued_for() {
        let missed = ["a.rs:1:1: replace x", "a.rs:9:2: replace y"];
        let verdict = outcome(&missed, 9).verdict(&["a.rs: replace x".to_owned()]);
        assert_eq!(verdict.complaints, ["survived: a.rs:9:2: replace y"]);
        assert_eq!(
            verdict.to_string(),
            "9 mutants: 5 killed, 0 timed out, 2 unviable, 1 argued, 1 survived, 0 not run"
        );
    }

    #[test]
    fn an_argument_for_what_is_killed_is_a_complaint_once_all_are_run() {
        let argued = ["a.rs: replace z".to_owned()];
        assert_eq!(outcome(&[], 7).verdict(&argued).complaints.len(), 1);
        let half = outcome(&[], 8).verdict(&argued);
        assert_eq!((half.not_run, half.complaints.len()), (1, 0));
    }
}
