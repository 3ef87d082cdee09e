//! Watch: every record and every strike, held against what was shown, what the office knows and what the log has acknowledged.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use access::{ClockQuality, DoorId, Holder, Reason, UtcMicros};
use event_log::{Event, Passage, PassageKind, Ticketed, What, Who};
use firmware_protocol::command::{OutputAction, OutputControl};
use reader_bus::Uptime;
use site::DoorClass;

use super::callers::Callers;
use super::leave::{gives_leave, is_exit};
use super::pads::{Pads, is_about_pin};
use super::policy::Knowledge;
use super::violation::{Breach, Invariant};

/// Who watches.
#[derive(Default)]
pub(super) struct Watch {
    doors: BTreeMap<DoorId, Door>,
    /// When decisions fell, and what was known then; of those whose record was not seen yet.
    moments: VecDeque<Moment>,
    /// Who showed a card and waits.
    pub(super) callers: Callers,
    /// What was typed.
    pub(super) pads: Pads,
    /// The newest ticket seen since the start; records are offered again after a failure.
    newest_ticket: u64,
    /// The time of the newest record.
    newest_time: Option<UtcMicros>,
}

/// A moment in which the site decided.
#[derive(Clone)]
pub(super) struct Moment {
    /// When, as the site takes the time.
    pub(super) time: UtcMicros,
    /// What the wall clock said, if its jump was held.
    pub(super) held: Option<UtcMicros>,
    /// How far that was believed.
    pub(super) clock: ClockQuality,
    /// When, truly.
    pub(super) up: Uptime,
    /// What was known.
    pub(super) known: Arc<Knowledge>,
}

/// What is known of one door.
#[derive(Default)]
struct Door {
    leaves: Vec<Leave>,
    /// Releases from the memory ring whose record was not seen yet.
    from_ring: u64,
    released_at: Option<Uptime>,
    /// Since when it is locked down.
    locked_down: Option<Uptime>,
}

/// A record that gives leave to release a door once.
struct Leave {
    ticket: u64,
    given: Uptime,
    /// Given to somebody who leaves, whom no lockdown keeps.
    is_exit: bool,
    /// Given while the log had failed.
    late: bool,
    durable: bool,
    used: bool,
}

/// A strike was released.
#[derive(Clone, Copy)]
pub(super) struct Release {
    /// Which door's.
    pub(super) door: DoorId,
    /// What the door does without the log.
    pub(super) class: DoorClass,
    /// When the order left the controller.
    pub(super) sent: Uptime,
    /// Whether the door was to stand unlocked then, or shortly before.
    pub(super) stands_unlocked: bool,
    /// Whether the log had failed.
    pub(super) log_failed: bool,
}

/// What became of a release.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A record was durable.
    Recorded,
    /// A record in memory, while the log had failed.
    FromRing,
    /// The door stands unlocked.
    Standing,
}

impl Watch {
    /// The site decided so often in this moment.
    pub(super) fn decided(&mut self, times: u64, moment: &Moment) {
        for _ in 0..times {
            self.moments.push_back(moment.clone());
        }
    }

    /// The site offers a record: its time, its reason and its card must be right (I1, I2, I10).
    pub(super) fn recorded(
        &mut self,
        record: &Ticketed,
        revoked: &dyn Fn(Holder) -> Option<Uptime>,
        up: Uptime,
    ) -> Result<(), Breach> {
        if record.ticket <= self.newest_ticket {
            return Ok(());
        }
        self.newest_ticket = record.ticket;
        let event = &record.event;
        if self.newest_time.is_some_and(|newest| event.time < newest) {
            let newest = self.newest_time;
            let what = format!("a record of {} after one of {newest:?}", event.time);
            return Err(Invariant::RightAtDecision.breach(what));
        }
        self.newest_time = Some(event.time);
        let mut given = up;
        if let What::Passage(passage) = &event.what {
            given = self.passage(passage, event, revoked)?;
        }
        if let Some(door) = gives_leave(event) {
            let door = self.doors.entry(door).or_default();
            let used = event.late && door.from_ring > 0;
            door.from_ring -= u64::from(used);
            door.leaves.retain(|leave| !leave.is_old(up));
            door.leaves.push(Leave {
                ticket: record.ticket,
                given,
                is_exit: is_exit(event),
                late: event.late,
                durable: false,
                used,
            });
        }
        Ok(())
    }

    /// The log has acknowledged a record.
    pub(super) fn durable(&mut self, ticket: u64) {
        let leaves = self.doors.values_mut().flat_map(|door| &mut door.leaves);
        let mut of = leaves.filter(|leave| leave.ticket == ticket);
        of.next().into_iter().for_each(|leave| leave.durable = true);
    }

