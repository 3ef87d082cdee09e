//! The sweep: each call of the real daemon that the system may answer wrongly, with each error it may have, once and for ever.
//!
//! Strace answers in the system's place, from the daemon's first call on or while cards are shown and operators are at work. Then
//! it lets go, and what must hold is looked at: in the daemon, at the readers, and in what it left. `cargo xtask faults` calls it.

mod calls;
mod health;
mod strace;
mod tally;
mod trial;

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use building_sim::Dice;

pub use calls::{Case, all, sample};
use strace::STRACE;
pub use strace::missing;
pub use tally::Tally;

use crate::storm::Breach;
use trial::Trial;

/// What is tried, and where.
pub struct Sweep {
    /// The daemon.
    pub binary: PathBuf,
    /// Where the houses stand; those that hold are taken down.
    pub folder: PathBuf,
    /// The faults, each tried once.
    pub cases: Vec<Case>,
    /// Houses at a time.
    pub houses: usize,
    /// What the dice are loaded with.
    pub seed: u64,
}

/// A fault after which something did not hold.
#[derive(Debug)]
pub struct Finding {
    /// The fault.
    pub case: Case,
    /// Where everything lies.
    pub folder: PathBuf,
    /// What did not hold.
    pub breach: Breach,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Report {
    /// Figures of what held.
    pub tally: Tally,
    /// What did not.
    pub findings: Vec<Finding>,
}

/// What the houses share.
struct Desk<'a> {
    left: Mutex<VecDeque<Case>>,
    /// Faults that strace spoilt once.
    again: Mutex<Vec<Case>>,
    report: Mutex<Report>,
    progress: &'a (dyn Fn(&Case, &str) + Sync),
}

impl Sweep {
    /// Tries every fault, whatever comes of those before; `progress` hears of each.
    ///
    /// # Panics
    /// When a folder or a process cannot be had.
    pub fn run(self, progress: &(dyn Fn(&Case, &str) + Sync)) -> Report {
        let mut dice = Dice::new(self.seed);
        let desk = Desk {
            left: Mutex::new(self.cases.iter().copied().collect()),
            again: Mutex::default(),
            report: Mutex::default(),
            progress,
        };
        thread::scope(|scope| {
            for number in 0..self.houses {
                let (folder, dice) = (self.folder.join(number.to_string()), dice.split());
                let (desk, binary) = (&desk, &self.binary);
                scope.spawn(move || desk.try_in_houses(&folder, binary, dice));
            }
        });
        desk.report
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk<'_> {
    fn next(&self) -> Option<Case> {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.pop_front()
    }

    /// Whether this may be tried once more.
    fn may_again(&self, case: Case) -> bool {
        let mut again = self.again.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = !again.contains(&case);
        again.push(case);
        is_first
    }

    /// One house after another: after so many faults, and after each that broke it.
    fn try_in_houses(&self, folder: &Path, binary: &Path, mut dice: Dice) {
        let mut number = 0;
        let mut next = self.next();
        while let Some(first) = next {
            let here = folder.join(format!("house-{number}"));
            number += 1;
            let case = match self.try_in(&here, binary, dice.split(), first) {
                Ok(case) => {
                    fs::remove_dir_all(&here).expect("what the sweep made can be taken away");
                    case
                }
                Err((case, breach)) if breach.rule == STRACE && self.may_again(case) => {
                    fs::remove_dir_all(&here).expect("what the sweep made can be taken away");
                    Some(case)
                }
                Err((case, breach)) => {
                    (self.progress)(&case, &breach.to_string());
                    let finding = Finding {
                        case,
                        folder: here,
                        breach,
                    };
                    let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
                    report.findings.push(finding);
                    drop(report);
                    self.next()
                }
            };
            next = case;
        }
    }

    /// Faults in one house, from this one on; gives the first that found no time in it.
    fn try_in(
        &self,
        folder: &Path,
        binary: &Path,
        dice: Dice,
        first: Case,
    ) -> Result<Option<Case>, (Case, Breach)> {
        let mut tally = Tally::default();
        let begun = Trial::begin(folder, binary, dice);
        let mut trial = begun.map_err(|breach| (first, breach))?;
        let mut case = first;
        let mut next = None;
        for tried in 1..=CASES_A_HOUSE {
            let outcome = trial.run(&case, &mut tally).map_err(|it| (case, it))?;
            tally.add(outcome);
            (self.progress)(&case, &format!("{outcome:?}"));
            next = self.next();
            match next {
                Some(it) if tried < CASES_A_HOUSE => case = it,
                _ => break,
            }
        }
        trial.close(&mut tally).map_err(|it| (case, it))?;
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.tally.join(&tally);
        Ok(next)
    }
}

const CASES_A_HOUSE: usize = 40;
