//! Restart: the controller dies at any instant, everything volatile with it, and starts again from what the disk has.

use std::collections::BTreeMap;
use std::time::Duration;

use access::{DoorId, LineId};
use event_log::disk::{Fault as DiskFault, FaultOn};
use event_log::{Event, SystemEvent, SystemKind, Text, What};
use reader_bus::Uptime;
use site::{Site, Start};

use super::Scene;
use super::agenda::Turn;
use super::building;
use super::fault::Fault;
use super::muster::People;
use super::plant::Plant;
use super::violation::{Breach, Invariant};

impl Scene {
    /// The power is cut, or the process is killed, in the middle of whatever it did.
    pub(super) fn crash(&mut self, fault: Fault) -> Result<(), Breach> {
        if self.site.take().is_none() {
            return Ok(());
        }
        self.census.struck(fault);
        let power_cut = (fault == Fault::PowerCut).then(|| self.mischief.throw());
        let torn = (self.mischief.below(6), self.mischief.one_in(3));
        if self.keeper.is_behind && self.mischief.one_in(2) {
            self.die_keeping();
        }
        self.office.crash(torn, power_cut, self.up);
        let lost = self.watch.crash();
        if lost > RING {
            let what = format!("{lost} unlocks were lost at a crash, of a ring of {RING}");
            return Err(Invariant::RecordBeforeUnlock.breach(what));
        }
        self.desk.crash();
        self.agenda.strike_out(|turn| {
            matches!(
                turn,
                Turn::Flushed
                    | Turn::Crash(_)
                    | Turn::Committed
                    | Turn::Swap
                    | Turn::Forget { .. }
                    | Turn::Keep
                    | Turn::AtController { .. }
                    | Turn::Late { .. }
            )
        });
        self.holds_back = false;
        self.look_at_image()?;
        if power_cut.is_some() && self.plan.faults.has(Fault::ClockLost) && self.mischief.one_in(2)
        {
            self.census.struck(Fault::ClockLost);
            self.clock.lose(self.up);
            let found = Duration::from_millis(5_000 + self.mischief.below(300_000));
            self.agenda
                .add(self.up + found, Turn::Heal(Fault::ClockLost));
        }
        let away = Duration::from_millis(200 + self.mischief.below(20_000));
        self.agenda.add(self.up + away, Turn::Start);
        Ok(())
    }

    /// The controller starts; sometimes it dies again while it does.
    pub(super) fn start(&mut self) -> Result<(), Breach> {
        let again = self.plan.faults.has(Fault::CutAgain)
            && self.healed_at.is_none()
            && self.mischief.one_in(3);
        let dies_after = again.then(|| self.mischief.below(16));
        let before = self.segments();
        let opened = self.office.reopen(self.now(), dies_after);
        if dies_after.is_some() {
            self.census.struck(Fault::CutAgain);
            drop(opened);
            let seed = self.mischief.throw();
            self.office.crash((0, false), Some(seed), self.up);
            self.look_at_image()?;
            let away = Duration::from_millis(200 + self.mischief.below(5_000));
            self.agenda.add(self.up + away, Turn::Start);
            return Ok(());
        }
        self.trace.tell(self.up, "start", &opened.is_ok());
        if let Err(cause) = opened {
            return self.not_opened(&cause);
        }
        if self.plan.plant == Some(Plant::TornTailAccepted) {
            self.put_back(&before);
        }
        self.office.archive.is_whole()?;
        self.begin_site()
    }

    /// A log that does not open is damaged, unless its disk refuses just now.
    fn not_opened(&mut self, cause: &event_log::LogError) -> Result<(), Breach> {
        if self.healed_at.is_none() && matches!(cause, event_log::LogError::Io { .. }) {
            let away = Duration::from_secs(5);
            self.agenda.add(self.up + away, Turn::Start);
            return Ok(());
        }
        Err(Invariant::LogVerifies.breach(format!("it does not open: {cause}")))
    }