    /// A reader was told to switch the strike of a door (I3, I8). Says what gave leave, if it was released.
    pub(super) fn switched(
        &mut self,
        control: OutputControl,
        release: &Release,
    ) -> Result<Option<Kind>, Breach> {
        let what = |why: &str| format!("door {}: {control:?} {why}", release.door);
        match control.action {
            OutputAction::PermanentOffAbort | OutputAction::Nop => return Ok(None),
            OutputAction::TimedOn if (1..=RELEASED_MAX).contains(&control.time_100ms) => {}
            OutputAction::TimedOn
            | OutputAction::TimedOff
            | OutputAction::PermanentOnAbort
            | OutputAction::PermanentOnAllow
            | OutputAction::PermanentOffAllow
            | OutputAction::Unknown(_) => {
                return Err(Invariant::NoLateUnlock.breach(what("does not lock by itself")));
            }
        }
        let door = self.doors.entry(release.door).or_default();
        door.released_at = Some(release.sent);
        let mut leaves = door.leaves.iter_mut();
        let fresh = leaves.find(|leave| {
            leave.durable && !leave.used && release.sent < leave.given + TIME_TO_LIVE
        });
        if let Some(leave) = fresh {
            leave.used = true;
            if !leave.is_exit && door.locked_down.is_some_and(|since| since < release.sent) {
                return Err(Invariant::RightAtDecision.breach(what("and is locked down")));
            }
            return Ok(Some(Kind::Recorded));
        }
        if release.stands_unlocked {
            return Ok(Some(Kind::Standing));
        }
        if release.class == DoorClass::Standard && door.opens_from_ring(release) {
            return Ok(Some(Kind::FromRing));
        }
        if door.leaves.iter().any(|leave| leave.durable && !leave.used) {
            return Err(Invariant::NoLateUnlock.breach(what("a second after it was decided")));
        }
        Err(Invariant::RecordBeforeUnlock.breach(what("without a durable record")))
    }

    /// These doors are locked down from now on, and no others.
    pub(super) fn locked_down(&mut self, doors: &[DoorId], up: Uptime) {
        for (id, door) in &mut self.doors {
            let since = door.locked_down.unwrap_or(up);
            door.locked_down = doors.contains(id).then_some(since);
        }
    }

    /// When a door was last released.
    pub(super) fn released_at(&self, door: DoorId) -> Option<Uptime> {
        self.doors.get(&door)?.released_at
    }

    /// Releases from memory whose record was not seen.
    pub(super) fn unrecorded(&self) -> u64 {
        self.doors.values().map(|door| door.from_ring).sum()
    }

    /// How much is being watched.
    pub(super) fn len(&self) -> usize {
        let leaves = self.doors.values().map(|door| door.leaves.len());
        self.moments.len() + leaves.sum::<usize>()
    }

    /// The controller is gone. What it released from memory and did not record is lost; says how much that was.
    pub(super) fn crash(&mut self) -> u64 {
        let lost = self.unrecorded();
        self.moments.clear();
        self.newest_ticket = 0;
        for door in self.doors.values_mut() {
            door.leaves.clear();
            door.from_ring = 0;
        }
        self.callers.excuse();
        self.pads.forget();
        lost
    }

    /// The newest acknowledged record is this; the site's time never runs before it.
    pub(super) fn begin(&mut self, newest: Option<UtcMicros>) {
        self.newest_time = newest;
    }

