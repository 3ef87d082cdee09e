//! The list of cards as the doors get it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::{
    Allowlist, AllowlistBuilder, CardEntry, Change, DoorId, ModePlan, ModePlans, Pin, PinKey,
};

use super::{Breach, Desk, Knowledge, Person, kept_pin, validity};

impl Desk {
    /// Gives everybody a PIN; these doors want it.
    pub(in crate::simulation) fn give_pins(&mut self, key: PinKey, doors: BTreeSet<DoorId>) {
        let numbers: BTreeMap<_, _> = self.people.iter().filter_map(Person::numbered).collect();
        self.learn(|knowledge| {
            knowledge.pin_doors = doors;
            for card in &mut knowledge.cards {
                let number = numbers.get(&card.holder.issuance).copied();
                card.pin = number.and_then(|number| kept_pin(&key, card.holder, number));
            }
        });
        self.pin_key = Some(key);
        self.at_doors = Arc::clone(&self.known);
    }

    /// Some cards are visitors', but not those of the trusted.
    pub(in crate::simulation) fn make_visitors(&mut self, trusted: u16) {
        self.learn(|knowledge| {
            let cards = knowledge.cards.iter_mut().skip(usize::from(trusted));
            cards.step_by(3).for_each(|card| card.visitor = true);
        });
        self.at_doors = Arc::clone(&self.known);
    }

    /// The list for the doors, as the register has it: packed anew, or what changed over the one before.
    pub(in crate::simulation) fn list(&mut self, anew: bool) -> Result<Arc<Allowlist>, Breach> {
        let knowledge = Arc::clone(&self.known);
        let before = self.listed.take().filter(|_| !anew);
        let list = match before {
            Some((list, listed)) => {
                let changes = self.changes(&listed, &knowledge)?;
                list.with(&changes, knowledge.generation)?
            }
            None => {
                let mut builder = AllowlistBuilder::with_capacity(knowledge.cards.len());
                for card in &knowledge.cards {
                    builder.add(self.shown(card)?)?;
                }
                builder.finish(knowledge.generation)?
            }
        };
        let plans = knowledge.orders.iter().map(|(door, order)| {
            let plan = ModePlan {
                order: Some(*order),
                by_schedule: Vec::new(),
            };
            (*door, plan)
        });
        let modes = Arc::new(ModePlans::new(plans.collect()));
        let hours = Arc::clone(&self.timetable);
        let list = Arc::new(list.with_hours(hours, modes, knowledge.generation));
        self.listed = Some((Arc::clone(&list), knowledge));
        Ok(list)
    }

    /// What the doors are told of two states of things.
    fn changes(&self, before: &Knowledge, now: &Knowledge) -> Result<Vec<Change>, Breach> {
        let mut changes = Vec::new();
        for card in &now.cards {
            if !before.cards.contains(card) {
                changes.push(Change::Put(self.shown(card)?));
            }
        }
        let is_there = |gone: &CardEntry| now.cards.iter().any(|card| card.tag == gone.tag);
        let gone = before.cards.iter().filter(|card| !is_there(card));
        changes.extend(gone.map(|card| Change::Remove(card.tag)));
        Ok(changes)
    }

    /// A card as the doors are told of it.
    fn shown(&self, card: &CardEntry) -> Result<CardEntry, Breach> {
        let mut shown = card.clone();
        if let Some(until) = card.valid.until().filter(|_| !self.too_long.is_zero()) {
            shown.valid = validity(card.valid.from(), Some(until.saturating_add(self.too_long)))?;
            for right in &mut shown.rights {
                right.valid = shown.valid;
            }
        }
        if self.off_by_one > 0 {
            let mut people = self.people.iter();
            let person = people.find(|person| person.holder == Some(card.holder));
            let other = person.map(|person| person.number + self.off_by_one);
            let pin = |number| kept_pin(self.pin_key.as_ref()?, card.holder, number);
            let duress = other.and_then(pin).map(|other| other.hash);
            shown.pin = shown.pin.map(|own| Pin { duress, ..own });
        }
        Ok(shown)
    }
}
