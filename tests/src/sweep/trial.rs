//! A house in which one fault after another is tried, and what must hold during and after each.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::{self, sleep};
use std::time::Duration;

use building_sim::Dice;
use control::Client;

use super::calls::{Case, Phase};
use super::health::{descriptors, gives_back_descriptors, must_be_well, read_the_log};
use super::strace::{Fault, STRACE};
use super::tally::{Outcome, Tally};
use crate::storm::Breach;
use crate::storm::book::Verb;
use crate::storm::cycle::{Site, walk};
use crate::storm::desk::{self, open};
use crate::storm::house::Daemon;
use crate::storm::plan::DOORS;
use crate::storm::present::{instant, utc_micros};
use crate::storm::readers::Out;

/// A house with a daemon that runs and is well.
pub(super) struct Trial {
    site: Site,
    daemon: Option<Daemon>,
    dice: Dice,
    /// How much of the journal was looked at.
    read: usize,
    /// The run before owes a gap on record.
    owes_gap: bool,
}

impl Trial {
    pub(super) fn begin(folder: &Path, binary: &Path, mut dice: Dice) -> Result<Self, Breach> {
        let site = Site::found(folder, binary, dice.split())?;
        let mut trial = Self {
            site,
            daemon: None,
            dice,
            read: 0,
            owes_gap: false,
        };
        trial.site.auditor.late_max = LATE_MAX;
        trial.start(&mut Tally::default())?;
        Ok(trial)
    }

    /// Tries one fault.
    ///
    /// # Errors
    /// What did not hold; [`STRACE`] if it was no fault of the daemon's.
    pub(super) fn run(&mut self, case: &Case, tally: &mut Tally) -> Result<Outcome, Breach> {
        self.try_one(case, tally).map_err(|breach| {
            // What strace lets go of in the midst of a call comes back with this, which the system never says there.
            if self.said().contains("Function not implemented") {
                return Breach::new(STRACE, breach);
            }
            breach
        })
    }

    /// It strikes and ends, all is well again; then the daemon stops, what it left is judged, and another one is
    /// started, which must have all that was acknowledged.
    fn try_one(&mut self, case: &Case, tally: &mut Tally) -> Result<Outcome, Breach> {
        let mut outcome = Outcome::default();
        open(&self.site.book).is_in_doubt = true;
        let left = match case.phase {
            Phase::Work => self.at_work(case, &mut outcome)?,
            Phase::Start => self.at_start(case, &mut outcome)?,
        };
        if let Some(ended) = left {
            outcome.ended = Some(ended.code().or(ended.signal().map(|it| -it)).unwrap_or(0));
            self.judge_end(case, ended)?;
        }
        outcome.untold = self.audit(outcome.ended.is_none(), tally)?;
        self.owes_gap = outcome.untold > 0;
        self.start(tally)?;
        self.judge_journal()?;
        if outcome.ended.is_some() {
            // Only whoever serves again has come back.
            self.must_be_well(utc_micros())?;
        }
        outcome.refused = std::mem::take(&mut open(&self.site.book).doubted);
        Ok(outcome)
    }

    /// All is well: it stops in order, and nothing is left over.
    pub(super) fn close(mut self, tally: &mut Tally) -> Result<(), Breach> {
        if let Some(daemon) = self.daemon.take() {
            daemon.stop()?;
        }
        self.audit(true, tally)?;
        let book = open(&self.site.book);
        tally.answered += book.answered;
        Ok(())
    }

    fn start(&mut self, tally: &mut Tally) -> Result<(), Breach> {
        for line in self.site.house.lines() {
            line.take();
        }
        let book = &self.site.book;
        open(book).wanted = None;
        let mut daemon = self.site.house.spawn();
        self.site.settle(&mut daemon, 0, &mut tally_of_storm())?;
        self.daemon = Some(daemon);
        tally.verified += 1;
        Ok(())
    }

