//! Crossed: every request that names a card × every role × every state of the card × every field that is spoilt. Each is refused in one
//! clear line, in rehearsal as for real, and changes nothing; and whom the request is not for hears the same of every card.

use std::collections::BTreeMap;
use std::thread::{scope, sleep};
use std::time::Duration;

use control::Refusal;
use serde_json::Value;

use super::bad_fields::{Clumsy, is_alike};
use super::caller::refused;
use super::card_wishes::{CardWish, WISHES};
use super::cards::{Office, SHORT_S, Stand};
use super::sight::Sight;
use super::spoil::{Spoilt, every_way, one_of_each_field};
use super::{MockUp, PEOPLE};

/// Everybody in one house, who ask one wish after another of the same cards: nothing that they ask here is done.
struct Crowd<'a> {
    house: &'a MockUp,
    office: Office<'a>,
    cards: Vec<(Stand, access::IssuanceId)>,
    thorough: Thorough,
    turn: usize,
}

/// How much is asked of each card as each user.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Thorough {
    /// Every fifth field, in one way.
    Some,
    /// Every field, in one way, another each time.
    Fields,
    /// Every field in every way.
    Ways,
}

/// What came of it.
#[derive(Default)]
struct Came {
    asked: usize,
    faults: Vec<String>,
}

impl<'a> Crowd<'a> {
    fn gather(house: &'a MockUp, thorough: Thorough) -> Self {
        let mut office = Office::open(house);
        let cards = Stand::ALL.map(|stand| (stand, office.card(stand)));
        sleep(Duration::from_secs(SHORT_S));
        Self {
            house,
            office,
            cards: cards.into(),
            thorough,
            turn: 0,
        }
    }

    /// Asks one wish of every card, as every user, in every way that is wrong.
    fn wish(&mut self, wish: &CardWish, came: &mut Came) {
        self.office.come_back();
        let mut requests = Vec::new();
        for (stand, card) in self.cards.clone() {
            let request = (wish.about)(&mut self.office, card);
            let ways = every_way(&request);
            requests.push((stand, request, ways));
        }
        let before = Sight::of(self.house);
        for (uid, roles) in PEOPLE {
            let mut clumsy = Clumsy::of(self.house, uid);
            let is_barred = is_barred(&mut clumsy, &requests);
            let mut heard = BTreeMap::new();
            for (stand, request, ways) in &requests {
                let told = format!("{} of a card {} as {roles:?}", wish.name, stand.name());
                let parsed: control::Request = serde_json::from_str(&request.to_string()).unwrap();
                for spoilt in self.chosen(ways) {
                    let refusal = clumsy.try_one(&told, parsed.changes(), spoilt);
                    if is_barred {
                        hear(&mut heard, &mut clumsy, spoilt, (&told, refusal));
                    }
                }
            }
            before.must_hold(self.house, &mut self.house.call(super::ROOT), wish.name);
            came.asked += clumsy.asked;
            came.faults.append(&mut clumsy.faults);
        }
    }

    fn chosen<'w>(&mut self, ways: &'w [Spoilt]) -> Vec<&'w Spoilt> {
        if self.thorough == Thorough::Ways {
            return ways.iter().collect();
        }
        let every = if self.thorough == Thorough::Fields {
            1
        } else {
            SAMPLED
        };
        one_of_each_field(ways, &mut self.turn, every)
    }
}

/// Whether a request is not for the roles of this user, of whichever card it is asked. They hear that in the same words of every card.
fn is_barred(clumsy: &mut Clumsy<'_>, requests: &[(Stand, Value, Vec<Spoilt>)]) -> bool {
    let mut said = Vec::new();
    for (_, request, _) in requests {
        // Rehearsed: what is for them is not to be done here.
        let reply = clumsy.ask(request.to_string().as_bytes(), true);
        said.push(refused(reply).filter(|why| why.message.contains(" for the role")));
    }
    let is_barred = said.iter().all(Option::is_some);
    if is_barred && said.iter().any(|why| *why != said[0]) {
        let (_, request, _) = &requests[0];
        clumsy.faults.push(format!("{request}: said {said:?}"));
    }
    is_barred
}

/// A refusal says as much of one card as of another.
fn hear(
    heard: &mut BTreeMap<(String, bool), Refusal>,
    clumsy: &mut Clumsy<'_>,
    spoilt: &Spoilt,
    (told, refusal): (&str, Option<Refusal>),
) {
    let Some(refusal) = refusal else {
        let fault = format!("{told} {}: taken", spoilt.told);
        return clumsy.faults.push(fault);
    };
    let first = heard
        .entry((spoilt.told.clone(), spoilt.must_be_refused))
        .or_insert_with(|| refusal.clone());
    // Without the field that was not theirs to ask for, they may.
    let is_about_role = [&*first, &refusal]
        .iter()
        .any(|said| said.message.contains(" for the role"));
    if is_about_role && !is_alike(first, &refusal) {
        let fault = format!("{told} {}: {refusal}, of another {first}", spoilt.told);
        clumsy.faults.push(fault);
    }
}

fn crossed(wishes: &[CardWish], thorough: Thorough) -> Came {
    let house = MockUp::new();
    let mut crowd = Crowd::gather(&house, thorough);
    let mut came = Came::default();
    for wish in wishes {
        crowd.wish(wish, &mut came);
    }
    came
}

/// A fifth in every test run; `PORTVAKT_CROSSED=fields` asks every field as everybody of every card, `=ways` in every way, which takes
/// an hour.
#[test]
fn a_spoilt_request_about_any_card_by_any_role_is_refused_and_changes_nothing() {
    let thorough = match std::env::var("PORTVAKT_CROSSED").as_deref() {
        Ok("ways") => Thorough::Ways,
        Ok("fields") => Thorough::Fields,
        _ => Thorough::Some,
    };
    let (one, other) = WISHES.split_at(WISHES.len() / 2);
    let came = scope(|scope| {
        let halves = [one, other].map(|half| scope.spawn(move || crossed(half, thorough)));
        halves.map(|half| half.join().unwrap())
    });
    let [one, other] = came;
    let faults = [one.faults, other.faults].concat();
    let first: Vec<&String> = faults.iter().take(SHOWN).collect();
    let asked = one.asked + other.asked;
    assert!(faults.is_empty(), "{} of {asked}: {first:#?}", faults.len());
    println!("asked: {asked}");
    assert!(asked > 10_000, "only {asked}");
}

/// Of so many fields one is spoilt in every test run.
const SAMPLED: usize = 5;

/// Faults that are shown.
const SHOWN: usize = 40;
