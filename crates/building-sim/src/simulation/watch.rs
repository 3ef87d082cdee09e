//! Watch: every record and every strike, held against what was shown, what the office knows and what the log has acknowledged.

mod happened;
mod passage;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use access::{DoorId, Holder, IssuanceId, UtcMicros};
use event_log::{DoorKind, Ticketed, What};
use firmware_protocol::command::{OutputAction, OutputControl};
use reader_bus::Uptime;
use site::DoorClass;

use super::blueprint::Blueprint;
use super::building::OPEN_FOR;
use super::callers::Callers;
use super::company::Company;
use super::leave::{gives_leave, is_exit};
use super::moment::Moment;
use super::muster::Muster;
use super::pads::Pads;
use super::policy::Knowledge;
use super::repeats::Repeats;
use super::violation::{Breach, Invariant};
use happened::Happened;

/// Who watches.
#[derive(Default)]
pub(super) struct Watch {
    doors: BTreeMap<DoorId, Door>,
    /// When decisions fell, and what was known then; of those whose record was not seen yet.
    moments: VecDeque<Happened>,
    /// Who waits for others.
    company: Company,
    /// Who waited for the card that was decided last.
    together: Vec<IssuanceId>,
    /// Who showed a card and waits.
    pub(super) callers: Callers,
    /// What was typed.
    pub(super) pads: Pads,
    /// Who is where.
    pub(super) muster: Muster,
    blueprint: Arc<Blueprint>,
    /// The newest ticket seen since the start; records are offered again after a failure.
    newest_ticket: u64,
    /// The time of the newest record.
    newest_time: Option<UtcMicros>,
}

/// What is known of one door.
#[derive(Default)]
struct Door {
    leaves: Vec<Leave>,
    /// Releases from the memory ring whose record was not seen yet.
    from_ring: u64,
    released_at: Option<Uptime>,
    repeats: Repeats,
    /// When its strike was told to lock, before its time.
    locked_at: Option<Uptime>,
    /// Since when it is locked down.
    locked_down: Option<Uptime>,
    /// Grants on the wrong side that are to be noted, and others that may be.
    to_note: u64,
    may_note: u64,
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
    /// Whether one order may be carried out more than once: where a lost answer brings the same again.
    pub(super) may_repeat: bool,
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
    /// It was told the same again.
    Repeated,
}

impl Watch {
    /// A watch over these doors.
    pub(super) fn over(blueprint: Arc<Blueprint>) -> Self {
        Self {
            blueprint,
            ..Self::default()
        }
    }

    /// The site decided so often in this moment.
    pub(super) fn decided(&mut self, times: u64, moment: &Moment) {
        for _ in 0..times {
            self.moments.push_back(Happened::Decided(moment.clone()));
        }
    }

    /// The site has another list.
    pub(super) fn swapped(&mut self, known: Arc<Knowledge>) {
        self.happened(Happened::Swapped(known));
    }

    /// The site has forgotten a card.
    pub(super) fn forgotten(&mut self, card: IssuanceId) {
        self.happened(Happened::Forgot(card));
    }

    fn happened(&mut self, what: Happened) {
        if self.moments.is_empty() {
            what.tell(&mut self.company);
        } else {
            self.moments.push_back(what);
        }
    }

    /// Whether somebody may have been let in of whom no record tells.
    pub(super) fn is_unsure(&self, now: UtcMicros) -> bool {
        self.company.is_unsure(now)
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
        match &event.what {
            What::Passage(passage) => {
                given = self.passage(passage, event, revoked)?;
                self.let_in(passage, record, given);
            }
            What::Door(told) if told.kind == DoorKind::PassbackNoted => self.noted(told.door)?,
            What::Door(_)
            | What::Reader(_)
            | What::Administration(_)
            | What::Reading(_)
            | What::System(_) => {}
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
            OutputAction::Nop => return Ok(None),
            OutputAction::PermanentOffAbort => {
                let door = self.doors.entry(release.door).or_default();
                door.locked_at = Some(release.sent);
                return Ok(None);
            }
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
            door.repeats.begin(leave.given + TIME_TO_LIVE, release.sent);
            self.muster.released(leave.ticket, release.sent);
            if !leave.is_exit && door.locked_down.is_some_and(|since| since < release.sent) {
                return Err(Invariant::RightAtDecision.breach(what("and is locked down")));
            }
            return Ok(Some(Kind::Recorded));
        }
        if release.stands_unlocked {
            door.repeats
                .begin(release.sent + TIME_TO_LIVE, release.sent);
            return Ok(Some(Kind::Standing));
        }
        if release.may_repeat && door.repeats.take(release.sent) {
            return Ok(Some(Kind::Repeated));
        }
        if release.class == DoorClass::Standard && door.opens_from_ring(release) {
            door.repeats
                .begin(release.sent + TIME_TO_LIVE, release.sent);
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

    /// Whether a door's strike is released, for all that it was told.
    pub(super) fn is_released(&self, door: DoorId, up: Uptime) -> bool {
        self.doors.get(&door).is_some_and(|door| {
            let lasts = |at| up.saturating_since(at) < OPEN_FOR;
            door.released_at > door.locked_at && door.released_at.is_some_and(lasts)
        })
    }

    /// When leave was given last to release a door, or it was released.
    pub(super) fn stirred_at(&self, door: DoorId) -> Option<Uptime> {
        let door = self.doors.get(&door)?;
        let given = door.leaves.iter().map(|leave| leave.given).max();
        given.max(door.released_at)
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
            // What starts again does not know of them.
            door.repeats = Repeats::default();
            (door.from_ring, door.to_note, door.may_note) = (0, 0, 0);
        }
        self.muster.crash();
        self.company = Company::default();
        self.callers.excuse();
        self.pads.forget();
        lost
    }

    /// A door was released for somebody alone, who was to be known to have come in by now.
    pub(super) fn went_in(
        &self,
        door: DoorId,
        (opened, until): (Uptime, Uptime),
    ) -> Result<(), Breach> {
        let Some((card, given)) = self.muster.missing(door, (opened, until)) else {
            return Ok(());
        };
        let Some(known) = self.doors.get(&door) else {
            return Ok(());
        };
        // It may have been locked before the leaf moved.
        if known.locked_at > Some(given) {
            return Ok(());
        }
        let near = known.leaves.iter().filter(|leave| {
            leave.given.saturating_since(given) < ALONE_FOR
                && given.saturating_since(leave.given) < ALONE_FOR
        });
        if near.count() > 1 {
            return Ok(());
        }
        let what = format!("{} came in at door {door}, and nobody says so", card.get());
        Err(Invariant::RightAtDecision.breach(what))
    }

    /// Grants that were to be noted, and were not.
    pub(super) fn unnoted(&self) -> u64 {
        self.doors.values().map(|door| door.to_note).sum()
    }

    /// The newest acknowledged record is this; the site's time never runs before it.
    pub(super) fn begin(&mut self, newest: Option<UtcMicros>) {
        self.newest_time = newest;
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
/// Nobody else was let in so long before and after.
const ALONE_FOR: Duration = Duration::from_secs(12);
/// So long a leave is remembered that was given or used.
const LEAVES_KEPT: Duration = Duration::from_secs(60);
/// No strike is released for longer than a door that stands unlocked, 100 ms.
const RELEASED_MAX: u16 = 300;
