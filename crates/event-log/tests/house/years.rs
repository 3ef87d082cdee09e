//! Years: the log of a house that is lived in day after day, and what is two years old swept out of it.

use std::sync::Arc;

use access::{ClockQuality, UtcMicros};
use event_log::disk::{Disk, SubDisk};
use event_log::read::Reader;
use event_log::verify::{Options, Report};
use event_log::{Log, LogError, Prover};

use crate::rig::{House, at};

pub(crate) const DAY: i64 = 86_400_000_000;
pub(crate) const HOUR: i64 = DAY / 24;
pub(crate) const EVENTS_A_DAY: u64 = 3;

/// The log of a house, day after day.
pub(crate) struct Years {
    pub(crate) house: House,
    pub(crate) log: Log,
    pub(crate) day: i64,
    pub(crate) next: u64,
}

impl Years {
    pub(crate) fn begin() -> Self {
        let (house, log) = House::new();
        Self {
            house,
            log,
            day: 0,
            next: 0,
        }
    }

    pub(crate) fn now(&self) -> UtcMicros {
        at(self.day * DAY)
    }

    /// A day passes, with events in the morning and a seal behind them.
    pub(crate) fn live_a_day(&mut self) {
        self.live_a_day_of(EVENTS_A_DAY);
    }

    /// The same with so many events.
    pub(crate) fn live_a_day_of(&mut self, events: u64) {
        self.day += 1;
        let mut batch = self.house.batch(self.next..self.next + events);
        for ticketed in &mut batch {
            ticketed.event.time = self.now();
            ticketed.event.late = false;
        }
        drop(self.log.append(&batch).unwrap());
        self.next += events;
        self.log.seal(self.now()).unwrap();
    }

    pub(crate) fn live(&mut self, days: i64) {
        (0..days).for_each(|_| self.live_a_day());
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(&self.house.disk, self.house.store_keys()).unwrap()
    }

    /// What the daemon does every hour.
    pub(crate) fn sweep(&mut self) -> Result<(), LogError> {
        self.overwrite()?;
        let reader = self.reader();
        let cuts = reader.cuts(self.log.policy())?;
        if let Some(outlived) = reader.outlived(cuts.nearest())? {
            let now = (self.now(), ClockQuality::Synchronised);
            self.log.prune(&outlived, now)?;
        }
        Ok(())
    }

    /// Overwrites what is over; no file leaves.
    pub(crate) fn overwrite(&mut self) -> Result<(), LogError> {
        let reader = self.reader();
        let cuts = reader.cuts(self.log.policy())?;
        let mut from = reader.first_index()?;
        loop {
            let expired = reader.expired(&cuts, from..self.log.size(), 5)?;
            if expired.is_empty() && expired.until >= cuts.furthest() {
                break;
            }
            from = expired.until;
            assert!(self.log.expire(expired)?);
        }
        Ok(())
    }

    pub(crate) fn pins(&self) -> Options {
        Options {
            key: Some(self.log.verifier_key().parse().unwrap()),
            epoch_key: Some(self.log.epoch_verifier_key().unwrap().parse().unwrap()),
            ..Options::default()
        }
    }

    pub(crate) fn verify(&self) -> Report {
        self.house.verify_with(self.pins()).unwrap()
    }

    pub(crate) fn finding(&self) -> String {
        let finding = self.house.verify_with(self.pins()).unwrap_err();
        finding.to_string()
    }

    pub(crate) fn prover(&self) -> Prover {
        let disk: Arc<dyn Disk> = Arc::new(SubDisk::new(Arc::clone(&self.house.disk), "log"));
        Prover::open(&disk, &self.log.verifier_key().parse().unwrap()).unwrap()
    }

    pub(crate) fn segments(&self) -> Vec<String> {
        let mut names = self.house.mem.files();
        names.retain(|name| name.ends_with(".seg"));
        names
    }

    pub(crate) fn checkpoint(&self) -> String {
        let note = self.house.mem.contents("log/checkpoint").unwrap();
        String::from_utf8(note).unwrap()
    }
}

/// The test's log begins on 2026-11-22; two years later it is 731 days, 2028 has a 29th of February.
pub(crate) const TWO_YEARS: i64 = 731;
