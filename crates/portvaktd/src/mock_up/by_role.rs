//! By role: every request spoilt by everybody, also those that name no card, and those that name a card of the house in every state it can
//! be in. Each is refused in one clear line and changes nothing; whom it is not for gets nothing by spelling it wrong.

use std::thread::scope;

use serde_json::Value;

use super::aim::aimed;
use super::bad_fields::Clumsy;
use super::caller::refused;
use super::cards::Office;
use super::golden::{golden, named};
use super::sight::Sight;
use super::spoil::{every_way, one_of_each_field};
use super::stock_states::{STOCK_WISHES, StockStand, stocked};
use super::{MockUp, PEOPLE, ROOT};

/// What came of it.
#[derive(Default)]
struct Came {
    asked: usize,
    faults: Vec<String>,
    /// Fields so far: each time another way is taken.
    turn: usize,
}

impl Came {
    /// One request, every field of it spoilt in one way by everybody.
    fn add(&mut self, house: &MockUp, told: &str, request: &Value) {
        let parsed: control::Request = serde_json::from_str(&request.to_string()).unwrap();
        let changes = parsed.changes();
        let ways = every_way(request);
        let before = Sight::of(house);
        for (uid, roles) in PEOPLE {
            let mut clumsy = Clumsy::of(house, uid);
            let reply = clumsy.ask(request.to_string().as_bytes(), changes);
            let is_barred = refused(reply).is_some_and(|why| why.message.contains(" for the role"));
            let told = format!("{told} as {roles:?}");
            for spoilt in one_of_each_field(&ways, &mut self.turn, 1) {
                let refusal = clumsy.try_one(&told, changes, spoilt);
                // Without the field that was not theirs to ask for, they may.
                if is_barred && refusal.is_none() && !spoilt.told.ends_with(" missing") {
                    let fault = format!("{told} {}: taken", spoilt.told);
                    clumsy.faults.push(fault);
                }
            }
            self.asked += clumsy.asked;
            self.faults.append(&mut clumsy.faults);
        }
        before.must_hold(house, &mut house.call(ROOT), told);
    }
}

/// Tries a list in two houses at once.
fn in_two_houses<T: Sync>(all: &[T], tried: fn(&MockUp, &[T]) -> Came, at_least: usize) {
    let (one, other) = all.split_at(all.len() / 2);
    let [one, other] = scope(|scope| {
        let halves = [one, other].map(|half| scope.spawn(|| tried(&MockUp::new(), half)));
        halves.map(|half| half.join().unwrap())
    });
    let asked = one.asked + other.asked;
    let faults = [one.faults, other.faults].concat();
    let first: Vec<&String> = faults.iter().take(SHOWN).collect();
    assert!(faults.is_empty(), "{} of {asked}: {first:#?}", faults.len());
    assert!(asked > at_least, "only {asked}");
}

#[test]
fn a_spoilt_request_by_any_role_is_refused_and_changes_nothing() {
    let tried = |house: &MockUp, requests: &[Value]| {
        let mut office = Office::open(house);
        let mut came = Came::default();
        for request in requests {
            let right = aimed(&mut office, request);
            came.add(house, &named(request), &right);
        }
        came
    };
    in_two_houses(&golden(), tried, 10_000);
}

#[test]
fn a_spoilt_request_about_a_card_of_the_house_in_any_state_by_any_role_is_refused_and_changes_nothing()
 {
    let tried = |house: &MockUp, stands: &[StockStand]| {
        let mut office = Office::open(house);
        let mut came = Came::default();
        for stand in stands {
            let stock = stocked(&mut office, *stand);
            for (name, wish) in STOCK_WISHES {
                let request = wish(&mut office, &stock);
                came.add(house, &format!("{name}, {}", stand.name()), &request);
            }
        }
        came
    };
    in_two_houses(&StockStand::ALL, tried, 3_000);
}

/// Faults that are shown.
const SHOWN: usize = 40;
