//! House: a list of many cards and a house of a thousand doors that ask for little or for everything there is to ask.

use std::sync::Arc;
use std::time::Duration;

use access::schedule::{Calendar, SpecialDay, SpecialKind, Timetable, TimetableBuilder, When};
use access::{
    Allowlist, AllowlistBuilder, AreaId, AreaRules, CardEntry, CardNumber, CardTag, Decision,
    DoorId, DoorMode, DoorRules, Generation, Holder, HousePlan, HouseState, IssuanceId, KeySlot,
    Level, ModeBySchedule, ModePlan, ModePlans, Passback, Persons, PinEntry, ReaderId, ReaderRules,
    Request, Right, ScheduleId, Standing, TagKey, Trust, UtcMicros, Validity, decide,
};

/// Whether cards share their ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// There are ten ends.
    Shared,
    /// Every card ends with an instant of its own.
    Own,
}

/// What the doors of a house ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A card and a right on the door, at any hour.
    Little,
    /// Hours, a mode by the hour, an area, an interlock, a PIN, a host and a second person.
    Everything,
}

/// A list and a house.
pub(crate) struct House {
    key: TagKey,
    list: Allowlist,
    state: HouseState,
    asked: Asked,
}

impl House {
    pub(crate) fn new(cards: u32, ends: Ends, asked: Asked) -> Self {
        let key = TagKey::new([7; 32]);
        let entries =
            (0..cards).map(|card| entry(card, key.tag(&card_number(card)), (ends, asked)));
        let list = build(entries.collect());
        let hours = (Arc::new(timetable()), Arc::new(modes(asked)));
        let list = list.with_hours(hours.0, hours.1, Generation::new(2));
        Self {
            key,
            list,
            state: state(cards, asked),
            asked,
        }
    }

    pub(crate) const fn list(&self) -> &Allowlist {
        &self.list
    }

    /// Decides on a card at a door that it has a right on.
    pub(crate) fn decide(&self, (card, number): &(u32, CardNumber)) -> bool {
        let door = first_door(*card) + u16::try_from(card % 8).unwrap_or(0);
        let request = Request {
            pin: match self.asked {
                Asked::Little => PinEntry::None,
                Asked::Everything => PinEntry::Right,
            },
            ..Request::card(self.key.tag(number), DoorId::new(door), ReaderId::new(door))
        };
        let now = UtcMicros::from_micros(NOW);
        matches!(
            decide(&self.list, &self.state, &request, now),
            Decision::Allow(_)
        )
    }
}

/// The list of these cards.
pub(crate) fn build(entries: Vec<CardEntry>) -> Allowlist {
    let mut builder = AllowlistBuilder::with_capacity(entries.len());
    for entry in entries {
        assert!(builder.add(entry).is_ok(), "a million cards fit");
    }
    builder
        .finish(Generation::new(1))
        .unwrap_or_else(|_| Allowlist::empty(Generation::new(1)))
}

/// A card with one of a hundred and twenty-five sets of eight doors; every tenth is a visitor's.
pub(crate) fn entry(card: u32, tag: CardTag, (ends, asked): (Ends, Asked)) -> CardEntry {
    let always = validity(NOW - DAY, None);
    let schedule = match asked {
        Asked::Little => None,
        Asked::Everything => Some(ScheduleId::new(first_door(card))),
    };
    let rights = (0..8)
        .map(|door| Right {
            schedule,
            ..Right::on(DoorId::new(first_door(card) + door), always)
        })
        .collect();
    let holder = Holder {
        issuance: issuance(card),
        slot: KeySlot::new(card),
    };
    let valid = match ends {
        Ends::Shared => validity(NOW - DAY, Some(NOW + DAY + i64::from(card / 100_000))),
        Ends::Own => validity(NOW - DAY, Some(NOW + DAY + i64::from(card))),
    };
    CardEntry {
        rights,
        visitor: card.is_multiple_of(10),
        ..CardEntry::new(tag, holder, Standing::Active, valid)
    }
}

/// The number on a card.
pub(crate) fn card_number(card: u32) -> CardNumber {
    CardNumber::Formatted {
        format: access::card::formats::H10301.name(),
        facility: card >> 16,
        number: u64::from(card & 0xFFFF),
    }
}

fn first_door(card: u32) -> u16 {
    u16::try_from(card % 125).unwrap_or(0) * 8
}

