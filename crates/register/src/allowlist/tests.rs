//! Tests: every change amounts to a list built anew.

use access::schedule::{SpecialDay, SpecialKind};
use access::{
    DoorMode, Generation, GroupId, IssuanceId, ModeBySchedule, ModeOrder, PinDigits, Place,
};
use proptest::prelude::*;

use super::*;
use crate::fixture::{House, at, text};
use crate::{Change, Kind, NewIssuance, NewPin, RegisterError};

fn ordered(list: &Allowlist) -> Vec<String> {
    let mut cards: Vec<String> = list
        .iter()
        .map(|(tag, card)| {
            let twin = list.twin(card.holder.issuance);
            let pin = list.pin(card.holder.issuance);
            let pin = pin.map(|pin| (pin.number, *pin.hash.as_bytes(), pin.duress.is_some()));
            format!("{:?} {card:?} {pin:?} {twin:?}", tag.as_bytes())
        })
        .collect();
    cards.sort();
    cards
}

/// Schedules, special days and the modes of doors.
fn hours(list: &Allowlist) -> String {
    format!("{:?} {:?}", list.timetable(), list.modes())
}

#[derive(Clone, Debug)]
enum Act {
    Issue { is_employee: bool },
    StandIn { of: usize, day: u8 },
    Step { of: usize, is_arrival: bool },
    Activate { of: usize, card: u64 },
    Block(usize),
    Unblock(usize),
    Return(usize),
    Finish(usize),
    Grant { of: usize, on: u16, hours: u16 },
    Revoke { of: usize, on: u16 },
    SetPin(usize),
    ClearPin(usize),
    SetSchedule { is_late: bool },
    RemoveSchedule,
    SetDay(u8),
    Order(bool),
    SetHours(u16),
    LockDown,
}

fn act() -> impl Strategy<Value = Act> {
    let of = 0_usize..4;
    prop_oneof![
        any::<bool>().prop_map(|is_employee| Act::Issue { is_employee }),
        (0_usize..2, 0_u8..3).prop_map(|(of, day)| Act::StandIn { of, day }),
        (of.clone(), any::<bool>()).prop_map(|(of, is_arrival)| Act::Step { of, is_arrival }),
        (of.clone(), 0_u64..3).prop_map(|(of, card)| Act::Activate { of, card }),
        of.clone().prop_map(Act::Block),
        of.clone().prop_map(Act::Unblock),
        of.clone().prop_map(Act::Return),
        of.clone().prop_map(Act::Finish),
        (of.clone(), 1_u16..6, 0_u16..2).prop_map(|(of, on, hours)| Act::Grant { of, on, hours }),
        (of.clone(), 1_u16..6).prop_map(|(of, on)| Act::Revoke { of, on }),
        of.clone().prop_map(Act::SetPin),
        of.prop_map(Act::ClearPin),
        any::<bool>().prop_map(|is_late| Act::SetSchedule { is_late }),
        Just(Act::RemoveSchedule),
        (1_u8..9).prop_map(Act::SetDay),
        any::<bool>().prop_map(Act::Order),
        (1_u16..4).prop_map(Act::SetHours),
        Just(Act::LockDown),
    ]
}

fn done(
    house: &mut House,
    issued: &mut Vec<IssuanceId>,
    act: &Act,
) -> Result<Change, RegisterError> {
    let by = house.operator;
    let nobody = IssuanceId::from_random(0);
    let id = |of: usize| issued.get(of).copied().unwrap_or(nobody);
    match act {
        Act::Issue { is_employee } => {
            let new = if *is_employee {
                house.employee("Kari")
            } else {
                house.supplier("Per")
            };
            let (id, change) = house.register.issue(&new, by, at(1))?;
            issued.push(id);
            Ok(change)
        }
        Act::StandIn { of, day } => {
            let (id, change) = stood_in(house, id(*of), *day)?;
            issued.push(id);
            Ok(change)
        }
        Act::Step { of, is_arrival } if *is_arrival => house.register.arrived(id(*of), by, at(2)),
        Act::Step { of, .. } => house.register.notify(id(*of), by, at(2)),
        Act::Activate { of, card } => {
            let shown = house.shown(*card);
            house.register.activate(id(*of), &shown, by, at(3))
        }
        Act::Block(of) => house.register.block(id(*of), &text("doubt"), by, at(4)),
        Act::Unblock(of) => house
            .register
            .unblock(id(*of), &text("no doubt"), by, at(5)),
        Act::Return(of) => house.register.return_card(id(*of), true, by, at(6)),
        Act::Finish(of) => {
            house.settle();
            house.register.finish_return(id(*of), at(7))
        }
        Act::Grant { of, on, hours } => {
            let further = [PlaceRight {
                place: place(*on),
                valid: None,
                schedule: (*hours > 0).then_some(access::ScheduleId::new(*hours)),
            }];
            let why = text("more to do");
            house.register.grant(id(*of), (&further, &why), by, at(8))
        }
        Act::Revoke { of, on } => {
            let asked = (place(*on), &text("less to do"));
            house.register.revoke(id(*of), asked, by, at(9))
        }
        Act::SetPin(of) => pin_set(house, id(*of)),
        Act::ClearPin(of) => house.register.clear_pin(id(*of), by, at(11)),
        Act::SetSchedule { .. }
        | Act::RemoveSchedule
        | Act::SetDay(_)
        | Act::Order(_)
        | Act::SetHours(_)
        | Act::LockDown => done_about_hours(house, act),
    }
}