    /// Strikes the daemon while it works. How it ended, if it did not go on.
    fn at_work(
        &mut self,
        case: &Case,
        outcome: &mut Outcome,
    ) -> Result<Option<ExitStatus>, Breach> {
        let daemon = self.daemon.take().expect("a daemon runs");
        let descriptors = descriptors(&daemon);
        self.amid_work(daemon, |site, mut daemon, over| {
            sleep(BEFORE);
            let fault = Fault::begin(case, &site.house, &daemon)?;
            sleep(LASTS);
            outcome.hits = fault.end()?;
            over.store(true, Ordering::Relaxed);
            let well = must_be_well(site, &mut daemon, (utc_micros(), false));
            if let Some(ended) = daemon.ended() {
                return Ok(Some(ended));
            }
            well?;
            gives_back_descriptors(&daemon, descriptors)?;
            daemon.stop().map(|()| None)
        })
    }

    /// Strikes the daemon from its first call on.
    fn at_start(
        &mut self,
        case: &Case,
        outcome: &mut Outcome,
    ) -> Result<Option<ExitStatus>, Breach> {
        if let Some(daemon) = self.daemon.take() {
            daemon.stop()?;
            self.audit(true, &mut Tally::default())?;
        }
        // What it says from here on is the next one's.
        self.judge_journal()?;
        let (fault, mut daemon) = Fault::from_the_start(case, &self.site.house);
        let begun = instant();
        while daemon.ended().is_none()
            && Client::connect(&self.site.house.socket()).is_err()
            && begun.elapsed() < STRUCK_START_MAX
        {
            sleep(Duration::from_millis(20));
        }
        if let Some(ended) = daemon.ended() {
            outcome.hits = fault.end()?;
            return Ok(Some(ended));
        }
        self.amid_work(daemon, |site, mut daemon, over| {
            sleep(BEFORE);
            outcome.hits = fault.end()?;
            over.store(true, Ordering::Relaxed);
            let well = must_be_well(site, &mut daemon, (utc_micros(), true));
            if let Some(ended) = daemon.ended() {
                return Ok(Some(ended));
            }
            outcome.without_register = well?;
            daemon.stop().map(|()| None)
        })
    }

    /// Does this while operators work and cards are shown; they go when it is `over`, at the latest when the daemon is gone.
    fn amid_work<T>(
        &mut self,
        daemon: Daemon,
        then: impl FnOnce(&Site, Daemon, &AtomicBool) -> Result<T, Breach>,
    ) -> Result<T, Breach> {
        let over = AtomicBool::new(false);
        let (site, dice) = (&self.site, &mut self.dice);
        let rare = [Verb::Import, Verb::Backup, Verb::Rotate, Verb::Return];
        open(&site.book).wanted = dice.pick(&rare).copied();
        thread::scope(|scope| {
            let (begun, _acts) = mpsc::channel();
            for _ in 0..DESKS {
                let (begun, dice) = (begun.clone(), dice.split());
                let (socket, over) = (site.house.socket(), &over);
                scope.spawn(move || desk::work(&socket, &site.book, &begun, over, dice));
            }
            let (street, over) = (dice.split(), &over);
            scope.spawn(move || walk(&site.house, &site.book, over, street));
            scope.spawn(move || read_the_log(&site.house.socket(), over));
            let done = then(site, daemon, over);
            over.store(true, Ordering::Relaxed);
            done
        })
    }

    fn must_be_well(&mut self, since: i64) -> Result<(), Breach> {
        let daemon = self.daemon.as_mut().expect("a daemon runs");
        must_be_well(&self.site, daemon, (since, false)).map(drop)
    }

