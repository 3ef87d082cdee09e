//! Desk: the people and their cards as the office keeps them, and what operators change.
//!
//! It stands for the register: a change that is committed survives every crash; one that is not is lost and was never acknowledged. Then
//! the doors get the new list, then the record of it is made durable, then the operator is told.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use access::card::formats::H10301;
use access::schedule::{Calendar, Timetable, TimetableBuilder};
use access::{
    Allowlist, AllowlistBuilder, CardBits, CardEntry, DoorId, Generation, Holder, IssuanceId,
    KeySlot, ModeOrder, ModePlan, ModePlans, Right, ScheduleId, Standing, TagKey, UtcMicros,
    Validity,
};
use reader_bus::Uptime;

use super::policy::{Knowledge, OFFICE_HOURS};
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

/// What an operator changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// A card is blocked, lost or returned, or it is active again.
    Stands(usize, Standing),
    /// A card holds until then.
    Ends(usize, UtcMicros),
    /// How a door lets people in.
    Order(DoorId, Option<ModeOrder>),
    /// A door is locked down, or no more.
    LockDown(DoorId, bool),
}

impl Desk {
    /// Draws everybody by lot; `slot` gives each a key. The first is the employee who may open everything, always.
    pub(super) fn staffed(
        (people, doors): (u16, &[DoorId]),
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
                cards.push(entry((&bits, number == 1), holder, doors, tag_key, draw)?);
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

    /// Plants a bug: cards hold for longer than they should.
    pub(super) fn hold_cards_longer(&mut self, by: Duration) {
        self.too_long = by;
    }

    /// The list for the doors, as the register has it.
    pub(super) fn list(&self) -> Result<Arc<Allowlist>, Breach> {
        let knowledge = &self.known;
        let mut builder = AllowlistBuilder::with_capacity(knowledge.cards.len());
        for card in &knowledge.cards {
            builder.add(self.shown(card)?)?;
        }
        let plans = knowledge.orders.iter().map(|(door, order)| {
            let plan = ModePlan {
                order: Some(*order),
                by_schedule: Vec::new(),
            };
            (*door, plan)
        });
        let modes = Arc::new(ModePlans::new(plans.collect()));
        let list = builder.finish(knowledge.generation)?;
        let hours = Arc::clone(&self.timetable);
        Ok(Arc::new(list.with_hours(
            hours,
            modes,
            knowledge.generation,
        )))
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
        Ok(shown)
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

    /// The holder of somebody's card; nobody for a stranger.
    pub(super) fn holder(&self, person: usize) -> Option<Holder> {
        self.people.get(person)?.holder
    }

    /// An operator asks for a change; it is not in the register yet.
    pub(super) fn ask(&mut self, change: Change) {
        self.asked.push_back(change);
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

    /// Changes of which nobody was told and whose record is not with the log.
    pub(super) fn unrecorded(&mut self) -> impl Iterator<Item = &mut Option<u64>> {
        let untold = self.untold.iter_mut().map(|(_, ticket)| ticket);
        untold.filter(|ticket| ticket.is_none())
    }

    /// The record with this ticket is durable: whoever asked for the change is told. Says whether anybody waited.
    pub(super) fn acknowledge(&mut self, ticket: u64, up: Uptime) -> bool {
        let mut told = Vec::new();
        self.untold.retain(|(change, of)| {
            let is_told = *of == Some(ticket);
            told.extend(is_told.then_some(*change));
            !is_told
        });
        for change in &told {
            self.told(*change, up);
        }
        !told.is_empty()
    }

    /// An operator is told that this was done.
    pub(super) fn told(&mut self, change: Change, up: Uptime) {
        if let Change::Stands(person, Standing::Blocked | Standing::Lost | Standing::Returned) =
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
        locked_down: BTreeSet::new(),
    }
}

/// A card of the house: which doors, how long and in what standing is left to chance, but not for the employee who may open everything.
fn entry(
    (bits, is_employee): (&CardBits, bool),
    holder: Holder,
    doors: &[DoorId],
    tag_key: &TagKey,
    (beginning, dice): (UtcMicros, &mut Dice),
) -> Result<CardEntry, Breach> {
    let number = H10301.read(bits);
    let number = number.map_err(|_| Invariant::Setting.breach("a card of no format"))?;
    let long_ago = UtcMicros::from_micros(0);
    let minutes = |minutes: u64| beginning.saturating_add(Duration::from_secs(60 * minutes));
    let (from, until) = match dice.below(8) {
        _ if is_employee => (long_ago, None),
        0 => (long_ago, Some(beginning)),
        1..=2 => (long_ago, Some(minutes(1 + dice.below(90)))),
        3 => (minutes(1 + dice.below(90)), None),
        _ => (long_ago, None),
    };
    let valid = validity(from, until)?;
    let standing = match dice.below(24) {
        _ if is_employee => Standing::Active,
        0 => Standing::Blocked,
        1 => Standing::Lost,
        2 => Standing::Returned,
        3 => Standing::Pending,
        _ => Standing::Active,
    };
    let mut rights = Vec::new();
    for door in doors {
        let schedule = dice.one_in(4).then_some(ScheduleId::new(1));
        if is_employee {
            rights.push(Right::on(*door, valid));
        } else if !dice.one_in(5) {
            let right = Right::on(*door, valid);
            rights.push(Right { schedule, ..right });
        }
    }
    Ok(CardEntry {
        rights,
        ..CardEntry::new(tag_key.tag(&number), holder, standing, valid)
    })
}

fn validity(from: UtcMicros, until: Option<UtcMicros>) -> Result<Validity, Breach> {
    Validity::new(from, until).map_err(|_| Invariant::Setting.breach("a card that ends first"))
}

fn timetable() -> Result<Timetable, Breach> {
    let wrong = |_| Invariant::Setting.breach("the hours are no hours");
    let mut windows = Vec::new();
    for text in OFFICE_HOURS {
        windows.push(text.parse().map_err(wrong)?);
    }
    let mut timetable = TimetableBuilder::default();
    let added = timetable.add(ScheduleId::new(1), "Europe/Oslo", &windows);
    added.map_err(wrong)?;
    timetable.finish(Calendar::default()).map_err(wrong)
}