/// A card for a day, instead of another.
fn stood_in(
    house: &mut House,
    other: IssuanceId,
    day: u8,
) -> Result<(IssuanceId, Change), RegisterError> {
    let begins = i64::from(day) * 1_000;
    let new = NewIssuance {
        kind: Kind::Forgotten {
            until: at(begins + 1_000),
        },
        instead_of: Some(other),
        ..house.supplier("Kari")
    };
    house.register.issue(&new, house.operator, at(begins))
}

fn pin_set(house: &mut House, id: IssuanceId) -> Result<Change, RegisterError> {
    let pin = NewPin {
        digits: PinDigits::chosen("159268").unwrap(),
        duress: None,
    };
    let set = house.register.set_pin(id, &pin, house.operator, at(10));
    set.map(|(_, change)| change)
}

/// The first three are doors, the others groups, of which there is one.
fn place(number: u16) -> Place {
    match number {
        1..=3 => Place::Door(access::DoorId::new(number)),
        _ => Place::Group(GroupId::new(number - 3)),
    }
}

fn done_about_hours(house: &mut House, act: &Act) -> Result<Change, RegisterError> {
    let (by, door) = (house.operator, house.doors[0]);
    match act {
        Act::SetSchedule { is_late } => {
            let windows = if *is_late {
                "daily 16:00-22:00"
            } else {
                "mon-fri 08:00-16:00"
            };
            let new = crate::NewSchedule {
                name: "office".to_owned(),
                zone: "Europe/Oslo".to_owned(),
                windows: vec![windows.to_owned()],
            };
            let set = house.register.set_schedule(&new, by, at(1));
            set.map(|(_, change)| change)
        }
        Act::RemoveSchedule => house.register.remove_schedule("office", by, at(1)),
        Act::SetDay(kind) => {
            let day = SpecialDay {
                when: "12-25".parse().unwrap(),
                kind: SpecialKind::new(*kind).unwrap(),
            };
            house.register.set_special_day(day, by, at(1))
        }
        Act::Order(true) => {
            let order = ModeOrder {
                mode: DoorMode::Unlocked,
                until: None,
            };
            house.register.order_mode(&[door], order, by, at(1))
        }
        Act::Order(false) => house.register.end_mode(&[door], by, at(1)),
        Act::SetHours(schedule) => {
            let hours = [ModeBySchedule {
                schedule: access::ScheduleId::new(*schedule),
                mode: DoorMode::Locked,
                after_first_card: false,
            }];
            house.register.set_door_hours(&[door], &hours, by, at(1))
        }
        Act::Issue { .. }
        | Act::StandIn { .. }
        | Act::Step { .. }
        | Act::Activate { .. }
        | Act::Block(_)
        | Act::Unblock(_)
        | Act::Return(_)
        | Act::Finish(_)
        | Act::Grant { .. }
        | Act::Revoke { .. }
        | Act::SetPin(_)
        | Act::ClearPin(_)
        | Act::LockDown => house.register.lock_down(&[door], by, at(1)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn differences_amount_to_a_rebuild(acts in proptest::collection::vec(act(), 1..60)) {
        let mut house = House::settled();
        house.group("yard");
        // One who may leave a card at home from the beginning: few acts in a row lead there.
        let mut issued = vec![house.active_employee("Siv", 9)];
        let mut list = house.register.allowlist().unwrap();
        for act in &acts {
            let Ok(change) = done(&mut house, &mut issued, act) else { continue };
            prop_assert_eq!(change.generation, house.register.generation().unwrap());
            list = list.with(&change.allowlist, change.generation).unwrap();
            if change.new_hours {
                let hours = house.register.hours().unwrap();
                list = list.with_hours(hours.timetable, hours.modes, change.generation);
            }
            let rebuilt = house.register.allowlist().unwrap();
            prop_assert_eq!(ordered(&list), ordered(&rebuilt), "{:?}", act);
            prop_assert_eq!(hours(&list), hours(&rebuilt), "{:?}", act);
            prop_assert_eq!(list.generation(), rebuilt.generation());
        }
    }
}

#[test]
fn a_new_register_has_an_empty_list() {
    let house = House::new();
    let list = house.register.allowlist().unwrap();
    assert_eq!((list.len(), list.generation()), (0, Generation::new(0)));
}

#[test]
fn the_list_is_read_in_tag_order_without_sorting() {
    let house = House::new();
    let mut plan = house
        .register
        .connection
        .prepare(&format!("EXPLAIN QUERY PLAN {}", in_tag_order()))
        .unwrap();
    let steps: Vec<String> = plan
        .query_map([], |row| row.get(3))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(
        steps[0].starts_with("SCAN c") && !steps.iter().any(|step| step.contains("TEMP")),
        "{steps:?}"
    );
}
