//! The storm: the real daemon under load, killed at any instant and started again, and what must hold each time.
//!
//! Readers on pseudo-terminals are shown cards all the time, and operators issue, block, lose, find and take back cards, import
//! lists, rotate readers' keys and make backups. Nothing is simulated but the readers: a seed draws the same instants and the
//! same acts again, not the same interleaving. `cargo xtask kill-storm` calls it.

pub(crate) mod audit;
pub(crate) mod book;
pub(crate) mod cycle;
pub(crate) mod desk;
pub(crate) mod house;
pub(crate) mod pest;
pub(crate) mod plan;
pub(crate) mod present;
pub(crate) mod readers;
mod tally;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use building_sim::Dice;

use cycle::Site;
pub use tally::Tally;

/// What breaks.
pub struct Storm {
    /// The daemon.
    pub binary: PathBuf,
    /// Where the houses stand; those that hold are taken down.
    pub folder: PathBuf,
    /// How often the daemon is killed.
    pub cycles: u64,
    /// What the dice are loaded with.
    pub seed: u64,
}

/// Something that must hold and did not.
#[derive(Debug)]
pub struct Breach {
    /// Which rule, or which step.
    pub rule: &'static str,
    /// What was seen.
    pub what: String,
}

impl Breach {
    pub(crate) fn new(rule: &'static str, what: impl fmt::Display) -> Self {
        let what = what.to_string();
        Self { rule, what }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.what)
    }
}

impl Storm {
    /// Runs it, house after house; `progress` hears of each cycle that held.
    ///
    /// # Errors
    /// The cycle in which something did not hold, where its files lie, and what it was.
    pub fn run(&self, progress: &dyn Fn(u64)) -> Result<Tally, (u64, PathBuf, Breach)> {
        let mut tally = Tally::default();
        let mut dice = Dice::new(self.seed);
        let mut done = 0;
        while done < self.cycles {
            let folder = self.folder.join(format!("house-{done}"));
            let broken = |at: u64| {
                let folder = folder.clone();
                move |breach| (at, folder, breach)
            };
            let mut site =
                Site::found(&folder, &self.binary, dice.split()).map_err(broken(done))?;
            for _ in 0..CYCLES_A_HOUSE.min(self.cycles - done) {
                site.cycle(done, &mut tally).map_err(broken(done))?;
                done += 1;
                progress(done);
            }
            site.close(&mut tally).map_err(broken(done))?;
            remove(&folder);
        }
        Ok(tally)
    }
}

fn remove(folder: &Path) {
    fs::remove_dir_all(folder).expect("what the storm made can be taken away");
}

/// How often a house is broken before it is closed in order and another one is built.
const CYCLES_A_HOUSE: u64 = 100;
