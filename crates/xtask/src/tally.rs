//! The sum of many test runs, read from the lines cargo prints.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// How many tests passed, failed and were left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
    broken_runs: u64,
}

impl Tally {
    /// Runs a command that prints `test result:` lines, passes its output on and adds what it counted.
    ///
    /// # Errors
    /// The command cannot be started or its output cannot be read.
    pub(crate) fn run(&mut self, step: &str, mut command: Command) -> io::Result<()> {
        eprintln!("== {step}");
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        if let Some(output) = child.stdout.take() {
            let mut screen = io::stdout().lock();
            for line in BufReader::new(output).lines() {
                let line = line?;
                writeln!(screen, "{line}")?;
                self.add(&line);
            }
        }
        self.broken_runs += u64::from(!child.wait()?.success());
        Ok(())
    }

    /// Whether everything that ran passed, and something ran.
    pub(crate) fn is_good(&self) -> bool {
        self.failed == 0 && self.broken_runs == 0 && self.passed > 0
    }

    /// The closing line: `tests: 12 passed, 0 failed, 1 skipped`.
    pub(crate) fn summary(&self) -> String {
        // A run that did not even build has no `test result:` line; it must not close on "0 failed".
        let failed = if self.failed == 0 {
            self.broken_runs
        } else {
            self.failed
        };
        format!(
            "tests: {} passed, {failed} failed, {} skipped",
            self.passed, self.skipped
        )
    }

    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ") else {
            return;
        };
        for part in counts.split([';', '.']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
                continue;
            };
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                Some("ignored") => self.skipped += number,
                Some(_) | None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_several_runs_are_added_up() {
        let mut tally = Tally::default();
        tally.add("running 3 tests");
        tally.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        tally.add("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s");
        assert_eq!(
            tally,
            Tally {
                passed: 4,
                failed: 2,
                skipped: 1,
                broken_runs: 0
            }
        );
        assert_eq!(tally.summary(), "tests: 4 passed, 2 failed, 1 skipped");
        assert!(!tally.is_good());
    }

    #[test]
    fn a_run_that_never_built_is_not_good() {
        let tally = Tally {
            passed: 9,
            failed: 0,
            skipped: 0,
            broken_runs: 1,
        };
        assert!(!tally.is_good());
        assert_eq!(tally.summary(), "tests: 9 passed, 1 failed, 0 skipped");
    }

    #[test]
    fn nothing_run_is_not_good() {
        assert!(!Tally::default().is_good());
    }
}
