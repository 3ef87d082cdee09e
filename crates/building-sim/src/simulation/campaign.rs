//! Campaign: many seeds, on as many threads as one likes, until one breaks an invariant.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::census::Census;
use super::plan::Plan;
use super::plant::Plant;
use super::violation::{Invariant, Violation};

/// Which seeds, and how.
#[derive(Clone, Copy, Debug)]
pub struct Campaign {
    /// The first seed.
    pub from: u64,
    /// How many.
    pub seeds: u64,
    /// How long each building lives with its faults.
    pub length: Duration,
    /// Threads.
    pub threads: u64,
    /// One seed in so many is run twice and must come out the same; 0 for none.
    pub twice_one_in: u64,
    /// A bug that is planted.
    pub plant: Option<Plant>,
}

/// What came of it.
#[derive(Debug)]
pub struct Tally {
    /// Everything that happened in the runs that held.
    pub census: Census,
    /// The violation of the lowest seed, if there was any, and the plan of that run.
    pub broken: Option<(Plan, Violation)>,
}

impl Campaign {
    /// Runs all seeds, or until one breaks; `progress` is told after each how many are done.
    pub fn run(&self, progress: &(dyn Fn(u64) + Sync)) -> Tally {
        let next = AtomicU64::new(0);
        let done = AtomicU64::new(0);
        let stop_at = AtomicU64::new(self.seeds);
        let result = Mutex::new(Tally {
            census: Census::default(),
            broken: None,
        });
        thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= stop_at.load(Ordering::Relaxed) {
                            return;
                        }
                        let run = self.one(self.from.saturating_add(number));
                        if run.is_err() {
                            stop_at.fetch_min(number, Ordering::Relaxed);
                        }
                        take(
                            &mut result.lock().unwrap_or_else(PoisonError::into_inner),
                            run,
                        );
                        progress(done.fetch_add(1, Ordering::Relaxed) + 1);
                    }
                });
            }
        });
        result.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// One seed; some of them twice (I13).
    fn one(&self, seed: u64) -> Result<Census, Box<(Plan, Violation)>> {
        let plan = Plan {
            plant: self.plant,
            ..Plan::drawn(seed, self.length)
        };
        let broken = |violation| Box::new((plan, violation));
        let first = plan.run(false).map_err(broken)?;
        if self.twice_one_in > 0 && seed.is_multiple_of(self.twice_one_in) {
            let second = plan.run(false).map_err(broken)?;
            if second != first {
                let breach = Invariant::Repeatable.breach("the second run was another");
                return Err(broken(Violation {
                    invariant: breach.invariant,
                    seed,
                    at: reader_bus::Uptime::START,
                    what: breach.what,
                }));
            }
        }
        Ok(first.census)
    }
}

fn take(result: &mut Tally, run: Result<Census, Box<(Plan, Violation)>>) {
    match run {
        Ok(census) => result.census.add(&census),
        Err(broken) => {
            let before = result.broken.as_ref().map(|(plan, _)| plan.seed);
            if before.is_none_or(|before| broken.0.seed < before) {
                result.broken = Some(*broken);
            }
        }
    }
}
