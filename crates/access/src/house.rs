//! House state: what is true of the doors and of the people at the moment of a decision.

mod attempts;
mod door;
mod occupancy;

use std::time::Duration;

use crate::id::{DoorId, ReaderId};
use crate::issuance::IssuanceId;
use crate::modes::DoorMode;
use crate::plan::{DoorRules, HousePlan};
use crate::time::UtcMicros;
use attempts::Attempts;
pub use attempts::PinLimit;
use door::DoorMoment;
pub use occupancy::{Occupancy, OccupancyNews, Whereabouts};

/// What the configuration says of the house, and what has happened in it since.
#[derive(Clone, Debug, Default)]
pub struct HouseState {
    plan: HousePlan,
    doors: Vec<DoorMoment>,
    occupancy: Occupancy,
    attempts: Attempts,
}

impl HouseState {
    /// A house where nothing has happened yet.
    #[must_use]
    pub fn of_plan(plan: HousePlan) -> Self {
        Self {
            plan,
            ..Self::default()
        }
    }

    /// A house without doors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What the configuration says.
    #[must_use]
    pub const fn plan(&self) -> &HousePlan {
        &self.plan
    }

    /// Takes another configuration; what has happened stays true.
    pub fn set_plan(&mut self, plan: HousePlan) {
        self.plan = plan;
    }

    /// Sets how a door lets people in, for a door that asks for nothing else.
    pub fn set_mode(&mut self, door: DoorId, mode: DoorMode) {
        self.plan.set_door(door, DoorRules::of_mode(mode));
    }

    /// Locks a door down, or ends that. Says whether that is news.
    pub fn set_lockdown(&mut self, door: DoorId, locked_down: bool) -> bool {
        let moment = self.moment_mut(door);
        std::mem::replace(&mut moment.locked_down, locked_down) != locked_down
    }

    /// Whether a door is locked down.
    #[must_use]
    pub fn is_locked_down(&self, door: DoorId) -> bool {
        self.moment(door).is_some_and(|moment| moment.locked_down)
    }

    /// Says whether a door is shut and locked, as an interlock wants the others to be.
    pub fn set_busy(&mut self, door: DoorId, busy: bool) {
        if busy || self.moment(door).is_some() {
            self.moment_mut(door).busy = busy;
        }
    }

    /// Whether a door stands open, or was released and may be opened.
    #[must_use]
    pub fn is_busy(&self, door: DoorId) -> bool {
        self.moment(door).is_some_and(|moment| moment.busy)
    }

    /// Says whether somebody was let in at a door since the hours of its schedule began.
    pub fn set_first_card(&mut self, door: DoorId, came: bool) {
        if came || self.moment(door).is_some() {
            self.moment_mut(door).first_card = came;
        }
    }

    /// Whether somebody was.
    #[must_use]
    pub fn first_card_came(&self, door: DoorId) -> bool {
        self.moment(door).is_some_and(|moment| moment.first_card)
    }

    /// A card that was shown at a reader and would be let in if others came with it.
    pub fn note_waiting(
        &mut self,
        door: DoorId,
        (card, reader): (IssuanceId, ReaderId),
        now: UtcMicros,
    ) {
        let side = self.plan.reader(reader).side();
        self.moment_mut(door).note_waiting(card, side, now);
    }

    /// This card waits nowhere any more.
    pub fn stop_waiting(&mut self, card: IssuanceId) {
        self.doors.iter_mut().for_each(|moment| moment.forget(card));
    }

    /// Nobody waits on the side of this reader any more: those who did were let in together.
    pub fn forget_waiting(&mut self, door: DoorId, reader: ReaderId) {
        let side = self.plan.reader(reader).side();
        if self.moment(door).is_some() {
            self.moment_mut(door).forget_waiting(side);
        }
    }

    /// The cards that wait at a door on the side of this reader and came within the time that has just passed, each once. Allocates
    /// nothing.
    pub fn waiting(
        &self,
        (door, reader): (DoorId, ReaderId),
        within: Duration,
        now: UtcMicros,
    ) -> impl Iterator<Item = IssuanceId> {
        let side = self.plan.reader(reader).side();
        let moment = self.moment(door).into_iter();
        moment.flat_map(move |moment| moment.waiting(side, within, now))
    }

    /// Somebody of the house was let in at a reader of a door, who may bring a visitor the same way.
    pub fn note_host(&mut self, door: DoorId, reader: ReaderId, now: UtcMicros) {
        let side = self.plan.reader(reader).side();
        self.moment_mut(door).note_host(side, now);
    }

    /// Whether somebody of the house was let in the same way within the time that has just passed.
    #[must_use]
    pub fn host_came(
        &self,
        (door, reader): (DoorId, ReaderId),
        within: Duration,
        now: UtcMicros,
    ) -> bool {
        let side = self.plan.reader(reader).side();
        let came = self.moment(door).and_then(|moment| moment.host_at(side));
        came.is_some_and(|at| is_within(at, within, now))
    }

    /// Who is where.
    #[must_use]
    pub const fn occupancy(&self) -> &Occupancy {
        &self.occupancy
    }

    /// Who is where, to be changed.
    pub const fn occupancy_mut(&mut self) -> &mut Occupancy {
        &mut self.occupancy
    }

    /// Somebody went through a door at a reader.
    pub fn note_entry(&mut self, card: IssuanceId, reader: ReaderId, now: UtcMicros) {
        let rules = self.plan.reader(reader);
        self.occupancy
            .note(card, (reader, rules.into, rules.out_of), now);
    }

    /// How many wrong PINs are allowed.
    pub fn set_pin_limit(&mut self, limit: PinLimit) {
        self.attempts.set_limit(limit);
    }

    /// The controller has started: what was typed before is not known.
    pub fn begin_attempts(&mut self, now: UtcMicros) {
        self.attempts.begin(now);
    }

    /// A wrong PIN was typed. Says whether that was one too many.
    pub fn note_wrong_pin(&mut self, card: IssuanceId, now: UtcMicros) -> bool {
        self.attempts.wrong(card, now)
    }

    /// The right PIN was typed.
    pub fn note_right_pin(&mut self, card: IssuanceId) {
        self.attempts.right(card);
    }

    /// Until when no PIN of this card is taken, if so.
    #[must_use]
    pub fn pin_locked_until(&self, card: IssuanceId, now: UtcMicros) -> Option<UtcMicros> {
        self.attempts.locked_until(card, now)
    }

    /// Nothing that tells of this card is kept any longer (M19).
    pub fn forget(&mut self, card: IssuanceId) {
        self.occupancy.forget(card);
        self.attempts.right(card);
        self.doors.iter_mut().for_each(|moment| moment.forget(card));
    }

    fn moment(&self, door: DoorId) -> Option<&DoorMoment> {
        self.doors.get(usize::from(door.get()))
    }

    fn moment_mut(&mut self, door: DoorId) -> &mut DoorMoment {
        let at = usize::from(door.get());
        if self.doors.len() <= at {
            self.doors.resize_with(at + 1, DoorMoment::default);
        }
        // The place was made just now.
        #[expect(clippy::indexing_slicing, reason = "the line above makes the place")]
        &mut self.doors[at]
    }
}

/// Whether an instant lies at most so long back; one to come does not.
pub(crate) fn is_within(at: UtcMicros, within: Duration, now: UtcMicros) -> bool {
    at <= now && now < at.saturating_add(within)
}