    /// A site of what is on the disk and in the register; its first records say how the one before ended.
    pub(super) fn begin_site(&mut self) -> Result<(), Breach> {
        self.started_at = self.up;
        let now = self.now();
        let own = |kind| Event {
            time: now.utc,
            clock: now.clock,
            late: false,
            what: What::System(SystemEvent {
                kind,
                detail: Text::default(),
            }),
        };
        let first = vec![own(SystemKind::LogGap), own(SystemKind::Started)];
        if let Err(cause) = self.office.write(first, now) {
            return self.not_begun(&cause);
        }
        self.watch.begin(self.office.newest_time());
        let day = now.utc.day();
        let Some(day_key) = self.office.day_key(day) else {
            return self.not_begun(&"no key for today");
        };
        let start = Start {
            allowlist: self.desk.list(true)?,
            tag_key: self.office.tag_key()?,
            pin_key: self.office.pin_key()?,
            day_key: (day, day_key),
            newest: self.office.newest_time(),
            now,
        };
        self.desk.swapped();
        self.census.restarts += u64::from(self.up > Uptime::START);
        let plan = building::plan(&self.plan, &self.street.wires, &self.blueprint)?;
        let dice = &mut self.mischief;
        let mut site = Site::new(plan, start, &mut |_| Box::new(dice.split()))?;
        for (reader, identity) in &self.pinned {
            site.pin_reader(*reader, *identity)?;
        }
        self.put_people_back(&mut site)?;
        self.site = Some(site);
        let down: Vec<DoorId> = self.desk.at_doors.locked_down.iter().copied().collect();
        self.ask_site(|site, now| site.keep_lockdown(&down, now));
        self.watch.locked_down(&down, self.up);
        let up = self.street.wires.iter().filter(|wire| wire.is_up);
        let lines: Vec<LineId> = up.map(|wire| wire.id).collect();
        for line in lines {
            self.ask_site(|site, now| site.handle_line_up(line, now));
        }
        self.record_changes();
        self.forget_the_rest();
        Ok(())
    }

    /// Who was where is told to the new site, as far as the cards are on its list.
    fn put_people_back(&mut self, site: &mut Site) -> Result<(), Breach> {
        if !self.plan.keeps_people() {
            self.watch.muster.begin(People::new());
            return Ok(());
        }
        let kept = self.keeper.read(&self.office.disk);
        let mut kept = kept.map_err(|what| Invariant::AcknowledgedSurvives.breach(what))?;
        let cards = &self.desk.at_doors.cards;
        let is_held = |card| cards.iter().any(|known| known.holder.issuance == card);
        kept.retain(|card, _| is_held(*card));
        if self.plan.plant != Some(Plant::PassbackForgotten) {
            for (card, known) in &kept {
                site.restore_whereabouts(*card, *known);
            }
        }
        drop(site.take_occupancy_news());
        self.watch.muster.begin(kept);
        self.keeper.is_behind = false;
        self.heed_news();
        Ok(())
    }

    /// The controller dies while it writes down who is where.
    fn die_keeping(&mut self) {
        let disk = &self.office.disk;
        disk.inject(Some(DiskFault {
            on: FaultOn::Change,
            after: self.mischief.below(6),
            times: u64::MAX,
            errno: EIO,
        }));
        let inside = self.watch.muster.inside();
        // Nobody hears of it.
        self.keeper.write(inside, disk).ok();
        disk.inject(None);
    }

    /// The disk refuses the first records: the daemon ends, and is started again.
    fn not_begun(&mut self, cause: &dyn std::fmt::Display) -> Result<(), Breach> {
        if self.healed_at.is_some() {
            let what = format!("the controller does not start: {cause}");
            return Err(Invariant::HealthReturns.breach(what));
        }
        self.office.close();
        self.agenda
            .add(self.up + Duration::from_secs(5), Turn::Start);
        Ok(())
    }

    /// After a crash the log verifies as it lies there, before anything is repaired.
    fn look_at_image(&mut self) -> Result<(), Breach> {
        self.census.verified += 1;
        let report = self.office.archive.verify()?;
        let acknowledged = self.office.archive.len();
        if report.events < acknowledged {
            let what = format!("{} records of {acknowledged} acknowledged", report.events);
            return Err(Invariant::AcknowledgedSurvives.breach(what));
        }
        Ok(())
    }

    /// What the segments hold, if a bug is planted that needs it.
    fn segments(&self) -> BTreeMap<String, Vec<u8>> {
        if self.plan.plant != Some(Plant::TornTailAccepted) {
            return BTreeMap::new();
        }
        let disk = &self.office.disk;
        let paths = disk.files().into_iter();
        let paths = paths.filter(|path| path.starts_with("log/segments/"));
        paths
            .filter_map(|path| Some((path.clone(), disk.contents(&path)?)))
            .collect()
    }

    /// What was cut off lies there again, and what is written next comes behind it.
    fn put_back(&self, before: &BTreeMap<String, Vec<u8>>) {
        let disk = &self.office.disk;
        for (path, before) in before {
            let Some(mut now) = disk.contents(path) else {
                continue;
            };
            let cut = now.iter_mut().zip(before);
            let cut = cut.filter(|(now, before)| **now != **before && **before != 0);
            let mut was_cut = false;
            for (now, before) in cut {
                *now = *before;
                was_cut = true;
            }
            if was_cut {
                disk.put(path, now);
            }
        }
    }
}

const EIO: i32 = 5;
/// The most records of standard doors that can be lost at a crash.
const RING: u64 = 1_024;
