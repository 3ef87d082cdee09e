//! House: a house, its cards and what happened in it as plain lists, and the same as the product keeps it.

use std::sync::Arc;

use access::schedule::{Calendar, SpecialDay, TimetableBuilder, Window};
use access::{
    Allowlist, AllowlistBuilder, AreaId, AreaRules, CardEntry, CardTag, Change, DoorId, DoorRules,
    Generation, GroupId, HousePlan, HouseState, IssuanceId, ModePlan, ModePlans, PinLimit,
    ReaderId, ReaderRules, ScheduleId, UtcMicros,
};
use jiff::tz::TimeZone;

/// What is, and what was.
#[derive(Clone, Debug, Default)]
pub struct House {
    pub doors: Vec<(DoorId, DoorRules)>,
    pub readers: Vec<(ReaderId, ReaderRules)>,
    pub areas: Vec<(AreaId, AreaRules)>,
    pub members: Vec<(GroupId, DoorId)>,
    pub schedules: Vec<Schedule>,
    pub special: Vec<SpecialDay>,
    pub plans: Vec<(DoorId, ModePlan)>,
    pub cards: Vec<CardEntry>,
    pub changes: Vec<Change>,
    pub limit: PinLimit,
    /// In the order in which it happened.
    pub happened: Vec<(UtcMicros, Happening)>,
}

#[derive(Clone, Debug)]
pub struct Schedule {
    pub id: ScheduleId,
    pub zone: TimeZone,
    pub windows: Vec<Window>,
}

/// What a later decision may ask about.
#[derive(Clone, Copy, Debug)]
pub enum Happening {
    WentThrough(IssuanceId, ReaderId),
    Waits(IssuanceId, DoorId, ReaderId),
    WereLetInTogether(DoorId, ReaderId),
    HostCame(DoorId, ReaderId),
    FirstCard(DoorId, bool),
    Busy(DoorId, bool),
    Lockdown(DoorId, bool),
    WrongPin(IssuanceId),
    RightPin(IssuanceId),
    Forgiven(IssuanceId),
    AreaForgiven(AreaId),
    Shredded(IssuanceId),
}

impl House {
    /// The card with this tag, after all changes.
    pub fn card(&self, tag: CardTag) -> Option<&CardEntry> {
        let changed = self.changes.iter().rev().find(|change| match change {
            Change::Put(entry) => entry.tag == tag,
            Change::Remove(removed) => *removed == tag,
        });
        match changed {
            Some(Change::Put(entry)) => Some(entry),
            Some(Change::Remove(_)) => None,
            None => self.cards.iter().find(|entry| entry.tag == tag),
        }
    }

    /// The card of the same person as the card of this issuance.
    pub fn twin(&self, of: IssuanceId) -> Option<IssuanceId> {
        let put = self.changes.iter().filter_map(|change| match change {
            Change::Put(entry) => Some(entry),
            Change::Remove(_) => None,
        });
        let mut tags = self.cards.iter().chain(put).map(|entry| entry.tag);
        let card = tags.find_map(|tag| self.card(tag).filter(|entry| entry.holder.issuance == of));
        card?.twin
    }

    /// The same as the product keeps it.
    pub fn built(&self) -> (Allowlist, HouseState) {
        let mut builder = AllowlistBuilder::default();
        for card in &self.cards {
            builder.add(card.clone()).unwrap();
        }
        let mut timetable = TimetableBuilder::default();
        for schedule in &self.schedules {
            let zone = schedule.zone.iana_name().unwrap();
            timetable.add(schedule.id, zone, &schedule.windows).unwrap();
        }
        let timetable = timetable.finish(Calendar::new(&self.special).unwrap());
        let modes = ModePlans::new(self.plans.clone());
        let list = builder.finish(Generation::new(1)).unwrap();
        let list = list.with_hours(
            Arc::new(timetable.unwrap()),
            Arc::new(modes),
            Generation::new(2),
        );
        let list = list.with(&self.changes, Generation::new(3)).unwrap();
        (list, self.state())
    }

    fn state(&self) -> HouseState {
        let mut plan = HousePlan::default();
        for (door, rules) in &self.doors {
            plan.set_door(*door, rules.clone());
        }
        for (reader, rules) in &self.readers {
            plan.set_reader(*reader, *rules);
        }
        for (area, rules) in &self.areas {
            plan.set_area(*area, *rules);
        }
        for (group, door) in &self.members {
            plan.set_member(*group, *door);
        }
        let mut state = HouseState::of_plan(plan);
        state.set_pin_limit(self.limit);
        for (at, happening) in &self.happened {
            happening.note(&mut state, *at);
        }
        state
    }
}

impl Happening {
    fn note(self, state: &mut HouseState, at: UtcMicros) {
        match self {
            Self::WentThrough(card, reader) => state.note_entry(card, reader, at),
            Self::Waits(card, door, reader) => state.note_waiting(door, (card, reader), at),
            Self::WereLetInTogether(door, reader) => state.forget_waiting(door, reader),
            Self::HostCame(door, reader) => state.note_host(door, reader, at),
            Self::FirstCard(door, came) => state.set_first_card(door, came),
            Self::Busy(door, busy) => state.set_busy(door, busy),
            Self::Lockdown(door, down) => {
                state.set_lockdown(door, down);
            }
            Self::WrongPin(card) => {
                state.note_wrong_pin(card, at);
            }
            Self::RightPin(card) => state.note_right_pin(card),
            Self::Forgiven(card) => {
                state.occupancy_mut().forget(card);
            }
            Self::AreaForgiven(area) => {
                state.occupancy_mut().forget_area(area);
            }
            Self::Shredded(card) => state.forget(card),
        }
    }
}
