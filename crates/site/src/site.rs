//! Site: lines, doors and decisions as one machine.

mod cards;
mod doors;
mod entries;
mod lockdown;
mod locks;
mod modes;
mod orders;
mod pins;
mod questions;
mod readers;
mod records;
mod time;
mod unlocks;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use access::{
    Allowlist, CardTag, Day, DoorId, DoorMode, HousePlan, HouseState, IssuanceId, LineId,
    ModeCause, PinKey, ReaderId, TagKey, UtcMicros,
};
use event_log::SystemKind;
use reader_bus::{Entropy, Feedback, Occasion, Scbk, Uptime};

use crate::day_keys::DayKeys;
use crate::door::Door;
use crate::enrolment::Enrolment;
use crate::error::SiteError;
use crate::floor::TimeFloor;
use crate::hold::Hold;
use crate::journal::Journal;
use crate::last_read::{LastRead, LastReads};
use crate::notice::{Notice, Notices};
use crate::now::Now;
use crate::pin_pad::PinPads;
use crate::plan::{DoorPlan, SitePlan};
use crate::release::Release;
use crate::relock::Relock;
use crate::wiring::Wiring;
use modes::ModeClock;
use orders::Ordered;

/// A whole controller.
///
/// Contract: lines start down; tell [`handle_line_up`](Self::handle_line_up) when a port is open. After any `handle_*` and any
/// order drain [`poll_transmit`](Self::poll_transmit) of every line, [`poll_record`](Self::poll_record) and
/// [`poll_notice`](Self::poll_notice) until they give nothing, then wait for bytes, a receipt or
/// [`poll_timeout`](Self::poll_timeout). Records go to the log in the order polled; for each that is durable its receipt comes
/// back with [`handle_receipt`](Self::handle_receipt). If the log refuses, [`handle_log_failure`](Self::handle_log_failure)
/// takes back all that has no receipt; it is offered again.
///
/// Time is the wall clock, but never before the newest recorded event and the uptime passed since.
pub struct Site {
    wiring: Wiring,
    doors: BTreeMap<DoorId, Door>,
    holds: Vec<Hold>,
    relocks: Vec<Relock>,
    interlocked: Vec<DoorId>,
    house: HouseState,
    modes: ModeClock,
    allowlist: Arc<Allowlist>,
    /// The generations before it, newest first, for whoever asks why.
    past: VecDeque<Arc<Allowlist>>,
    tag_key: TagKey,
    pin_key: PinKey,
    pads: PinPads,
    /// The tags of cards that wait for others, so that one which is revoked meanwhile waits no more.
    waiting: BTreeMap<IssuanceId, CardTag>,
    day_keys: DayKeys,
    floor: TimeFloor,
    journal: Journal,
    sent: BTreeMap<u64, Release>,
    ordered: BTreeMap<u64, (ReaderId, Ordered)>,
    enrolment: Enrolment,
    last_reads: LastReads,
    feedback: Feedback,
    notices: Notices,
    counts: SiteCounts,
}

/// What a site starts from.
#[derive(Debug)]
pub struct Start {
    /// The cards.
    pub allowlist: Arc<Allowlist>,
    /// The house's key of card tags.
    pub tag_key: TagKey,
    /// The house's key of PINs.
    pub pin_key: PinKey,
    /// The key of today's unknown cards.
    pub day_key: (Day, TagKey),
    /// The time of the newest event in the log.
    pub newest: Option<UtcMicros>,
    /// The present.
    pub now: Now,
}

/// What a site has counted since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteCounts {
    /// Cards let in.
    pub granted: u64,
    /// Cards refused, buffered ones included.
    pub denied: u64,
    /// Unlocks that were never sent, or not confirmed.
    pub unlocks_failed: u64,
    /// Records that found no place; told in a gap record.
    pub records_lost: u64,
    /// Records not durable yet.
    pub records_waiting: usize,
    /// Whether the log has failed and not recovered.
    pub log_failed: bool,
    /// Notices nobody fetched.
    pub notices_dropped: u64,
}

/// What is known of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorState {
    /// How it lets people in.
    pub mode: DoorMode,
    /// Where that comes from.
    pub cause: ModeCause,
    /// Whether it is locked down, and so lets in nobody.
    pub locked_down: bool,
    /// Whether the leaf stands open; `None` without a contact that has spoken.
    pub open: Option<bool>,
}