    /// A passage was decided as the office's rules say, of a card that was shown. Says when it was decided.
    fn passage(
        &mut self,
        passage: &Passage,
        event: &Event,
        revoked: &dyn Fn(Holder) -> Option<Uptime>,
    ) -> Result<Uptime, Breach> {
        let what = |why: String| format!("reader {}: {passage:?} {why}", passage.reader);
        let moment = loop {
            let Some(moment) = self.moments.pop_front() else {
                let why = format!("at {}, when nothing was decided", event.time);
                return Err(Invariant::RightAtDecision.breach(what(why)));
            };
            // Others found no place among the records; that is counted.
            if moment.time == event.time {
                break moment;
            }
        };
        let Who::Holder(holder) = passage.who else {
            self.callers.take(passage.reader, None);
            return match passage.kind {
                PassageKind::Denied | PassageKind::Buffered => Ok(moment.up),
                PassageKind::Granted => {
                    Err(Invariant::RightAtDecision.breach(what("to nobody".to_owned())))
                }
            };
        };
        if !self.callers.take(passage.reader, Some(holder)) {
            let why = "whose card was not shown there".to_owned();
            return Err(Invariant::LinesApart.breach(what(why)));
        }
        let granted = passage.kind == PassageKind::Granted;
        if granted && revoked(holder).is_some_and(|since| since <= moment.up) {
            let why = "after the revocation was acknowledged".to_owned();
            return Err(Invariant::RevocationHolds.breach(what(why)));
        }
        let wanted = moment.verdict(holder, passage);
        let as_wanted = match passage.kind {
            PassageKind::Granted if wanted == Reason::PinNeeded => {
                let here = (passage.reader, holder);
                if let Some(why) = self.pads.let_in(here, moment.up, event.time) {
                    return Err(Invariant::RightAtDecision.breach(what(why.to_owned())));
                }
                true
            }
            PassageKind::Granted => wanted == Reason::Ok,
            PassageKind::Denied => {
                self.pads.refused(holder, passage.reason, event.time);
                let may_enter = matches!(wanted, Reason::Ok | Reason::PinNeeded);
                passage.reason == wanted && wanted != Reason::PinNeeded
                    || (may_enter && passage.reason == Reason::LogNotDurable)
                    || (is_about_pin(passage.reason) && moment.asks_pin(holder, passage))
            }
            PassageKind::Buffered => true,
        };
        if as_wanted && passage.generation == moment.known.generation {
            return Ok(moment.up);
        }
        let why = format!(
            "at {}, where the rules of generation {} say {}",
            event.time,
            moment.known.generation,
            wanted.as_str()
        );
        Err(Invariant::RightAtDecision.breach(what(why)))
    }
}

impl Moment {
    /// What the rules say: at the time that is kept and, while a jump of the clock is held, at that of the wall clock too.
    fn verdict(&self, holder: Holder, passage: &Passage) -> Reason {
        let Some(door) = passage.door else {
            return Reason::NoRight;
        };
        let times = [Some(self.time), self.held].into_iter().flatten();
        let said = times.map(|at| self.known.verdict(holder, door, at));
        let said: Vec<Reason> = said.collect();
        let is_no = |reason: &Reason| !matches!(reason, Reason::Ok | Reason::PinNeeded);
        if let Some(no) = said.iter().copied().find(is_no) {
            return no;
        }
        match self.clock {
            ClockQuality::Unknown => Reason::ClockUnknown,
            ClockQuality::Synchronised | ClockQuality::Unsynchronised | ClockQuality::Held => {
                let asks = said.contains(&Reason::PinNeeded);
                if asks { Reason::PinNeeded } else { Reason::Ok }
            }
        }
    }

    /// Whether a card is refused for its PIN: it is asked for before a held clock is, and who waited for it in vain is told so, whatever
    /// else has become of the card. While a clock is held, a door that asks by its time alone asks too.
    fn asks_pin(&self, holder: Holder, passage: &Passage) -> bool {
        passage.door.is_some_and(|door| {
            let says = |at| self.known.verdict(holder, door, at);
            let waited =
                passage.reason == Reason::PinNeeded && self.known.pin_doors.contains(&door);
            let kept = says(self.time);
            let by_held =
                kept == Reason::Ok && self.held.is_some_and(|at| says(at) == Reason::PinNeeded);
            waited || kept == Reason::PinNeeded || by_held
        })
    }
}

impl Door {
    /// Whether leave in memory is enough: the log has failed, or had when it was given. It is spent then.
    fn opens_from_ring(&mut self, release: &Release) -> bool {
        let waits = |leave: &&mut Leave| {
            let is_fresh = release.sent < leave.given + TIME_TO_LIVE;
            is_fresh && !leave.used && !leave.durable && (release.log_failed || leave.late)
        };
        match self.leaves.iter_mut().find(waits) {
            Some(leave) => leave.used = true,
            None if release.log_failed => self.from_ring += 1,
            None => return false,
        }
        true
    }
}

impl Leave {
    /// Whether nothing can come of it any more.
    fn is_old(&self, up: Uptime) -> bool {
        up.saturating_since(self.given) > LEAVES_KEPT && (self.durable || self.used)
    }
}

/// No unlock is sent later than this after its decision.
const TIME_TO_LIVE: Duration = Duration::from_secs(1);
/// So long a leave is remembered that was given or used.
const LEAVES_KEPT: Duration = Duration::from_secs(60);
/// No strike is released for longer than a door that stands unlocked, 100 ms.
const RELEASED_MAX: u16 = 300;
