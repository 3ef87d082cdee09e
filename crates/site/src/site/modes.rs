//! Modes: how each door lets people in, looked at anew whenever that may have changed.

use std::time::Duration;

use access::{DoorId, DoorMode, ModeCause, UtcMicros};
use event_log::DoorKind;
use reader_bus::Uptime;

use crate::hold::Hold;
use crate::now::Now;
use crate::site::Site;
use crate::site::doors::door_event;

/// When the modes are looked at next.
#[derive(Debug)]
pub(crate) struct ModeClock {
    due: Uptime,
    /// The same by the wall clock, which may be set ahead meanwhile.
    due_utc: UtcMicros,
}

impl Default for ModeClock {
    fn default() -> Self {
        Self {
            due: Uptime::START,
            due_utc: UtcMicros::from_micros(0),
        }
    }
}

impl ModeClock {
    /// Something changed that modes depend on.
    pub(crate) const fn hurry(&mut self) {
        self.due = Uptime::START;
    }

    pub(crate) const fn due(&self) -> Uptime {
        self.due
    }

    fn is_due(&self, now: Now) -> bool {
        self.due <= now.up || self.due_utc <= now.utc
    }
}

impl Site {
    /// Brings every door into the mode of this moment. Schedules begin and end with a minute, so that is often enough; an order that
    /// ends in between ends on time as well.
    pub(super) fn tick_modes(&mut self, now: Now) {
        if !self.modes.is_due(now) {
            return;
        }
        let doors: Vec<DoorId> = self.doors.keys().copied().collect();
        for door in doors {
            self.refresh_mode(door, now);
        }
        let wait = self.next_look(now);
        self.modes.due = now.up + wait;
        self.modes.due_utc = now.utc.saturating_add(wait);
    }

    /// How long until something may change by itself.
    fn next_look(&self, now: Now) -> Duration {
        let in_minute = now.utc.micros().rem_euclid(MINUTE_MICROS);
        let orders = self.allowlist.modes().iter();
        let ends = orders.filter_map(|(_, plan)| plan.order?.until);
        let left = ends.map(|until| until.micros().saturating_sub(now.utc.micros()));
        let left = left.filter(|left| *left > 0).min().unwrap_or(MINUTE_MICROS);
        let wait = left.min(MINUTE_MICROS - in_minute);
        Duration::from_micros(u64::try_from(wait).unwrap_or(0).max(1))
    }

    fn refresh_mode(&mut self, door: DoorId, now: Now) {
        let Some((mode, cause)) = self.mode_now(door, now) else {
            return;
        };
        let Some(known) = self.doors.get_mut(&door) else {
            return;
        };
        let before = known.set_mode((mode, cause), now.up);
        let stands_unlocked = known.stands_unlocked();
        let held = self.holds.iter().any(|hold| hold.door() == door);
        if stands_unlocked && !held {
            self.holds.push(Hold::new(door, told(cause), now.up));
        } else if !stands_unlocked && held {
            self.holds.retain(|hold| hold.door() != door);
            self.lock_now(door, now);
        }
        // That a door stands unlocked has a record of its own, which gives the leave for it.
        if mode != before && mode != DoorMode::Unlocked {
            let detail = format!("{} {}", mode.as_str(), told(cause));
            self.record(door_event(DoorKind::ModeChanged, door, &detail), now);
        }
    }

    /// The mode of a door at this moment; while a jump of the clock is held the stricter of both times'.
    fn mode_now(&mut self, door: DoorId, now: Now) -> Option<(DoorMode, ModeCause)> {
        let base = self.doors.get(&door)?.plan().rules.mode;
        let modes = self.allowlist.modes();
        let hours = self.allowlist.timetable();
        let at = |came, utc| modes.mode(hours, (door, base), came, utc);
        // Hours that wait for somebody wait anew each time, also where they follow upon such hours.
        let waiting = match at(false, now.utc) {
            (_, ModeCause::WaitsForFirstCard(schedule)) => Some(schedule),
            (_, ModeCause::Configuration | ModeCause::Order(_) | ModeCause::Schedule(_)) => None,
        };
        let known = self.doors.get_mut(&door)?;
        let came = known.first_card_is_of(waiting);
        self.house.set_first_card(door, came);
        let modes = [Some(now.utc), self.floor.held(now.up)]
            .into_iter()
            .flatten();
        let (mode, cause) = modes
            .map(|utc| at(came, utc))
            .min_by_key(|(mode, _)| mode.openness())?;
        // A strict door on Wiegand proves everyone by card and PIN, and a door in an interlock has others wait for it: neither stands
        // open for anybody, whoever wants that.
        let plan = self.doors.get(&door)?.plan();
        let never = self.wiring.imitable(plan).is_some() || !plan.rules.interlock.is_empty();
        let shut = mode == DoorMode::Unlocked && never;
        Some((if shut { DoorMode::Card } else { mode }, cause))
    }

    /// Somebody of the house came in: hours that wait for that begin.
    pub(super) fn first_card(&mut self, door: DoorId, now: Now) {
        let Some(known) = self.doors.get_mut(&door) else {
            return;
        };
        let base = known.plan().rules.mode;
        let modes = self.allowlist.modes();
        let (_, cause) = modes.mode(self.allowlist.timetable(), (door, base), false, now.utc);
        if let ModeCause::WaitsForFirstCard(schedule) = cause {
            known.set_first_card_of(schedule);
            self.modes.hurry();
        }
    }
}

/// Where a mode comes from, in the words of the log.
fn told(cause: ModeCause) -> String {
    match cause {
        ModeCause::Configuration => "by its configuration".to_owned(),
        ModeCause::Order(order) => match order.until {
            Some(until) => format!("by order until {until}"),
            None => "by order".to_owned(),
        },
        ModeCause::Schedule(schedule) => format!("by schedule {schedule}"),
        ModeCause::WaitsForFirstCard(schedule) => {
            format!("until the first card of schedule {schedule}")
        }
    }
}

const MINUTE_MICROS: i64 = 60_000_000;