impl Site {
    /// Builds a site; `entropy` gives each line its own source.
    ///
    /// # Errors
    /// [`SiteError`] if the plan names what is not there, names anything twice, or gives a line or an unlock impossible values.
    pub fn new(
        plan: SitePlan,
        start: Start,
        entropy: &mut dyn FnMut(LineId) -> Box<dyn Entropy>,
    ) -> Result<Self, SiteError> {
        let mut house = HouseState::of_plan(house_plan(&plan));
        let mut wiring = Wiring::new(plan.lines, entropy)?;
        house.set_pin_limit(plan.pin_limit);
        let floor = TimeFloor::new(start.newest, start.now.up);
        house.begin_attempts(floor.lift(start.now).utc);
        let interlocked = interlocked(&plan.doors);
        let mut doors = BTreeMap::new();
        for plan in plan.doors {
            wiring.bind(&plan)?;
            let (door, open_for) = (plan.id, plan.open_for);
            let mut built = Door::new(plan);
            // What an earlier run released may not have fallen yet, and an interlock waits for it.
            built.claim(start.now.up + open_for);
            if doors.insert(door, built).is_some() {
                return Err(SiteError::DoorTwice { door });
            }
        }
        let (day, day_key) = start.day_key;
        Ok(Self {
            wiring,
            doors,
            holds: Vec::new(),
            relocks: Vec::new(),
            interlocked,
            house,
            modes: ModeClock::default(),
            allowlist: start.allowlist,
            past: VecDeque::with_capacity(GENERATIONS_KEPT),
            tag_key: start.tag_key,
            pin_key: start.pin_key,
            waiting: BTreeMap::new(),
            pads: PinPads::new(plan.pin_limit, start.now.up),
            day_keys: DayKeys::new(day, day_key),
            floor,
            journal: Journal::new(),
            sent: BTreeMap::new(),
            ordered: BTreeMap::new(),
            enrolment: Enrolment::default(),
            last_reads: LastReads::default(),
            feedback: plan.feedback,
            notices: Notices::default(),
            counts: SiteCounts::default(),
        })
    }

    /// Takes what a line's port delivered.
    pub fn handle_bytes(&mut self, line: LineId, bytes: &[u8], now: Now) {
        let Some(at) = self.wiring.line_at(line) else {
            return;
        };
        if let Some(wired) = self.wiring.lines.get_mut(at) {
            wired.line.handle_bytes(bytes, now.up);
        }
        self.settle(now);
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: Now) {
        for wired in &mut self.wiring.lines {
            if wired.line.poll_timeout().is_some_and(|due| due <= now.up) {
                wired.line.handle_timeout(now.up);
            }
        }
        self.settle(now);
    }

    /// A line's port is open.
    pub fn handle_line_up(&mut self, line: LineId, now: Now) {
        let at = self.wiring.line_at(line);
        if let Some(wired) = at.and_then(|at| self.wiring.lines.get_mut(at)) {
            let news = !wired.line.line_stats().up;
            wired.line.line_up(now.up);
            self.line_record(line, news.then_some(SystemKind::LineUp), now);
        }
        self.settle(now);
    }

    /// A line's port is gone.
    pub fn handle_line_down(&mut self, line: LineId, now: Now) {
        let at = self.wiring.line_at(line);
        if let Some(wired) = at.and_then(|at| self.wiring.lines.get_mut(at)) {
            let news = wired.line.line_stats().up;
            wired.line.line_down(now.up);
            self.line_record(line, news.then_some(SystemKind::LineDown), now);
        }
        self.settle(now);
    }

    /// The next frame for a line, if it may speak now.
    pub fn poll_transmit(&mut self, line: LineId, now: Now) -> Option<Vec<u8>> {
        let at = self.wiring.line_at(line)?;
        self.wiring
            .lines
            .get_mut(at)?
            .line
            .poll_transmit(now.up)
            .map(<[u8]>::to_vec)
    }

    /// The next thing to tell the owner.
    pub fn poll_notice(&mut self) -> Option<Notice> {
        self.notices.pop()
    }

