//! No sequence of what reception staff may ask widens what any card opens (M3): whatever they ask, in whatever order, while
//! managers go on with their work. Held against the very list by which the doors decide.

use std::collections::{BTreeMap, BTreeSet};

use access::{CardEntry, IssuanceId, Right, Standing};
use control::Reply;
use serde_json::{Value, json};

use super::caller::Caller;
use super::cards::{Office, Stand};
use super::golden::golden;
use super::random::{Dice, random};
use super::{MockUp, ROOT};
use crate::desk::Roster;

/// What doors and roles are decided by.
struct Granted {
    cards: BTreeMap<IssuanceId, CardEntry>,
    hours: String,
    operators: String,
}

impl Granted {
    fn of(house: &MockUp) -> Self {
        let list = house.controller.allowlist();
        let cards = list.entries().map(|card| (card.holder.issuance, card));
        let roster = house.controller.roster();
        let roles = |operator: &register::OperatorRow| {
            let now = house.controller.ledger.clock.now().utc;
            (
                operator.user.clone(),
                operator.roles_at(now),
                operator.trained_until,
            )
        };
        Self {
            cards: cards.collect(),
            hours: format!("{:?} {:?}", list.timetable(), list.modes()),
            operators: format!("{:?}", roster.iter().map(roles).collect::<Vec<_>>()),
        }
    }

    /// What of `later` is more than this, if anything; `suspended` says whose word it is that cards open nothing.
    fn less_than(&self, later: &Self, suspended: &Suspended) -> Option<String> {
        if self.hours != later.hours || self.operators != later.operators {
            return Some("other hours or roles".to_owned());
        }
        later.cards.iter().find_map(|(id, now)| {
            let Some(before) = self.cards.get(id) else {
                return Some(format!("{id} is new at the doors"));
            };
            let lives = now.standing == Standing::Active && before.standing != Standing::Active;
            let what = if lives && !suspended.only_by_staff(*id) {
                "lives again, and others had suspended it"
            } else if before.tag != now.tag {
                "is another plastic"
            } else if now.pin.is_some() && now.pin != before.pin {
                "has another PIN"
            } else if !now
                .rights
                .iter()
                .all(|right| is_covered(*right, now, before))
            {
                "opens more"
            } else {
                return None;
            };
            Some(format!("{id} {what}: {before:?} {now:?}"))
        })
    }
}

/// Whose word it is that cards open nothing: a card may be blocked by one and reported lost by another.
#[derive(Default)]
struct Suspended {
    by_staff: BTreeSet<IssuanceId>,
    /// By managers, and lifted by nobody.
    blocked: BTreeSet<IssuanceId>,
    /// By managers.
    lost: BTreeSet<IssuanceId>,
}

impl Suspended {
    fn only_by_staff(&self, id: IssuanceId) -> bool {
        let by_others = self.blocked.contains(&id) || self.lost.contains(&id);
        self.by_staff.contains(&id) && !by_others
    }

    /// Cards that came to be blocked or lost by what staff asked.
    fn note_staff(&mut self, before: &Granted, now: &Granted) {
        for (id, card) in &now.cards {
            let was = before.cards.get(id).map(|card| card.standing);
            let is_suspended = matches!(card.standing, Standing::Blocked | Standing::Lost);
            if is_suspended && was.is_some_and(|was| was != card.standing) {
                self.by_staff.insert(*id);
            }
        }
    }

    /// What lives again is nobody's.
    fn forget(&mut self, lives: impl Fn(&IssuanceId) -> bool) {
        for cards in [&mut self.by_staff, &mut self.blocked, &mut self.lost] {
            cards.retain(|id| !lives(id));
        }
    }
}

/// Whether anything is decided by something else than before, at the cost of a glance: a list that changes has another number,
/// and operators that change another roster.
#[derive(PartialEq)]
struct Stamp(access::Generation, Roster);

impl Stamp {
    fn of(house: &MockUp) -> Self {
        let generation = house.controller.allowlist().generation();
        Self(generation, house.controller.roster())
    }
}

