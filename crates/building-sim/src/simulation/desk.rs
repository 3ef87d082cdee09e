//! Desk: the people and their cards as the office keeps them, and what operators change.
//!
//! It stands for the register: a change that is committed survives every crash; one that is not is lost and was never acknowledged. Then
//! the doors get the new list, then the record of it is made durable, then the operator is told.

mod list;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use access::card::formats::H10301;
use access::schedule::Timetable;
use access::{
    Allowlist, CardBits, CardEntry, DoorId, Generation, Holder, IssuanceId, KeySlot, ModeOrder,
    PinKey, Standing, TagKey, UtcMicros, Validity,
};
use reader_bus::Uptime;

use super::cards::{entry, kept_pin, timetable, validity};
use super::policy::Knowledge;
use super::street::FACILITY;
use super::violation::{Breach, Invariant};
use crate::dice::Dice;

/// Everybody with a card, and what the office knows of them.
pub(super) struct Desk {
    /// As it is in the register.
    pub(super) known: Arc<Knowledge>,
    /// What the doors go by; the same, but between a commit and the swap.
    pub(super) at_doors: Arc<Knowledge>,
    people: Vec<Person>,
    timetable: Arc<Timetable>,
    /// What was asked for and is not committed.
    asked: VecDeque<Change>,
    /// What is committed and of which nobody was told yet, with the ticket of its record, once that is with the log.
    untold: VecDeque<(Change, Option<u64>)>,
    /// Who was told revoked, and when.
    revoked: BTreeMap<IssuanceId, Uptime>,
    /// Holders who returned their cards and are to be forgotten.
    leaving: BTreeMap<usize, Holder>,
    /// The cards of those who were, until they get one anew.
    plastic: BTreeMap<usize, CardEntry>,
    /// The key of PINs, if anybody has one.
    pin_key: Option<PinKey>,
    /// The list as it was given out last, and what was known then.
    listed: Option<(Arc<Allowlist>, Arc<Knowledge>)>,
    /// How far off the PINs are that the doors take: not at all, unless a bug is planted.
    off_by_one: u16,
    /// How much longer than to its end a card holds at the doors: nothing, unless a bug is planted.
    too_long: Duration,
}

/// Somebody with a card.
struct Person {
    number: u16,
    bits: CardBits,
    /// `None` for a stranger.
    holder: Option<Holder>,
}

impl Person {
    fn numbered(&self) -> Option<(IssuanceId, u16)> {
        Some((self.holder?.issuance, self.number))
    }
}

/// What an operator changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// A card is blocked, lost or returned, or it is active again.
    Stands(usize, Standing),
    /// A card holds until then.
    Ends(usize, UtcMicros),
    /// A card is returned, and its holder is to be forgotten.
    Returns(usize),
    /// The holder is forgotten, and the card with them.
    Forgotten(usize),
    /// Somebody who was forgotten gets the card anew, as this issuance.
    Issued(usize, Holder),
    /// How a door lets people in.
    Order(DoorId, Option<ModeOrder>),
    /// A door is locked down, or no more.
    LockDown(DoorId, bool),
}

impl Desk {
    /// Draws everybody by lot; `slot` gives each a key. The first, `trusted`, are the employees who may open everything, always.
    pub(super) fn staffed(
        (people, trusted, doors): (u16, u16, &[DoorId]),
        tag_key: &TagKey,
        slot: &mut dyn FnMut(u32) -> Result<KeySlot, Breach>,
        (beginning, dice): (UtcMicros, &mut Dice),
    ) -> Result<Self, Breach> {
        let mut desk = Self {
            known: Arc::new(nothing()),
            at_doors: Arc::new(nothing()),
            people: Vec::new(),
            timetable: Arc::new(timetable()?),
            asked: VecDeque::new(),
            untold: VecDeque::new(),
            revoked: BTreeMap::new(),
            leaving: BTreeMap::new(),
            plastic: BTreeMap::new(),
            pin_key: None,
            listed: None,
            off_by_one: 0,
            too_long: Duration::ZERO,
        };
        let mut cards = Vec::new();
        for number in 1..=people.saturating_add(people / 8) {
            let bits = H10301.write(u32::from(FACILITY), u64::from(number));
            let bits = bits.map_err(|_| Invariant::Setting.breach("too many people"))?;
            let holder = if number <= people {
                let issuance = IssuanceId::from_random(u32::from(number));
                let slot = slot(issuance.get())?;
                let holder = Holder { issuance, slot };
                let draw = (beginning, &mut *dice);
                cards.push(entry(
                    (&bits, number <= trusted),
                    holder,
                    doors,
                    tag_key,
                    draw,
                )?);
                Some(holder)
            } else {
                None
            };
            desk.people.push(Person {
                number,
                bits,
                holder,
            });
        }
        desk.learn(|knowledge| knowledge.cards = cards);
        desk.at_doors = Arc::clone(&desk.known);
        Ok(desk)
    }

