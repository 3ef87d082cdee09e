//! A whole site on simulated time: the real lines, decisions and log, on simulated wires and a
//! simulated disk. The same seed gives the same log, octet for octet.

mod agenda;
mod broken;
mod cast;
mod clocks;
mod ledger;
mod office;
mod wires;

use std::iter;
use std::sync::Arc;
use std::time::Duration;

use access::LineId;
use event_log::Ticketed;
use key_store::disk::MemDisk;
use reader_bus::Uptime;
use site::{Notice, Site, Start};

use crate::dice::Dice;
use agenda::{Agenda, Turn};
pub use broken::Broken;
use cast::Cast;
use clocks::now;
use ledger::Ledger;
use office::Office;
use wires::Wires;

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// How long people come and go, in simulated time.
    pub length: Duration,
    /// OSDP lines, each with its own readers; at most 200.
    pub lines: u8,
    /// Readers on each line, each beside a door of its own; at most 32.
    pub readers_per_line: u8,
    /// People with cards; some valid, some expired, some without the right, some strangers.
    pub people: u16,
    /// One frame in so many is damaged; `None` for quiet wires.
    pub noise_one_in: Option<u64>,
    /// With one visit in so many a reader loses its plug for a while; `None` for never.
    pub unplugged_one_in: Option<u64>,
}

/// What came of it. Every rule held, or there would be none.
#[derive(Debug)]
pub struct Outcome {
    /// Cards shown at readers that answered.
    pub shown: u64,
    /// Passages recorded as granted.
    pub granted: u64,
    /// Passages recorded as denied.
    pub denied: u64,
    /// Cards recorded that a reader had kept while nobody asked it.
    pub buffered: u64,
    /// Strikes released by readers.
    pub unlocks: u64,
    /// The disk as it is at the end, log and keys.
    pub disk: MemDisk,
}

impl Trial {
    /// Lets it run: people come and go for `length`, then stay away for five seconds.
    ///
    /// # Errors
    /// [`Broken`] with the rule that did not hold, or what could not be set up.
    pub fn run(self) -> Result<Outcome, Broken> {
        let mut stage = Stage::set(self)?;
        stage.go_on()?;
        stage.close()
    }
}

/// A trial under way.
struct Stage {
    trial: Trial,
    site: Site,
    office: Office,
    wires: Wires,
    cast: Cast,
    ledger: Ledger,
    agenda: Agenda,
    dice: Dice,
    up: Uptime,
}

impl Stage {
    fn set(trial: Trial) -> Result<Self, Broken> {
        let mut dice = Dice::new(trial.seed);
        let mut office = Office::open(dice.split())?;
        let Trial {
            lines,
            readers_per_line,
            noise_one_in,
            ..
        } = trial;
        let wires = Wires::lay(lines, readers_per_line, noise_one_in, dice.split())?;
        let cast = Cast::assemble(trial.people, &wires.doors(), &mut office, &mut dice)?;
        let start = Start {
            allowlist: Arc::new(cast.allowlist()?),
            tag_key: office.tag_key()?,
            pin_key: office.pin_key()?,
            day_key: office.day_key(now(START).utc.day())?,
            newest: None,
            now: now(START),
        };
        let mut entropy = dice.split();
        let site = Site::new(wires.plan()?, start, &mut |_| Box::new(entropy.split()))?;
        let mut stage = Self {
            trial,
            site,
            office,
            wires,
            cast,
            ledger: Ledger::default(),
            agenda: Agenda::default(),
            dice,
            up: START,
        };
        stage.agenda.add(START + FIRST_CARD_AFTER, Turn::Visit);
        for line in stage.wires.lines() {
            stage.site.handle_line_up(line, now(START));
        }
        stage.settle()?;
        Ok(stage)
    }

    /// From one moment at which something happens to the next.
    fn go_on(&mut self) -> Result<(), Broken> {
        let end = START + self.trial.length + QUIET_AT_THE_END;
        loop {
            let due = [self.agenda.next_at(), self.site.poll_timeout()];
            let Some(next) = due.into_iter().flatten().min().filter(|next| *next <= end) else {
                return Ok(());
            };
            self.up = self.up.max(next);
            match self.agenda.take_due(self.up) {
                Some(turn) => self.take(turn)?,
                None => self.site.handle_timeout(now(self.up)),
            }
            self.settle()?;
        }
    }

    fn take(&mut self, turn: Turn) -> Result<(), Broken> {
        match turn {
            Turn::Visit => self.visit(),
            Turn::AtReaders { line, octets } => return self.at_readers(line, &octets),
            Turn::AtController { line, octets } => {
                self.site.handle_bytes(line, &octets, now(self.up));
            }
            Turn::Plugged { line, address } => self.wires.plug_in(line, address),
            Turn::Durable(receipts) => {
                for receipt in receipts {
                    self.site.handle_receipt(receipt, now(self.up));
                }
            }
        }
        Ok(())
    }

    /// Somebody shows a card somewhere; the next one comes within a second.
    fn visit(&mut self) {
        if self.up >= START + self.trial.length {
            self.wires.plug_in_all();
            return;
        }
        if let Some(card) = self.cast.anybody(&mut self.dice)
            && self.wires.show(card)
        {
            self.ledger.shown = self.ledger.shown.saturating_add(1);
        }
        self.perhaps_unplug();
        let pause = Duration::from_millis(50 + self.dice.below(950));
        self.agenda.add(self.up + pause, Turn::Visit);
    }

