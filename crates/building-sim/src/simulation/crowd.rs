//! Crowd: where people really are, who follow the rules or do not: they go through with others, turn round in the door, hand their card back.

use std::collections::BTreeMap;
use std::time::Duration;

use access::{AreaId, DoorId, IssuanceId, ReaderId};
use event_log::{AdminVerb, Administration, Event, PassageKind, Text, Ticketed, What, Who};

use reader_bus::Uptime;

use super::Scene;
use super::agenda::Turn;
use super::keeper::tells_of;
use super::violation::{Breach, Invariant};

/// The area in which somebody stands; whoever is not in here is outside.
pub(super) type Crowd = BTreeMap<usize, AreaId>;

impl Scene {
    /// A reader at which somebody shows the card: most go where they can from where they are, some try anything.
    pub(super) fn any_way(&mut self, person: usize) -> Option<ReaderId> {
        let everywhere: Vec<ReaderId> =
            self.blueprint.readers().map(|(reader, _)| reader).collect();
        let here = self.crowd.get(&person).copied();
        let ways = self.blueprint.readers();
        let ways = ways.filter(|(_, stand)| {
            let leads = stand.into.is_some() || stand.out_of.is_some();
            stand.out_of == here && (leads || here.is_none())
        });
        let ways: Vec<ReaderId> = ways.map(|(reader, _)| reader).collect();
        let tries_anything = ways.is_empty() || self.dice.one_in(5);
        let readers = if tries_anything { everywhere } else { ways };
        self.dice.pick(&readers).copied()
    }

    /// Somebody was let in, as a record says: most go through, some with others behind them, and some hand the card to whoever is next.
    pub(super) fn walk(&mut self, record: &Ticketed) {
        let What::Passage(passage) = &record.event.what else {
            return;
        };
        let Who::Holder(holder) = passage.who else {
            return;
        };
        self.census.wrong_side += u64::from(passage.reason == access::Reason::Passback);
        if passage.kind != PassageKind::Granted || self.healed_at.is_some() {
            return;
        }
        let Some(person) = self.desk.person_of(holder) else {
            return;
        };
        let reader = passage.reader;
        if !self.dice.one_in(10) {
            self.goes_through(person, reader);
        }
        if self.dice.one_in(8) {
            let other = self.anybody_else();
            self.goes_through(other, reader);
        }
        if self.dice.one_in(6) {
            let after = Duration::from_millis(500 + self.dice.below(20_000));
            let turn = Turn::Shows { person, reader };
            self.agenda.add(self.up + after, turn);
        }
    }

    fn goes_through(&mut self, person: usize, reader: ReaderId) {
        let stand = self.blueprint.stand(reader);
        if let Some(into) = stand.into {
            self.crowd.insert(person, into);
        } else if stand.out_of.is_some() {
            self.crowd.remove(&person);
        }
    }

    /// An operator forgives somebody, or everybody in an area.
    pub(super) fn forgive_some(&mut self) {
        let areas: Vec<AreaId> = self.blueprint.areas().map(|(area, _)| area).collect();
        let area = self.dice.pick(&areas).copied();
        match area.filter(|_| self.dice.one_in(3)) {
            Some(area) => self.forgive_area(area),
            None => {
                let person = self.anybody_else();
                self.forgive(person);
            }
        }
    }

    /// An operator forgives somebody: the card may enter anywhere once.
    pub(super) fn forgive(&mut self, person: usize) {
        let Some(holder) = self.desk.holder(person).filter(|_| self.site.is_some()) else {
            return;
        };
        self.record_forgiving();
        self.watch.muster.let_go([holder.issuance]);
        self.ask_site(|site, _| {
            site.forgive(holder.issuance);
        });
    }

    fn forgive_area(&mut self, area: AreaId) {
        if self.site.is_none() {
            return;
        }
        self.record_forgiving();
        let inside = self.watch.muster.inside();
        let here = inside.iter().filter(|(_, known)| known.area == Some(area));
        self.watch.muster.let_go(here.map(|(card, _)| *card));
        self.ask_site(|site, _| {
            site.forgive_area(area);
        });
    }

    fn record_forgiving(&mut self) {
        let now = self.now();
        let act = Administration {
            verb: AdminVerb::AreaForgiven,
            operator: self.operator,
            outbox: 0,
            holder: None,
            holder_text: Text::default(),
            operator_text: Text::new("one card"),
        };
        self.office.take_own(Event {
            time: now.utc,
            clock: now.clock,
            late: false,
            what: What::Administration(act),
        });
    }

    /// There is news of who is where, and after a second it is kept.
    pub(super) fn heed_news(&mut self) {
        if !std::mem::replace(&mut self.keeper.is_behind, true) {
            self.agenda.add(self.up + KEPT_AFTER, Turn::Keep);
        }
    }

    /// Who is where is written down; what the disk refuses is tried again.
    pub(super) fn keep(&mut self) {
        if self.site.is_none() || !self.keeper.is_behind {
            return;
        }
        let inside = self.watch.muster.inside();
        if self.keeper.write(inside, &self.office.disk).is_err() {
            self.agenda.add(self.up + KEPT_AFTER, Turn::Keep);
        }
    }

    /// Nothing tells of a card any more, neither at the doors nor on the disk (M19). Whether the disk let it.
    pub(super) fn leave_everywhere(&mut self, card: IssuanceId) -> bool {
        if !self.plan.keeps_people() {
            return true;
        }
        self.watch.muster.forget(card);
        self.watch.muster.let_go([card]);
        self.ask_site(|site, _| site.forget(card));
        self.watch.forgotten(card);
        let inside = self.watch.muster.inside();
        let kept = self.keeper.write(inside, &self.office.disk);
        if kept.is_err() {
            self.agenda.add(self.up + KEPT_AFTER, Turn::Keep);
        }
        kept.is_ok()
    }

    /// No file tells of a card that was forgotten, and none would after a power cut.
    pub(super) fn is_in_no_area(
        &self,
        card: IssuanceId,
        image: &key_store::disk::MemDisk,
    ) -> Result<(), Breach> {
        for disk in [&self.office.disk, image] {
            if tells_of(card, disk) {
                let what = format!("it is still kept where {} was", card.get());
                return Err(Invariant::Forgotten.breach(what));
            }
        }
        Ok(())
    }

    /// A leaf that was open falls shut: whoever it was released for has come in, and on a line that no fault strikes that is known.
    pub(super) fn has_come_in(&self, door: DoorId) -> Result<(), Breach> {
        let contact = self.street.contact(door);
        let contact = contact.filter(|contact| !contact.is_struck && self.site.is_some());
        let long_ago = self.up.micros().checked_sub(SEEN_WITHIN_MICROS);
        let (Some(contact), Some(long_ago)) = (contact, long_ago) else {
            return Ok(());
        };
        let long_ago = Uptime::from_micros(long_ago);
        match contact.opened_at.filter(|opened| *opened <= long_ago) {
            Some(opened) => self.watch.went_in(door, (opened, long_ago)),
            None => Ok(()),
        }
    }
}

/// Who is where is kept so long after there is news.
const KEPT_AFTER: Duration = Duration::from_secs(1);
/// A leaf that stands open is seen within this time.
const SEEN_WITHIN_MICROS: u64 = 2_000_000;