    /// When to call [`handle_timeout`](Self::handle_timeout) at the latest.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Uptime> {
        let lines = self
            .wiring
            .lines
            .iter()
            .filter_map(|wired| wired.line.poll_timeout());
        let doors = self.doors.values().filter_map(Door::due);
        let holds = self.holds.iter().map(Hold::renew_at);
        let relocks = self.relocks.iter().map(Relock::due);
        let due = [
            lines.min(),
            doors.min(),
            holds.min(),
            self.journal.due(),
            self.enrolment.due(),
            self.pads.due(),
            relocks.min(),
            Some(self.modes.due()),
        ];
        due.into_iter().flatten().min()
    }

    /// Takes another generation of cards; every later decision goes by it. Gives back the one that is kept no longer: to let go of a
    /// long list takes a while, which is better spent elsewhere.
    pub fn swap_allowlist(&mut self, allowlist: Arc<Allowlist>) -> Option<Arc<Allowlist>> {
        // The same generation, packed anew or with a card denied ahead of the next: the one before is not worth keeping, and may have
        // somebody on it who is forgotten.
        if allowlist.generation() == self.allowlist.generation() {
            let before = std::mem::replace(&mut self.allowlist, allowlist);
            self.recheck_waiting();
            return Some(before);
        }
        let oldest = (self.past.len() >= GENERATIONS_KEPT)
            .then(|| self.past.pop_back())
            .flatten();
        self.past
            .push_front(std::mem::replace(&mut self.allowlist, allowlist));
        self.recheck_waiting();
        self.modes.hurry();
        oldest
    }

    /// Takes the key of a day's unknown cards.
    pub fn set_day_key(&mut self, day: Day, key: TagKey) {
        self.day_keys.set(day, key);
    }

    /// Gives a reader its key.
    ///
    /// # Errors
    /// [`SiteError::UnknownReader`]; [`SiteError::Key`] if the line takes no keys, or not this one.
    pub fn set_reader_key(&mut self, reader: ReaderId, key: Scbk) -> Result<(), SiteError> {
        let (line, index) = self
            .wiring
            .line_of(reader)
            .ok_or(SiteError::UnknownReader { reader })?;
        line.set_key(index, key)
            .map_err(|error| SiteError::Key { reader, error })
    }

    /// Hands the next card shown at a reader to the owner, as [`Notice::Presented`], instead of deciding it.
    ///
    /// # Errors
    /// [`SiteError`] for an unknown reader, one not set up for it, or one where somebody waits already.
    pub fn expect_presentation(
        &mut self,
        reader: ReaderId,
        token: u64,
        until: Uptime,
    ) -> Result<(), SiteError> {
        let wired = self
            .wiring
            .readers
            .get(&reader)
            .ok_or(SiteError::UnknownReader { reader })?;
        if !wired.enrol {
            return Err(SiteError::NotForEnrolment { reader });
        }
        self.enrolment.expect(reader, token, until)?;
        self.show(reader, Occasion::Wait);
        Ok(())
    }

    /// What was read last at a reader, if that was less than [`LAST_READ_KEPT`](crate::LAST_READ_KEPT) ago.
    #[must_use]
    pub fn last_read(&self, reader: ReaderId, up: Uptime) -> Option<&LastRead> {
        self.last_reads.of(reader, up)
    }

    /// Takes other patterns to show at readers.
    pub fn set_feedback(&mut self, feedback: Feedback) {
        self.feedback = feedback;
    }

    /// Waits for that card no more.
    pub fn cancel_presentation(&mut self, token: u64) {
        self.enrolment.cancel(token);
    }

    /// Brings everything up to this moment: what the lines tell, then what time alone brings about.
    fn settle(&mut self, now: Now) {
        let now = self.tick_clock(now);
        self.tick_interlocks(now);
        for line in 0..self.wiring.lines.len() {
            self.drain_line(line, now);
        }
        self.tick_records(now);
        self.tick_pins(now);
        self.tick_modes(now);
        self.tick_doors(now);
        self.last_reads.forget_old(now.up);
        while let Some(token) = self.enrolment.expired(now.up) {
            self.notices.push(Notice::NotPresented { token });
        }
        if let Some(day) = self.day_keys.wanted(now.utc) {
            self.notices.push(Notice::DayKeyWanted(day));
        }
    }
}

/// Past generations that are kept. They share what did not change.
const GENERATIONS_KEPT: usize = 8;

/// The doors of which another one waits until they are shut.
fn interlocked(doors: &[DoorPlan]) -> Vec<DoorId> {
    let mut named: Vec<DoorId> = doors
        .iter()
        .flat_map(|door| door.rules.interlock.iter().copied())
        .collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// The house as a decision sees it.
fn house_plan(plan: &SitePlan) -> HousePlan {
    let mut house = HousePlan::default();
    for door in &plan.doors {
        house.set_door(door.id, door.rules.clone());
        for group in &door.groups {
            house.set_member(*group, door.id);
        }
    }
    for line in &plan.lines {
        for reader in &line.readers {
            house.set_reader(reader.id, reader.rules(line.spoken.protocol()));
        }
    }
    for (area, rules) in &plan.areas {
        house.set_area(*area, *rules);
    }
    house
}
