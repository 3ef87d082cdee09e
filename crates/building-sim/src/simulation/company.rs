//! Company: doors that want several persons, and visitors who come behind somebody of the house; who waits for others, and whom others came
//! behind, as it follows from the records.

use std::collections::BTreeMap;
use std::time::Duration;

use access::{AreaId, DoorId, IssuanceId, ReaderId, Reason, Standing, UtcMicros};
use event_log::{Passage, PassageKind, Ticketed, What, Who};

use super::Scene;
use super::agenda::Turn;
use super::blueprint::Blueprint;
use super::policy::Knowledge;

/// Who waits, and who was let in last.
#[derive(Default)]
pub(super) struct Company {
    /// At each door, each way: who waits, since when, the first first.
    waiting: BTreeMap<(DoorId, Way), Vec<(IssuanceId, UtcMicros)>>,
    /// When somebody of the house was let in last.
    hosts: BTreeMap<(DoorId, Way), UtcMicros>,
    /// Until then somebody may wait, or wait no more, of whom no record tells.
    unsure_until: Option<UtcMicros>,
}

/// A way through a door: whoever goes the other way is no company.
type Way = (bool, Option<AreaId>, Option<AreaId>);

/// A card at a reader.
#[derive(Clone, Copy)]
pub(super) struct Guest {
    pub(super) card: IssuanceId,
    pub(super) visitor: bool,
    pub(super) reader: ReaderId,
}

impl Company {
    /// What may be said of a card for the company it is in, at this time.
    pub(super) fn said(&self, guest: Guest, of: &Blueprint, now: UtcMicros) -> &'static [Reason] {
        let door = of.door_of(guest.reader);
        let is_unsure = self.unsure_until.is_some_and(|until| now < until);
        let here = (door, way(of, guest.reader));
        if let Some(within) = of.escort_within(door).filter(|_| guest.visitor) {
            let host = self.hosts.get(&here).copied();
            if !host.is_some_and(|since| lately(since, within, now)) {
                return if is_unsure {
                    &[Reason::EscortNeeded, Reason::Ok, Reason::SecondPersonNeeded]
                } else {
                    &[Reason::EscortNeeded]
                };
            }
        }
        let Some(persons) = of.persons(door) else {
            return &[Reason::Ok];
        };
        let others = self.others(guest, of, now);
        let others = others.into_iter().filter(|other| *other != guest.card);
        if is_unsure {
            &[Reason::Ok, Reason::SecondPersonNeeded]
        } else if others.count() + 1 < usize::from(persons.count) {
            &[Reason::SecondPersonNeeded]
        } else {
            &[Reason::Ok]
        }
    }

    /// Who waits where this card is shown, in time.
    pub(super) fn others(&self, guest: Guest, of: &Blueprint, now: UtcMicros) -> Vec<IssuanceId> {
        let door = of.door_of(guest.reader);
        let waiting = self.waiting.get(&(door, way(of, guest.reader)));
        let Some(persons) = of.persons(door) else {
            return Vec::new();
        };
        let waiting = waiting.into_iter().flatten();
        let in_time = waiting.filter(|(_, since)| lately(*since, persons.within, now));
        in_time.map(|(card, _)| *card).collect()
    }

    /// A card was let in, or waits from now on.
    pub(super) fn decided(
        &mut self,
        (passage, guest): (&Passage, Guest),
        of: &Blueprint,
        now: UtcMicros,
    ) {
        let door = of.door_of(guest.reader);
        let here = (door, way(of, guest.reader));
        if passage.kind == PassageKind::Granted {
            self.waiting.remove(&here);
            if !guest.visitor {
                self.hosts.insert(here, now);
            }
        } else if passage.reason == Reason::SecondPersonNeeded {
            let all = self.waiting.iter_mut().filter(|((at, _), _)| *at == door);
            all.for_each(|(_, waiting)| waiting.retain(|(card, _)| *card != guest.card));
            self.waiting
                .entry(here)
                .or_default()
                .push((guest.card, now));
        }
    }

    /// Somebody was let in or waits, and no record will tell of it.
    pub(super) fn missed(&mut self, time: UtcMicros) {
        let until = time.saturating_add(COMPANY_FOR);
        self.unsure_until = self.unsure_until.max(Some(until));
    }

    /// Whether somebody may have been let in of whom no record tells.
    pub(super) fn is_unsure(&self, now: UtcMicros) -> bool {
        self.unsure_until.is_some_and(|until| now < until)
    }

    /// The doors go by this from now on: who is not active on it waits no more.
    pub(super) fn recheck(&mut self, known: &Knowledge) {
        let is_active = |card: IssuanceId| {
            let mut cards = known.cards.iter();
            let known = cards.find(|known| known.holder.issuance == card);
            known.is_some_and(|known| known.standing == Standing::Active)
        };
        for waiting in self.waiting.values_mut() {
            waiting.retain(|(card, _)| is_active(*card));
        }
    }

    /// Nothing is known of this card any more.
    pub(super) fn forget(&mut self, card: IssuanceId) {
        for waiting in self.waiting.values_mut() {
            waiting.retain(|(known, _)| *known != card);
        }
    }
}

impl Scene {
    /// Somebody was refused for want of company: it comes, mostly; sometimes the same person tries once more, or nobody.
    pub(super) fn find_company(&mut self, record: &Ticketed) {
        let What::Passage(passage) = &record.event.what else {
            return;
        };
        let persons = passage.door.and_then(|door| self.blueprint.persons(door));
        let is_granted = passage.kind == PassageKind::Granted;
        self.census.together += u64::from(is_granted && persons.is_some());
        let wants = [Reason::SecondPersonNeeded, Reason::EscortNeeded];
        if !wants.contains(&passage.reason) {
            return;
        }
        self.census.alone += 1;
        let Who::Holder(holder) = passage.who else {
            return;
        };
        let Some(person) = self.desk.person_of(holder) else {
            return;
        };
        if self.healed_at.is_some() || self.dice.one_in(4) {
            return;
        }
        let reader = passage.reader;
        let (people, trusted) = (u64::from(self.plan.people), self.plan.trusted());
        let among = if self.dice.one_in(2) {
            people
        } else {
            u64::from(trusted)
        };
        let other = usize::try_from(self.dice.below(among)).unwrap_or(0);
        let other = if self.dice.one_in(6) { person } else { other };
        let after = Duration::from_millis(200 + self.dice.below(9_000));
        let comes = Turn::Shows {
            person: other,
            reader,
        };
        self.agenda.add(self.up + after, comes);
        if passage.reason == Reason::EscortNeeded {
            let behind = after + Duration::from_millis(200 + self.dice.below(9_000));
            let turn = Turn::Shows { person, reader };
            self.agenda.add(self.up + behind, turn);
        }
    }
}

fn way(of: &Blueprint, reader: ReaderId) -> Way {
    let stand = of.stand(reader);
    (stand.exit, stand.into, stand.out_of)
}

fn lately(since: UtcMicros, within: Duration, now: UtcMicros) -> bool {
    since <= now && now < since.saturating_add(within)
}

/// No door waits longer for company.
const COMPANY_FOR: Duration = Duration::from_secs(30);