/// Issuances are numbered by chance.
const fn issuance(card: u32) -> IssuanceId {
    IssuanceId::from_random(card.wrapping_mul(0x9E37_79B1))
}

fn validity(from: i64, until: Option<i64>) -> Validity {
    let from = UtcMicros::from_micros(from);
    Validity::new(from, until.map(UtcMicros::from_micros))
        .unwrap_or_else(|_| unreachable!("the end is after now"))
}

fn state(cards: u32, asked: Asked) -> HouseState {
    let mut plan = HousePlan::default();
    for number in 0..DOORS {
        let (door, reader) = (DoorId::new(number), ReaderId::new(number));
        let mut rules = DoorRules::of_mode(DoorMode::Card);
        if asked == Asked::Everything {
            plan.set_reader(reader, inwards());
            rules = strict(number);
        }
        plan.set_door(door, rules);
    }
    let area = AreaRules {
        passback: Passback::Hard,
        timed: Some(MINUTE),
    };
    plan.set_area(HALL, area);
    plan.set_reader(
        WAY_OUT,
        ReaderRules {
            into: None,
            ..inwards()
        },
    );
    let mut state = HouseState::of_plan(plan);
    if asked == Asked::Everything {
        let now = UtcMicros::from_micros(NOW - 1);
        for number in 0..DOORS {
            let (door, reader) = (DoorId::new(number), ReaderId::new(number));
            state.note_host(door, reader, now);
            state.note_waiting(door, (IssuanceId::from_random(1), reader), now);
            state.set_busy(door, false);
        }
        let ago = UtcMicros::from_micros(NOW - DAY / 4);
        for card in (0..cards).step_by(10) {
            state.note_entry(issuance(card), WAY_OUT, ago);
            if card % 1_000 == 0 {
                state.note_wrong_pin(issuance(card), ago);
            }
        }
    }
    state
}

fn inwards() -> ReaderRules {
    ReaderRules {
        trust: Trust::High,
        into: Some(HALL),
        out_of: None,
        exit: false,
    }
}

fn strict(door: u16) -> DoorRules {
    DoorRules {
        level: Level::Exclusion,
        persons: Some(Persons {
            count: 2,
            within: MINUTE,
        }),
        escort_within: Some(MINUTE),
        again_after: Some(MINUTE),
        interlock: vec![DoorId::new(door ^ 1), DoorId::new(door ^ 2)],
        ..DoorRules::of_mode(DoorMode::Locked)
    }
}

/// A thousand schedules in three zones, and a hundred special days.
fn timetable() -> Timetable {
    let mut timetable = TimetableBuilder::default();
    let zones = ["Europe/Oslo", "Europe/Stockholm", "Europe/Copenhagen"];
    let windows = ["mon-fri 06:00-18:00", "sat,sun 08:00-12:00"].map(str::parse);
    let windows: Vec<_> = windows.into_iter().flatten().collect();
    for (schedule, zone) in (0..DOORS)
        .map(ScheduleId::new)
        .zip(zones.into_iter().cycle())
    {
        assert!(timetable.add(schedule, zone, &windows).is_ok());
    }
    let special = |place: i8| SpecialDay {
        when: When::Yearly {
            month: 1 + place / 10,
            day: 1 + place % 10,
        },
        kind: SpecialKind::HOLIDAY,
    };
    let special: Vec<SpecialDay> = (0..100).map(special).collect();
    let calendar = Calendar::new(&special).unwrap_or_default();
    timetable.finish(calendar).unwrap_or_default()
}

/// Every door asks for card and PIN in its hours, and is locked else.
fn modes(asked: Asked) -> ModePlans {
    let plan = |number| ModePlan {
        order: None,
        by_schedule: vec![ModeBySchedule {
            schedule: ScheduleId::new(number),
            mode: DoorMode::CardAndPin,
            after_first_card: false,
        }],
    };
    let doors = (0..DOORS).filter(|_| asked == Asked::Everything);
    ModePlans::new(doors.map(|door| (DoorId::new(door), plan(door))).collect())
}

const DOORS: u16 = 1_000;
const HALL: AreaId = AreaId::new(1);
const WAY_OUT: ReaderId = ReaderId::new(DOORS);
const MINUTE: Duration = Duration::from_secs(60);
const DAY: i64 = 86_400_000_000;
/// A Sunday morning in Oslo.
const NOW: i64 = 1_795_335_243_123_456;