/// Whether a card held this right before, at the same hours, and no shorter.
fn is_covered(right: Right, now: &CardEntry, before: &CardEntry) -> bool {
    let from = right.valid.from().max(now.valid.from());
    let until = soonest(right.valid.until(), now.valid.until());
    before.rights.iter().any(|had| {
        let began = had.valid.from().max(before.valid.from());
        let ended = soonest(had.valid.until(), before.valid.until());
        let at_all_these_hours = had.schedule.is_none() || had.schedule == right.schedule;
        let lasts = match (ended, until) {
            (None, _) => true,
            (Some(ended), Some(until)) => until <= ended,
            (Some(_), None) => false,
        };
        had.place == right.place && at_all_these_hours && from >= began && lasts
    })
}

fn soonest<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, None) => one,
        (None, other) => other,
    }
}

/// A house, its cards, and staff who ask whatever comes into their heads.
struct Shift<'a> {
    house: &'a MockUp,
    office: Office<'a>,
    staff: Caller,
    cards: Vec<IssuanceId>,
    golden: Vec<Value>,
    dice: Dice,
    granted: Granted,
    stamp: Stamp,
    suspended: Suspended,
    done: usize,
    kept: usize,
}

impl<'a> Shift<'a> {
    fn begin(house: &'a MockUp, seed: u64) -> Self {
        let mut office = Office::open(house);
        let mut cards = Vec::new();
        for stand in Stand::ALL
            .into_iter()
            .filter(|stand| *stand != Stand::Unknown)
        {
            cards.push(office.card(stand));
            cards.push(office.card(stand));
        }
        for _ in 0..3 {
            let (stock, card) = (office.stock(), office.card(Stand::Notified));
            office.done(&json!({"verb":"card-activate","issuance":card,"card":{"stock":stock},"return_duty_told":true}));
            cards.push(card);
        }
        let granted = Granted::of(house);
        let mut suspended = Suspended::default();
        for (id, card) in &granted.cards {
            match card.standing {
                Standing::Blocked => suspended.blocked.insert(*id),
                Standing::Lost => suspended.lost.insert(*id),
                Standing::Active | Standing::Pending | Standing::Returned => false,
            };
        }
        Self {
            house,
            office,
            staff: house.call(STAFF),
            cards,
            golden: golden(),
            dice: Dice::new(seed),
            granted,
            stamp: Stamp::of(house),
            suspended,
            done: 0,
            kept: 0,
        }
    }

    /// One command of staff.
    fn ask(&mut self) {
        let wish = self.dice.pick(&self.golden);
        let request = random(&mut self.dice, &self.office, &self.cards, wish);
        let envelope = if self.dice.below(12) == 0 {
            json!({"doubt":"is it hers?"})
        } else {
            json!({})
        };
        // Of what goes on in silence there is no last reply.
        if request["verb"] == "log-follow" {
            return;
        }
        let reply = self.staff.ask_within(&request, envelope);
        if matches!(reply, Reply::Waiting { .. } | Reply::Ready {}) {
            self.staff = self.house.call(STAFF);
        }
        self.kept += usize::from(matches!(reply, Reply::Pending(_)));
        self.done += usize::from(!matches!(reply, Reply::Refused(_)));
        let stamp = Stamp::of(self.house);
        if stamp == self.stamp {
            return;
        }
        self.stamp = stamp;
        let now = Granted::of(self.house);
        let more = self.granted.less_than(&now, &self.suspended);
        assert_eq!(more, None, "{request}");
        self.suspended.note_staff(&self.granted, &now);
        self.granted = now;
    }