    /// Plants a bug: the doors take the PIN of the next person for everybody's own.
    pub(super) fn take_anothers_pin(&mut self, planted: bool) {
        self.off_by_one = u16::from(planted);
    }

    /// Plants a bug: cards hold for longer than they should.
    pub(super) fn hold_cards_longer(&mut self, by: Duration) {
        self.too_long = by;
    }

    /// How many people there are, strangers included.
    pub(super) fn people(&self) -> usize {
        self.people.len()
    }

    /// Somebody's card.
    pub(super) fn card(&self, person: usize) -> Option<(u16, &CardBits)> {
        let person = self.people.get(person)?;
        Some((person.number, &person.bits))
    }

    /// Whose card has this number.
    pub(super) fn person(&self, number: u16) -> Option<usize> {
        self.people
            .iter()
            .position(|person| person.number == number)
    }

    /// Who holds a card.
    pub(super) fn person_of(&self, holder: Holder) -> Option<usize> {
        let mut people = self.people.iter();
        people.position(|person| person.holder == Some(holder))
    }

    /// The holder of somebody's card; nobody for a stranger.
    pub(super) fn holder(&self, person: usize) -> Option<Holder> {
        self.people.get(person)?.holder
    }

    /// An operator asks for a change; it is not in the register yet.
    pub(super) fn ask(&mut self, change: Change) {
        self.asked.push_back(change);
    }

    /// A change that the daemon makes itself.
    pub(super) fn change_at_once(&mut self, change: Change) {
        self.apply(change);
        self.untold.push_back((change, None));
    }

    /// The oldest change that was asked for is in the register from now on.
    pub(super) fn commit(&mut self) -> Option<Change> {
        let change = self.asked.pop_front()?;
        self.apply(change);
        self.untold.push_back((change, None));
        Some(change)
    }

    /// A change that is in the register at once, and of which nobody is told.
    pub(super) fn apply(&mut self, change: Change) {
        let holder = |desk: &Self, person| desk.holder(person).map(|holder| holder.issuance);
        match change {
            // Who is on the way out changes no more.
            Change::Stands(person, _) | Change::Ends(person, _) | Change::Returns(person)
                if self.leaving.contains_key(&person) => {}
            Change::Returns(person) => {
                self.leaving
                    .extend(self.holder(person).map(|holder| (person, holder)));
                self.change_card(person, |card| card.standing = Standing::Returned);
            }
            Change::Forgotten(person) => self.forget(person),
            Change::Issued(person, holder) => self.bind(person, holder),
            Change::Stands(person, standing) => {
                if let (Some(issuance), Standing::Active) = (holder(self, person), standing) {
                    self.revoked.remove(&issuance);
                }
                self.change_card(person, |card| card.standing = standing);
            }
            Change::Ends(person, until) => {
                self.change_card(person, |card| {
                    if let Ok(valid) = Validity::new(card.valid.from(), Some(until)) {
                        card.valid = valid;
                        card.rights.iter_mut().for_each(|right| right.valid = valid);
                    }
                });
            }
            Change::Order(door, order) => self.learn(|knowledge| {
                match order {
                    Some(order) => knowledge.orders.insert(door, order),
                    None => knowledge.orders.remove(&door),
                };
            }),
            Change::LockDown(door, down) => self.learn(|knowledge| {
                if down {
                    knowledge.locked_down.insert(door);
                } else {
                    knowledge.locked_down.remove(&door);
                }
            }),
        }
    }

    /// The doors go by what is in the register from now on.
    pub(super) fn swapped(&mut self) {
        self.at_doors = Arc::clone(&self.known);
    }

    /// Who is on the way out.
    pub(super) fn leaving(&self) -> impl Iterator<Item = (usize, Holder)> {
        self.leaving
            .iter()
            .map(|(person, holder)| (*person, *holder))
    }

    /// Whose card a change is about, and its number.
    pub(super) fn about(&self, change: Change) -> Option<(Holder, u16)> {
        let person = match change {
            Change::Stands(person, _)
            | Change::Ends(person, _)
            | Change::Returns(person)
            | Change::Issued(person, _) => person,
            Change::Forgotten(_) | Change::Order(..) | Change::LockDown(..) => return None,
        };
        let (number, _) = self.card(person)?;
        Some((self.holder(person)?, number))
    }