    /// Long enough, sometimes, for the reader's session to be given up.
    fn perhaps_unplug(&mut self) {
        let due = |one_in| self.dice.one_in(one_in);
        if self.trial.unplugged_one_in.is_some_and(due)
            && let Some((line, address)) = self.wires.unplug()
        {
            let away = Duration::from_millis(self.dice.below(15_000));
            self.agenda
                .add(self.up + away, Turn::Plugged { line, address });
        }
    }

    fn at_readers(&mut self, line: LineId, octets: &[u8]) -> Result<(), Broken> {
        if let Some((after, octets)) = self.wires.at_readers(line, octets) {
            self.agenda
                .add(self.up + after, Turn::AtController { line, octets });
        }
        while let Some(door) = self.wires.poll_unlock() {
            let grant = self.ledger.unlocked(door)?;
            if self.ledger.unlocks <= POWER_CUTS {
                let seed = self.dice.throw();
                self.office
                    .survives_a_power_cut(grant, seed, now(self.up).utc)?;
            }
        }
        Ok(())
    }

    /// Does what the site wants done, until it wants nothing.
    fn settle(&mut self) -> Result<(), Broken> {
        for line in self.wires.lines() {
            while let Some(frame) = self.site.poll_transmit(line, now(self.up)) {
                let (after, octets) = self.wires.leaves_controller(frame);
                self.agenda
                    .add(self.up + after, Turn::AtReaders { line, octets });
            }
        }
        let batch: Vec<Ticketed> = iter::from_fn(|| self.site.poll_record()).collect();
        if !batch.is_empty() {
            for record in &batch {
                self.ledger.recorded(&record.event, &self.cast)?;
            }
            let receipts = self.office.append(&batch)?;
            self.ledger.durable(&batch, &receipts);
            let sync = Duration::from_micros(200 + self.dice.below(4_000));
            self.agenda.add(self.up + sync, Turn::Durable(receipts));
        }
        while let Some(notice) = self.site.poll_notice() {
            if let Notice::DayKeyWanted(day) = notice {
                let (day, key) = self.office.day_key(day)?;
                self.site.set_day_key(day, key);
            }
        }
        Ok(())
    }

    fn close(mut self) -> Result<Outcome, Broken> {
        if self.trial.noise_one_in.is_none() {
            self.ledger.close()?;
        }
        self.office.close(now(self.up).utc)?;
        Ok(Outcome {
            shown: self.ledger.shown,
            granted: self.ledger.granted,
            denied: self.ledger.denied,
            buffered: self.ledger.buffered,
            unlocks: self.ledger.unlocks,
            disk: self.office.disk(),
        })
    }
}

/// Readers need a moment to come online.
const FIRST_CARD_AFTER: Duration = Duration::from_secs(3);
/// So that the last card's record and unlock are through.
const QUIET_AT_THE_END: Duration = Duration::from_secs(5);
/// At so many unlocks the power is cut, on a copy of the disk.
const POWER_CUTS: u64 = 25;
const START: Uptime = Uptime::from_micros(0);

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Trial = Trial {
        seed: 1,
        length: Duration::from_secs(40),
        lines: 2,
        readers_per_line: 3,
        people: 30,
        noise_one_in: None,
        unplugged_one_in: None,
    };

    #[test]
    fn on_quiet_wires_every_card_is_decided_and_no_door_opens_unrecorded() {
        for seed in 0..3 {
            let outcome = Trial { seed, ..SMALL }.run().unwrap();
            assert!(outcome.granted > 5 && outcome.denied > 5, "{outcome:?}");
            assert_eq!(outcome.unlocks, outcome.granted);
        }
    }

    #[test]
    fn noise_costs_time_and_never_a_rule() {
        for seed in 0..3 {
            let noise_one_in = Some(40);
            let outcome = Trial {
                seed,
                noise_one_in,
                ..SMALL
            }
            .run()
            .unwrap();
            assert!(outcome.granted > 0 && outcome.unlocks > 0, "{outcome:?}");
        }
    }

    #[test]
    fn a_card_kept_by_an_unplugged_reader_is_recorded_and_opens_nothing() {
        for seed in 0..3 {
            let unplugged_one_in = Some(8);
            let outcome = Trial {
                seed,
                unplugged_one_in,
                ..SMALL
            }
            .run()
            .unwrap();
            assert!(outcome.buffered > 0, "{outcome:?}");
            assert_eq!(outcome.unlocks, outcome.granted);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_log() {
        let noise_one_in = Some(60);
        let trial = Trial {
            seed: 9,
            noise_one_in,
            ..SMALL
        };
        let (one, two) = (trial.run().unwrap(), trial.run().unwrap());
        let logs = |outcome: &Outcome| {
            let disk = &outcome.disk;
            let paths = disk
                .files()
                .into_iter()
                .filter(|path| path.starts_with("log/"));
            paths
                .map(|path| (disk.contents(&path), path))
                .collect::<Vec<_>>()
        };
        assert_eq!(logs(&one), logs(&two));
        let other = Trial { seed: 10, ..trial }.run().unwrap();
        assert_ne!(logs(&one), logs(&other));
    }
}