    /// Something that a manager does meanwhile: issues, suspends, approves, widens.
    fn manage(&mut self) {
        let card = self.dice.pick(&self.cards);
        let act = self.dice.below(8);
        let approves = act == 4;
        match act {
            0 | 1 => {
                let stand = self.dice.pick(&[
                    Stand::Active,
                    Stand::Employee,
                    Stand::Blocked,
                    Stand::NewHire,
                ]);
                let new = self.office.card(stand);
                let at = self.dice.below(self.cards.len());
                self.cards[at] = new;
                if stand == Stand::Blocked {
                    self.suspended.blocked.insert(new);
                }
            }
            2 => {
                if self.try_as_manager(&json!({"verb":"card-block","issuance":card,"reason":"r"})) {
                    self.suspended.blocked.insert(card);
                }
            }
            3 => {
                if self.try_as_manager(&json!({"verb":"card-lost","issuance":card})) {
                    self.suspended.lost.insert(card);
                }
            }
            4 => self.approve_something(),
            5 => {
                if self.try_as_manager(&json!({"verb":"card-unblock","issuance":card,"reason":"r"}))
                {
                    self.suspended.blocked.remove(&card);
                    // Managers block no plastic here: what still holds it is a block of staff's that lay beneath theirs.
                    self.suspended.by_staff.insert(card);
                }
            }
            6 => {
                self.try_as_manager(&json!({"verb":"right","act":"grant","issuance":card,"rights":[{"place":"yard"}],"reason":"r"}));
            }
            _ => {
                self.try_as_manager(&json!({"verb":"house","act":"release","doors":{}}));
            }
        }
        self.stamp = Stamp::of(self.house);
        let now = Granted::of(self.house);
        if approves {
            // What waits for approval here was asked by staff, and is done in their name.
            self.suspended.note_staff(&self.granted, &now);
        }
        self.granted = now;
        self.suspended.forget(|id| {
            let card = self.granted.cards.get(id);
            card.is_some_and(|card| card.standing == Standing::Active)
        });
    }

    fn try_as_manager(&mut self, request: &Value) -> bool {
        let reply = self.house.call(ROOT).ask(request);
        !matches!(reply, Reply::Refused(_))
    }

    fn approve_something(&mut self) {
        let waiting = self.office.rows(&json!({"verb":"approval","act":"list"}));
        for row in waiting {
            let row = serde_json::to_value(row).unwrap();
            let waits = &row["approval"]["approval"];
            let act = self.dice.pick(&["approve", "refuse"]);
            let mut request = json!({"verb":"approval","act":act,"approval":waits});
            if act == "refuse" {
                request["reason"] = json!("no");
            }
            self.try_as_manager(&request);
        }
    }
}

/// How many commands: `PORTVAKT_COMMANDS`, or enough for a test of each day.
fn commands() -> usize {
    let wanted = std::env::var("PORTVAKT_COMMANDS").ok();
    wanted.map_or(1_500, |wanted| wanted.parse().unwrap())
}

/// The house to begin with: `PORTVAKT_SEED`, or the first.
fn first_seed() -> u64 {
    let wanted = std::env::var("PORTVAKT_SEED").ok();
    wanted.map_or(1, |wanted| wanted.parse().unwrap())
}

#[test]
fn m03_no_sequence_of_reception_staff_and_managers_beside_them_widens_a_card_at_the_doors() {
    let (mut left, mut seed) = (commands(), first_seed());
    let (mut done, mut kept) = (0, 0);
    while left > 0 {
        let house = MockUp::new();
        let mut shift = Shift::begin(&house, seed);
        for command in 0..left.min(IN_ONE_HOUSE) {
            shift.ask();
            if command % 40 == 39 {
                shift.manage();
            }
        }
        left -= left.min(IN_ONE_HOUSE);
        seed += 1;
        (done, kept) = (done + shift.done, kept + shift.kept);
        if commands() > IN_ONE_HOUSE {
            eprintln!("house {seed}: {left} left, {done} done, {kept} kept");
        }
    }
    assert!(
        done > commands() / 40,
        "only {done} of {} did anything",
        commands()
    );
    assert!(kept > 0, "nothing was ever kept for approval");
}

/// Who changes existing cards only.
const STAFF: u32 = 5;

/// After so many commands a new house: most cards of the old one have ended.
const IN_ONE_HOUSE: usize = 4_000;