    /// Whether somebody was told of everything that was done to this card.
    pub(super) fn is_told(&self, of: Change) -> bool {
        !self.untold.iter().any(|(change, _)| *change == of)
    }

    /// Changes of which nobody was told and whose record is not with the log.
    pub(super) fn unrecorded(&self) -> Vec<Change> {
        let untold = self.untold.iter().filter(|(_, ticket)| ticket.is_none());
        untold.map(|(change, _)| *change).collect()
    }

    /// The first of them is with the log, under this ticket.
    pub(super) fn given_to_log(&mut self, ticket: u64) {
        let mut untold = self.untold.iter_mut();
        let first = untold.find(|(_, ticket)| ticket.is_none());
        first
            .into_iter()
            .for_each(|(_, given)| *given = Some(ticket));
    }

    /// The record with this ticket is durable: whoever asked for the change is told. Says of what.
    pub(super) fn acknowledge(&mut self, ticket: u64, up: Uptime) -> Vec<Change> {
        let mut told = Vec::new();
        self.untold.retain(|(change, of)| {
            let is_told = *of == Some(ticket);
            told.extend(is_told.then_some(*change));
            !is_told
        });
        for change in &told {
            self.told(*change, up);
        }
        told
    }

    /// An operator is told that this was done.
    pub(super) fn told(&mut self, change: Change, up: Uptime) {
        if let Change::Returns(person)
        | Change::Stands(person, Standing::Blocked | Standing::Lost | Standing::Returned) =
            change
            && let Some(holder) = self.holder(person)
            && self.is_revoked(holder)
        {
            self.revoked.entry(holder.issuance).or_insert(up);
        }
    }

    /// Whether a card is not active now: somebody may have lifted what was told late.
    fn is_revoked(&self, holder: Holder) -> bool {
        let mut cards = self.known.cards.iter();
        let card = cards.find(|card| card.holder == holder);
        card.is_some_and(|card| card.standing != Standing::Active)
    }

    /// When somebody was told that this card was revoked, if it is.
    pub(super) fn revoked(&self, issuance: IssuanceId) -> Option<Uptime> {
        self.revoked.get(&issuance).copied()
    }

    /// The controller is gone: what was asked for and not committed is lost, and the records have no tickets any more.
    pub(super) fn crash(&mut self) {
        self.asked.clear();
        self.not_recorded();
    }

    /// The log has refused: without it nobody is told, and it is tried again.
    pub(super) fn not_recorded(&mut self) {
        self.untold
            .iter_mut()
            .for_each(|(_, ticket)| *ticket = None);
    }

    fn forget(&mut self, person: usize) {
        let Some(holder) = self.leaving.remove(&person) else {
            return;
        };
        let mut cards = self.known.cards.iter();
        let card = cards.find(|card| card.holder == holder).cloned();
        self.plastic.extend(card.map(|card| (person, card)));
        self.learn(|knowledge| knowledge.cards.retain(|card| card.holder != holder));
        if let Some(person) = self.people.get_mut(person) {
            person.holder = None;
        }
    }

    fn bind(&mut self, person: usize, holder: Holder) {
        let (Some(card), Some(bound)) = (self.plastic.remove(&person), self.people.get_mut(person))
        else {
            return;
        };
        bound.holder = Some(holder);
        let key = self.pin_key.as_ref();
        let pin = key.and_then(|key| kept_pin(key, holder, bound.number));
        let standing = Standing::Active;
        let card = CardEntry {
            holder,
            standing,
            pin,
            ..card
        };
        self.learn(|knowledge| knowledge.cards.push(card));
    }

    fn change_card(&mut self, person: usize, change: impl Fn(&mut CardEntry)) {
        let Some(holder) = self.holder(person) else {
            return;
        };
        self.learn(|knowledge| {
            let mut cards = knowledge.cards.iter_mut();
            cards
                .find(|card| card.holder == holder)
                .into_iter()
                .for_each(&change);
        });
    }

    fn learn(&mut self, change: impl FnOnce(&mut Knowledge)) {
        let mut knowledge = Knowledge::clone(&self.known);
        knowledge.generation = Generation::new(knowledge.generation.get() + 1);
        change(&mut knowledge);
        self.known = Arc::new(knowledge);
    }
}

fn nothing() -> Knowledge {
    Knowledge {
        generation: Generation::new(0),
        cards: Vec::new(),
        orders: BTreeMap::new(),
        pin_doors: BTreeSet::new(),
        locked_down: BTreeSet::new(),
    }
}