    /// What the stopped daemon left. How many unlocks from memory no record tells of any more.
    fn audit(&mut self, in_order: bool, tally: &mut Tally) -> Result<usize, Breach> {
        let lines = self.site.house.lines();
        for line in lines {
            line.fall_silent();
        }
        let auditor = &mut self.site.auditor;
        let before = auditor.records.keys().next_back().map_or(0, |it| it + 1);
        auditor.begins = Some(before);
        let report = auditor.read(&self.site.house.data(), &self.site.folder.join("copy"))?;
        if in_order && (report.unsealed, report.torn) != (0, 0) {
            let what = format!("{} not sealed, {} torn", report.unsealed, report.torn);
            return Err(Breach::new("stopped in order, the log has an end", what));
        }
        let outs = lines.iter().flat_map(|line| line.take().outs);
        let outs: Vec<Out> = outs.collect();
        let book = open(&self.site.book);
        let untold = auditor.unrecorded(&outs)?;
        let is_strict = |out: &&Out| DOORS[usize::from(out.reader)].class == "strict";
        if in_order || untold.iter().any(is_strict) || untold.len() > RING_MAX {
            auditor.judge_doors(&outs, &book)?;
        }
        auditor.judge_dead(&book)?;
        auditor.judge_changes(&book)?;
        let mut new = auditor.records.range(before..);
        if self.owes_gap && !new.any(|(_, record)| record.name == Some("log-gap")) {
            return Err(Breach::new("I3, no gap is told", "unlocks are untold"));
        }
        self.owes_gap = false;
        let releases = outs.iter().filter(|out| out.releases()).count();
        tally.unlocks += u64::try_from(releases).unwrap_or(u64::MAX);
        Ok(untold.len())
    }

    /// A daemon that ends says why, in one line, and has an exit code that means it.
    fn judge_end(&mut self, case: &Case, ended: ExitStatus) -> Result<(), Breach> {
        let said = self.said();
        let last = said.lines().last().unwrap_or_default().to_owned();
        let explained = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let is_clear = match (ended.code(), ended.signal()) {
            (Some(1 | 65 | 78), _) => !last.is_empty() && !said.contains("panicked"),
            // The loader of the system, before it is ours.
            (Some(127), _) => explained(&["error while loading shared libraries"]),
            // Nor is a loader, or a runtime before its first word, that has no memory.
            (_, Some(6 | 11)) if case.takes_memory() && !said.contains("portvaktd") => true,
            // There is no going on without memory, and none without random octets.
            (_, Some(6)) => explained(&["memory allocation of", "gives no random octets"]),
            _ => false,
        };
        if is_clear || case.takes_the_journal() {
            return Ok(());
        }
        let what = format!("{ended}, and said {last:?}");
        Err(Breach::new("the daemon ended without a clear line", what))
    }

    fn judge_journal(&mut self) -> Result<(), Breach> {
        let said = self.said();
        self.read += said.len();
        let panicked = said.lines().find(|line| line.contains("panicked"));
        match panicked.filter(|line| !is_of_the_runtime(line)) {
            Some(line) => Err(Breach::new("a panic", line)),
            None => Ok(()),
        }
    }

    /// What was said since it was looked at.
    fn said(&self) -> String {
        let journal = fs::read(self.site.house.journal()).expect("the journal");
        String::from_utf8_lossy(&journal[self.read.min(journal.len())..]).into_owned()
    }
}

/// A thread that cannot even have the memory to end well in: the standard library's, before it is ours.
fn is_of_the_runtime(line: &str) -> bool {
    line.contains("stack_overflow.rs")
}

fn tally_of_storm() -> crate::storm::Tally {
    crate::storm::Tally::default()
}

const DESKS: usize = 2;
/// Work before the fault.
const BEFORE: Duration = Duration::from_millis(120);
/// How long the system answers wrongly.
const LASTS: Duration = Duration::from_millis(900);
/// A start that neither serves nor ends meanwhile is let go on.
const STRUCK_START_MAX: Duration = Duration::from_secs(4);
/// A second to live, and what a busy machine keeps the reader from noticing.
const LATE_MAX: i64 = 2_500_000;
/// Records of standard doors that a daemon may take along when it ends.
const RING_MAX: usize = 1_024;
